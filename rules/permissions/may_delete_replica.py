"""Somebody may delete the replica in another Region.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-security.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_delete_replica(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-delete-replica",
        (Act("disable-protection", "delete-replica", "it can delete the replica of"),),
        principal,
        estate,
    )
