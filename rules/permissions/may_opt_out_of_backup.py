"""Somebody may opt the Region out of backups.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_opt_out_of_backup(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-opt-out-of-backup",
        (Act("disable-protection", "opt-out", "it can opt the Region out, and end the backups of"),),
        principal,
        estate,
    )
