"""A plan rule asks for continuous backups that nothing gets.

https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
"""

from __future__ import annotations

from recoverable import Estate, PlanRule, Severity, Truth, rule


@rule(Severity.MEDIUM)
def continuous_backup_without_effect(plan_rule: PlanRule, estate: Estate) -> Truth:
    from recoverable.recovery.backups.continuous import without_effect  # noqa: PLC0415 (most runs see no plan)

    return without_effect(plan_rule, estate)
