"""Somebody may delete a table so that nothing is kept.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.HIGH, critical=True)
def silent_delete(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import silent_delete  # noqa: PLC0415

    return silent_delete(principal, estate)
