"""The policy of a resource lets AWS Backup in for whomever it works.

https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import PolicyStatement


@rule(Severity.MEDIUM)
def confused_deputy(statement: PolicyStatement) -> Truth:
    if statement.document.kind not in ("key", "resource", "stream", "table", "vault"):
        return Truth(Answer.NO)
    from recoverable.recovery.statements.backup_roles import deputy_unguarded  # noqa: PLC0415

    return deputy_unguarded(statement.statement, statement.document.policy)
