"""The schedule of a plan rule is none that AWS takes.

https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""

from __future__ import annotations

from recoverable import PlanRule, Severity, Truth, rule


@rule(Severity.HIGH)
def schedule_invalid(plan_rule: PlanRule) -> Truth:
    from recoverable.recovery.backups.schedule import timetable  # noqa: PLC0415 (most runs see no plan)

    return timetable(plan_rule.schedule, plan_rule.timezone).is_invalid()
