"""Somebody may copy backups to another vault.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_copy_backups_away(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-copy-backups-away",
        (Act("copy-away", "aws-backup", "it can copy to another vault the backups of"),),
        principal,
        estate,
    )
