"""A statement allows everything on everything.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, PolicyStatement


@rule(Severity.HIGH, critical=True)
def everything_allowed(statement: PolicyStatement, estate: Estate) -> Truth:
    if not statement.gives:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.statement_faults import too_much  # noqa: PLC0415

    return too_much("everything-allowed", statement, estate)
