"""No backup of a plan leaves its account.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
"""

from __future__ import annotations

from recoverable import Estate, Plan, Severity, Truth, rule


@rule(Severity.LOW)
def no_cross_account_copy(plan: Plan, estate: Estate) -> Truth:
    from recoverable.recovery.backups.copy_targets import stays_in_account  # noqa: PLC0415 (most runs see no plan)

    return stays_in_account(plan, estate)
