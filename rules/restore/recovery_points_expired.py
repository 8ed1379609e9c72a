"""Recovery points of the table are kept, and paid for, beyond their time.

https://docs.aws.amazon.com/aws-backup/latest/devguide/deleting-backups.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import ProtectedResource


@rule(Severity.LOW)
def recovery_points_expired(resource: ProtectedResource) -> Truth:
    from recoverable.recovery.backups.evidence import points_expired  # noqa: PLC0415 (most runs see no account)

    return points_expired(resource)
