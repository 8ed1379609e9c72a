"""A plan of Terraform deletes a plan of AWS Backup.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupPlan.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import BackupPlanChange


@rule(Severity.HIGH)
def backup_plan_removed(change: BackupPlanChange) -> Truth:
    from recoverable.recovery.losses import meets  # noqa: PLC0415

    return meets(change, "destroy")
