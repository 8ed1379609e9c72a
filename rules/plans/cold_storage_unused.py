"""Backups are kept for long in warm storage.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
"""

from __future__ import annotations

from recoverable import Estate, Objectives, PlanRule, Severity, Truth, rule


@rule(Severity.INFO)
def cold_storage_unused(plan_rule: PlanRule, estate: Estate, objectives: Objectives) -> Truth:
    from recoverable.recovery.backups.lifecycles import warm_for_long  # noqa: PLC0415 (most runs see no plan)

    return warm_for_long(plan_rule, estate, objectives)
