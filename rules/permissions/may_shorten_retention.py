"""Somebody may shorten the retention of recovery points.

https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_shorten_retention(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-shorten-retention",
        (Act("destroy-backups", "shorten-retention", "it can shorten the retention of recovery points of"),),
        principal,
        estate,
    )
