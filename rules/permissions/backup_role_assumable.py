"""Somebody else than AWS Backup may take its role on.

https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import PolicyStatement


@rule(Severity.HIGH, critical=True)
def backup_role_assumable(statement: PolicyStatement) -> Truth:
    if statement.document.kind not in ("trust",):
        return Truth(Answer.NO)
    from recoverable.recovery.statements.backup_roles import assumable_by_others  # noqa: PLC0415

    return assumable_by_others(statement.statement, statement.document.policy)
