"""Somebody may lift deletion protection.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.LOW)
def may_lift_deletion_protection(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-lift-deletion-protection",
        (Act("disable-protection", "deletion-protection", "it can lift the deletion protection of"),),
        principal,
        estate,
    )
