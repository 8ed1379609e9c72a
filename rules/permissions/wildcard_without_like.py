"""A condition compares letter by letter with a text that has a wildcard.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import PolicyStatement


@rule(Severity.MEDIUM)
def wildcard_without_like(statement: PolicyStatement) -> Truth:
    if statement.document.of_aws:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.condition_faults import wildcard_without_like as judge  # noqa: PLC0415

    return judge(statement.statement)
