"""The estate: all that was read, as listings of things."""

from __future__ import annotations

from recoverable.estate.subject import Subject
from recoverable.typed import NamedTuple, TypeVar, cast
from recoverable.value import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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
    from recoverable.estate.documents import PolicyDocument, PolicyStatement
    from recoverable.estate.evidence import ProtectedResource
    from recoverable.estate.guardrails import Guardrail
    from recoverable.estate.keys import Key
    from recoverable.estate.principals import Principal, ScheduledCode
    from recoverable.estate.resources import Resource
    from recoverable.estate.tables import Replica, Table
    from recoverable.scenario import Run
    from recoverable.source import Origin, Span

T = TypeVar("T")


class Outside(NamedTuple):
    """Backups that something makes which is not in the files, such as a backup policy of the organization.

    `by` is what makes them. Of the criteria all that are given must fit a table; of `names`, `addresses`, `paths` and
    `regions` one is enough, of `tags` (key, glob of the value) each must.
    """

    by: str
    tags: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    origin: Origin | None = None


class Entrusted(NamedTuple):
    """Principals that are meant to have some powers (`principals:`): globs of what they are called, the rules about
    those powers, and why."""

    principals: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str
    origin: Span


class Declared(NamedTuple):
    """What the configuration says about the world outside the files. `accounts` are the AWS accounts that are ours.

    `external` is who else makes backups (`external_coverage:`), `entrusted` who is meant to have which powers
    (`principals:`), `class_rules` what tables are for (`tables:`; see `recovery.classes.ClassRule`).
    """

    accounts: tuple[str, ...] = ()
    external: tuple[Outside, ...] = ()
    entrusted: tuple[Entrusted, ...] = ()
    class_rules: tuple[object, ...] = ()


class Memo:
    """What has been worked out from the estate once and is asked for again and again, such as indexes."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[str, tuple[tuple[object, ...], object]] = {}

    def of(self, name: str, source: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made once for as long as `source` is the very same objects."""
        known = self._made.get(name)
        if known is not None and all(one is other for one, other in zip(known[0], source, strict=True)):
            return cast("T", known[1])
        made = make()
        self._made[name] = (source, made)
        return made


class Estate(NamedTuple):
    """All that was read. Rules look around in it; listings know whether they are complete.

    Where plans of Terraform were read, it is what there will be after them, and `before` what there was before.
    """

    tables: Listing[Table] = Listing(())
    replicas: Listing[Replica] = Listing(())
    keys: Listing[Key] = Listing(())
    principals: Listing[Principal] = Listing(())
    scheduled: Listing[ScheduledCode] = Listing(())
    documents: Listing[PolicyDocument] = Listing(())
    statements: Listing[PolicyStatement] = Listing(())
    guardrails: Listing[Guardrail] = Listing(())
    resources: Listing[Resource] = Listing(())
    plans: Listing[Plan] = Listing(())
    plan_rules: Listing[PlanRule] = Listing(())
    copy_actions: Listing[CopyAction] = Listing(())
    selections: Listing[Selection] = Listing(())
    vaults: Listing[Vault] = Listing(())
    restore_test_plans: Listing[RestoreTestPlan] = Listing(())
    restore_test_selections: Listing[RestoreTestSelection] = Listing(())
    region_settings: Listing[RegionSettings] = Listing(())
    global_settings: Listing[GlobalSettings] = Listing(())
    frameworks: Listing[AuditFramework] = Listing(())
    evidence: Listing[ProtectedResource] = Listing(())
    table_changes: Listing[TableChange] = Listing(())
    replica_changes: Listing[ReplicaChange] = Listing(())
    vault_changes: Listing[VaultChange] = Listing(())
    plan_changes: Listing[BackupPlanChange] = Listing(())
    selection_changes: Listing[SelectionChange] = Listing(())
    key_changes: Listing[KeyChange] = Listing(())
    declared: Declared = Declared()
    memo: Memo | None = None
    before: Estate | None = None

    def in_run(self, run: Run) -> Estate:
        """The same estate, whose listings settle open choices in `run`."""
        return Estate._make(
            Listing(part.entries, part.incomplete, run) if isinstance(part, Listing) else part for part in self
        )


__all__ = ["Declared", "Estate", "Memo", "Outside", "Subject"]
