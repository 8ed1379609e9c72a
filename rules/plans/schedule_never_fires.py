"""The schedule of a plan rule is valid and has no start to come.

https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""

from __future__ import annotations

from recoverable import PlanRule, Severity, Truth, rule

#: Years before this one are over, whenever this is run.
_BEGUN = 2026


@rule(Severity.HIGH)
def schedule_never_fires(plan_rule: PlanRule) -> Truth:
    from recoverable.recovery.backups.schedule import timetable  # noqa: PLC0415 (most runs see no plan)

    return timetable(plan_rule.schedule, plan_rule.timezone).never_fires(_BEGUN)
