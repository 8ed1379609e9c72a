"""Somebody may delete recovery points.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteRecoveryPoint.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.HIGH)
def may_delete_recovery_points(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-delete-recovery-points",
        (
            Act("destroy-backups", "delete-points", "it can delete recovery points of"),
            Act("destroy-backups", "delete-points-plain", "it can delete recovery points of"),
        ),
        principal,
        estate,
    )
