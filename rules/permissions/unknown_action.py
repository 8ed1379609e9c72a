"""A statement names an action that AWS has not got.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import PolicyStatement


@rule(Severity.MEDIUM)
def unknown_action(statement: PolicyStatement) -> Truth:
    if statement.document.of_aws:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.action_names import unknown_action as judge  # noqa: PLC0415

    return judge(statement.statement)
