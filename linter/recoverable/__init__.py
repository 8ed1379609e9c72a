"""Could we get this DynamoDB table back? The names that a rule author needs."""

from recoverable.estate import Acceptance, Estate, Key, Replica, Table
from recoverable.recovery.classes import TableClass
from recoverable.recovery.objectives import Objectives
from recoverable.rule import Rule, Severity, rule
from recoverable.text import Text
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.value import Known, Listing, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    from recoverable.estate.principals import Principal, ScheduledCode

__version__ = "0.1.0"

__all__ = [
    "Acceptance", "Answer", "AuditFramework", "BackupPlanChange", "CopyAction", "Estate", "Fact", "GlobalSettings",
    "Guardrail", "Key", "KeyChange", "Known", "Listing", "Objectives", "Plan", "PlanRule", "PolicyDocument",
    "PolicyStatement", "Principal", "ProtectedResource", "RegionSettings", "Replica", "ReplicaChange",
    "RestoreTestPlan", "RestoreTestSelection", "Rule", "ScheduledCode", "Selection", "SelectionChange", "Severity",
    "Table", "TableChange", "TableClass", "Text", "Truth", "Unknown", "Value", "Vault", "VaultChange", "every", "no",
    "rule", "some", "unknown", "yes",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Types that few rules name, imported when one does."""
    if name in ("Principal", "ScheduledCode"):
        from recoverable.estate import principals  # noqa: PLC0415

        return getattr(principals, name)
    if name in ("PolicyDocument", "PolicyStatement"):
        from recoverable.estate import documents  # noqa: PLC0415

        return getattr(documents, name)
    if name == "ProtectedResource":
        from recoverable.estate.evidence import ProtectedResource  # noqa: PLC0415

        return ProtectedResource
    if name == "Guardrail":
        from recoverable.estate.guardrails import Guardrail  # noqa: PLC0415

        return Guardrail
    if name.endswith("Change"):
        from recoverable.estate import changes  # noqa: PLC0415

        return getattr(changes, name)
    if name in __all__:
        from recoverable.estate import backup  # noqa: PLC0415

        return getattr(backup, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
