"""A statement allows to take the backup policy off the accounts of an organization.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, PolicyStatement


@rule(Severity.HIGH)
def may_detach_backup_policy(statement: PolicyStatement, estate: Estate) -> Truth:
    if not statement.of_ours:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.detaching import detaches_backup_policy  # noqa: PLC0415

    return detaches_backup_policy(statement, estate)
