"""A star behind the name of a table also reaches the backups of all tables that are called so.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, PolicyStatement


@rule(Severity.LOW)
def pattern_reaches_backups(statement: PolicyStatement, estate: Estate) -> Truth:
    if not statement.of_ours:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.statement_faults import too_much  # noqa: PLC0415

    return too_much("pattern-reaches-backups", statement, estate)
