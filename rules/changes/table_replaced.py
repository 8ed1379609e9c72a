"""A plan deletes a table and makes a new, empty one in its place.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import TableChange


@rule(Severity.HIGH, production_only=True)
def table_replaced(change: TableChange) -> Truth:
    from recoverable.recovery.losses import meets, with_remains  # noqa: PLC0415

    return with_remains(meets(change, "replace"), change.before)
