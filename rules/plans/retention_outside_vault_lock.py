"""Backups or copies are kept for a time that the lock of their vault refuses.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable import Estate, PlanRule, Severity, Truth, rule


@rule(Severity.HIGH)
def retention_outside_vault_lock(plan_rule: PlanRule, estate: Estate) -> Truth:
    from recoverable.recovery.backups.lifecycles import outside_lock  # noqa: PLC0415 (most runs see no plan)

    return outside_lock(plan_rule, estate)
