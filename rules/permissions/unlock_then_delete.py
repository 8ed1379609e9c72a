"""Somebody may take the guard of a vault away, and then delete.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.HIGH, critical=True)
def unlock_then_delete(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import unlocks  # noqa: PLC0415

    return unlocks(principal, estate)
