"""A statement allows every action of AWS Backup.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, PolicyStatement


@rule(Severity.HIGH)
def backup_service_wildcard(statement: PolicyStatement, estate: Estate) -> Truth:
    if not statement.gives:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.statement_faults import too_much  # noqa: PLC0415

    return too_much("backup-service-wildcard", statement, estate)
