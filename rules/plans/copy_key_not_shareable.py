"""Copies go to an account that may not use the key of their originals.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
"""

from __future__ import annotations

from recoverable import Estate, PlanRule, Severity, Truth, rule


@rule(Severity.MEDIUM)
def copy_key_not_shareable(plan_rule: PlanRule, estate: Estate) -> Truth:
    from recoverable.recovery.backups.copy_targets import key_not_shared  # noqa: PLC0415 (most runs see no plan)

    return key_not_shared(plan_rule, estate)
