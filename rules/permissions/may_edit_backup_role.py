"""Somebody may change the role of AWS Backup.

https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.HIGH, critical=True)
def may_edit_backup_role(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-edit-backup-role",
        (Act("disable-protection", "edit-role", "it can change a role of AWS Backup that backs up"),),
        principal,
        estate,
    )
