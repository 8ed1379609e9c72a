"""The vault that copies go to turns them away.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
"""

from __future__ import annotations

from recoverable import Estate, PlanRule, Severity, Truth, rule


@rule(Severity.MEDIUM)
def copy_target_refuses(plan_rule: PlanRule, estate: Estate) -> Truth:
    from recoverable.recovery.backups.copy_targets import target_refuses  # noqa: PLC0415 (most runs see no plan)

    return target_refuses(plan_rule, estate)
