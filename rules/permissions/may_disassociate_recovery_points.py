"""Somebody may take recovery points out of AWS Backup.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_disassociate_recovery_points(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-disassociate-recovery-points",
        (Act("disable-protection", "disassociate", "it can take out of AWS Backup the recovery points of"),),
        principal,
        estate,
    )
