"""No backup plan selects a table, nor another copy of it.

https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Table, Truth, rule
from recoverable.recovery.backups.planning import nothing_planned


@rule(Severity.MEDIUM, production_only=True)
def table_in_no_backup_plan(table: Table, estate: Estate) -> Truth:
    missing = nothing_planned(table, estate)
    if missing is not None:
        return missing
    from recoverable.recovery.backups.gaps import in_no_plan  # noqa: PLC0415 (most runs see no plan)

    return in_no_plan(table, estate)
