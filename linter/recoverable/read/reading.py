"""What a reader hands over: things for the estate, and all that kept it from knowing more."""

from __future__ import annotations

from recoverable.typed import Any, NamedTuple
from recoverable.value import Later

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.estate import Key, Replica, Table
    from recoverable.estate.backup import (
        AuditFramework,
        CopyAction,
        GlobalSettings,
        Plan,
        PlanRule,
        RegionSettings,
        RestoreTestPlan,
        RestoreTestSelection,
        Selection,
        Vault,
    )
    from recoverable.estate.changes import (
        BackupPlanChange,
        KeyChange,
        ReplicaChange,
        SelectionChange,
        TableChange,
        VaultChange,
    )
    from recoverable.estate.documents import PolicyDocument
    from recoverable.estate.evidence import ProtectedResource
    from recoverable.estate.guardrails import Guardrail
    from recoverable.estate.principals import Principal, ScheduledCode
    from recoverable.estate.resources import Resource
    from recoverable.read.nodes import Comment, Node
    from recoverable.rule import Fault
    from recoverable.value import Entry


class Remark(NamedTuple):
    """What the author of a template says to us about one resource: the content of its `Metadata.recoverable`."""

    path: str
    address: str
    node: Node


class Reading(NamedTuple):
    """One reader's harvest. `faults` make the answer incomplete (exit code 2); `notes` are only worth knowing.

    `taken` is when AWS was asked (ISO 8601, UTC) and `scope` which account or organization, both empty for files.
    `backups_open` says why there may be more of AWS Backup's things than these; empty when these are all.
    `principals_open` says the same of those who may act and of what hangs on them.
    `documents` are the policies that are resources or files of their own. `principals`, `scheduled`, `documents` and
    `guardrails` may be worked out only when somebody looks at them. `before` is what there was before the plans of
    Terraform that were read; empty if there are none.
    """

    tables: tuple[Entry[Table], ...] = ()
    replicas: tuple[Entry[Replica], ...] = ()
    keys: tuple[Entry[Key], ...] = ()
    principals: Sequence[Entry[Principal]] = ()
    scheduled: Sequence[Entry[ScheduledCode]] = ()
    documents: Sequence[Entry[PolicyDocument]] = ()
    guardrails: Sequence[Entry[Guardrail]] = ()
    resources: tuple[Entry[Resource], ...] = ()
    plans: tuple[Entry[Plan], ...] = ()
    plan_rules: tuple[Entry[PlanRule], ...] = ()
    copy_actions: tuple[Entry[CopyAction], ...] = ()
    selections: tuple[Entry[Selection], ...] = ()
    vaults: tuple[Entry[Vault], ...] = ()
    restore_test_plans: tuple[Entry[RestoreTestPlan], ...] = ()
    restore_test_selections: tuple[Entry[RestoreTestSelection], ...] = ()
    region_settings: tuple[Entry[RegionSettings], ...] = ()
    global_settings: tuple[Entry[GlobalSettings], ...] = ()
    frameworks: tuple[Entry[AuditFramework], ...] = ()
    evidence: tuple[Entry[ProtectedResource], ...] = ()
    table_changes: tuple[Entry[TableChange], ...] = ()
    replica_changes: tuple[Entry[ReplicaChange], ...] = ()
    vault_changes: tuple[Entry[VaultChange], ...] = ()
    plan_changes: tuple[Entry[BackupPlanChange], ...] = ()
    selection_changes: tuple[Entry[SelectionChange], ...] = ()
    key_changes: tuple[Entry[KeyChange], ...] = ()
    before: tuple[Reading, ...] = ()
    remarks: tuple[Remark, ...] = ()
    comments: tuple[Comment, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    examined: tuple[str, ...] = ()
    backups_open: str = ""
    taken: str = ""
    scope: str = ""
    principals_open: str = ""

    def with_(self, other: Reading) -> Reading:
        """Both readers' harvests as one. What is read later stays so."""
        return Reading._make(_both(mine, theirs) for mine, theirs in zip(self, other, strict=True))


def _both(mine: Any, theirs: Any) -> Any:  # noqa: ANN401 (any field of a reading)
    if isinstance(mine, str):
        return mine or theirs
    if isinstance(theirs, tuple) and not theirs:
        return mine
    if isinstance(mine, tuple) and not mine:
        return theirs
    if isinstance(mine, Later) or isinstance(theirs, Later):
        return Later(lambda: (*mine, *theirs))
    return (*mine, *theirs)
