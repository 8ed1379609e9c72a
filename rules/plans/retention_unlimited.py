"""Nothing ever deletes a rule's backups, which are billed for ever.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
"""

from __future__ import annotations

from recoverable import Estate, PlanRule, Severity, Truth, rule


@rule(Severity.LOW)
def retention_unlimited(plan_rule: PlanRule, estate: Estate) -> Truth:
    from recoverable.recovery.backups.lifecycles import kept_for_ever  # noqa: PLC0415 (most runs see no plan)

    return kept_for_ever(plan_rule, estate)
