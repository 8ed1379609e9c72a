"""A plan forgets a table, which stays as it is and is looked after by nobody.

https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import TableChange


@rule(Severity.LOW, production_only=True)
def table_no_longer_managed(change: TableChange) -> Truth:
    from recoverable.recovery.losses import meets  # noqa: PLC0415

    return meets(change, "forget")
