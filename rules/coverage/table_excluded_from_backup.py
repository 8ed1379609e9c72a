"""The NotResources of a selection leave a table out, and nothing else backs it up.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Table, Truth, no, rule


@rule(Severity.MEDIUM, production_only=True)
def table_excluded_from_backup(table: Table, estate: Estate) -> Truth:
    if not estate.selections.entries:
        return no("there is no backup selection")
    from recoverable.recovery.backups.gaps import left_out  # noqa: PLC0415 (most runs see no plan)

    return left_out(table, estate)
