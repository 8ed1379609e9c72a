"""Somebody may stop backup jobs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.LOW)
def may_stop_backup_jobs(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-stop-backup-jobs",
        (Act("disable-protection", "stop-jobs", "it can stop backup jobs of"),),
        principal,
        estate,
    )
