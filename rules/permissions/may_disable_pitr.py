"""Somebody may turn point-in-time recovery off.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.HIGH)
def may_disable_pitr(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-disable-pitr",
        (Act("disable-protection", "point-in-time", "it can turn point-in-time recovery off for"),),
        principal,
        estate,
    )
