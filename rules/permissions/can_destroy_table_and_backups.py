"""One principal can destroy a table and every backup of it.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.HIGH, critical=True)
def can_destroy_table_and_backups(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import destroys_all  # noqa: PLC0415

    return destroys_all(principal, estate)
