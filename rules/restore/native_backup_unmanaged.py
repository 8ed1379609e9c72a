"""On-demand backups of the table are kept, and nothing manages them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Backup.Tutorial.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import ProtectedResource


@rule(Severity.LOW)
def native_backup_unmanaged(resource: ProtectedResource) -> Truth:
    from recoverable.recovery.backups.evidence import kept_by_hand  # noqa: PLC0415 (most runs see no account)

    return kept_by_hand(resource)
