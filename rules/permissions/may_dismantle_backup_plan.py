"""Somebody may dismantle the backup plan.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_dismantle_backup_plan(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-dismantle-backup-plan",
        (
            Act("disable-protection", "delete-plan", "it can delete the backup plan of"),
            Act("disable-protection", "update-plan", "it can rewrite the backup plan of"),
            Act("disable-protection", "delete-selection", "it can delete the backup selection of"),
        ),
        principal,
        estate,
    )
