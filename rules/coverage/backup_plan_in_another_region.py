"""A plan selects a table, but works in another Region, and nothing else backs the table up.

https://docs.aws.amazon.com/aws-backup/latest/devguide/about-backup-plans.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Table, Truth, no, rule


@rule(Severity.MEDIUM, production_only=True)
def backup_plan_in_another_region(table: Table, estate: Estate) -> Truth:
    if not estate.selections.entries:
        return no("there is no backup selection")
    from recoverable.recovery.backups.gaps import planned_elsewhere  # noqa: PLC0415 (most runs see no plan)

    return planned_elsewhere(table, estate)
