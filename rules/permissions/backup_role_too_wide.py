"""A role of AWS Backup may act on all services, and its plans are for tables alone.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM, on=False)
def backup_role_too_wide(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.statements.role_powers import is_for_more_than_tables  # noqa: PLC0415

    return is_for_more_than_tables(principal, estate)
