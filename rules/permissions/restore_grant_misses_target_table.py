"""A grant to restore misses the new table.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.HIGH)
def restore_grant_misses_target_table(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.role_faults import falls_short  # noqa: PLC0415

    return falls_short("restore-grant-misses-target-table", principal, estate)
