"""A condition on addresses ends the restores of who holds the statement.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Restore.Tutorial.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, PolicyStatement


@rule(Severity.HIGH)
def source_ip_breaks_restore(statement: PolicyStatement, estate: Estate) -> Truth:
    if not statement.of_ours:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.source_addresses import ends_restores  # noqa: PLC0415

    return ends_restores(statement, estate)
