"""Nobody can restore the table.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Table


@rule(Severity.HIGH, production_only=True)
def nobody_can_restore(table: Table, estate: Estate) -> Truth:
    if not estate.principals.entries:
        return Truth(Answer.NO)
    from recoverable.recovery.access.power_faults import nobody_restores  # noqa: PLC0415

    return nobody_restores(table, estate)
