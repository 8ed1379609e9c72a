"""A statement lets a role of AWS Backup end backups, which it need not.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, PolicyStatement


@rule(Severity.HIGH)
def backup_role_can_delete(statement: PolicyStatement, estate: Estate) -> Truth:
    if not statement.of_ours:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.role_powers import ends_backups  # noqa: PLC0415

    return ends_backups(statement, estate)
