"""The last backup of the table, or the copy of it, failed.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupJobs.html
"""

from __future__ import annotations

from recoverable import Estate, Replica, Severity, Table, Truth, no, rule


@rule(Severity.HIGH, production_only=True)
def backup_jobs_failing(table: Table | Replica, estate: Estate) -> Truth:
    if table.subject.path:
        return no("it is in a file, which cannot tell what became of its backups", table.subject.origin)
    from recoverable.recovery.backups.evidence import jobs_failing  # noqa: PLC0415 (most runs see no account)

    return jobs_failing(table, estate)
