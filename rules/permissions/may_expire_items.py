"""Somebody may let all items expire.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_expire_items(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-expire-items", (Act("destroy-table", "expire-items", "it can let the items expire of"),), principal, estate
    )
