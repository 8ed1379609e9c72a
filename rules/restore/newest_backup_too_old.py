"""The newest backup of the table is older than its plans and the objectives allow.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRecoveryPointsByBackupVault.html
"""

from __future__ import annotations

from recoverable import Estate, Objectives, Replica, Severity, Table, Truth, no, rule


@rule(Severity.MEDIUM, production_only=True)
def newest_backup_too_old(table: Table | Replica, estate: Estate, objectives: Objectives) -> Truth:
    if table.subject.path:
        return no("it is in a file, which cannot tell what became of its backups", table.subject.origin)
    from recoverable.recovery.backups.evidence import newest_too_old  # noqa: PLC0415 (most runs see no account)

    return newest_too_old(table, estate, objectives)
