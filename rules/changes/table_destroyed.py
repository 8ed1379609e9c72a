"""A plan deletes a table, and everything in it.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import TableChange


@rule(Severity.HIGH, production_only=True)
def table_destroyed(change: TableChange) -> Truth:
    from recoverable.recovery.losses import meets, with_remains  # noqa: PLC0415

    return with_remains(meets(change, "destroy"), change.before)
