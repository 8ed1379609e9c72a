"""No backup of a plan leaves its Region.

https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html
"""

from __future__ import annotations

from recoverable import Estate, Plan, Severity, Truth, rule


@rule(Severity.MEDIUM)
def no_cross_region_copy(plan: Plan, estate: Estate) -> Truth:
    from recoverable.recovery.backups.copy_targets import stays_in_region  # noqa: PLC0415 (most runs see no plan)

    return stays_in_region(plan, estate)
