"""A copy goes into the vault of its original.

https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
"""

from __future__ import annotations

from recoverable import Estate, PlanRule, Severity, Truth, rule


@rule(Severity.MEDIUM)
def copy_into_same_vault(plan_rule: PlanRule, estate: Estate) -> Truth:
    from recoverable.recovery.backups.copy_targets import into_same_vault  # noqa: PLC0415 (most runs see no plan)

    return into_same_vault(plan_rule, estate)
