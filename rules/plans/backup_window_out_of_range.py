"""A plan rule gives backups a time to start or to finish that AWS Backup does not take.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
"""

from __future__ import annotations

from recoverable import PlanRule, Severity, Truth, rule


@rule(Severity.MEDIUM)
def backup_window_out_of_range(plan_rule: PlanRule) -> Truth:
    from recoverable.recovery.backups.windows import out_of_range  # noqa: PLC0415 (most runs see no plan)

    return out_of_range(plan_rule)
