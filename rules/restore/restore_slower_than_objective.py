"""The last restore of the table took longer than the objectives allow.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreJobsListMember.html
"""

from __future__ import annotations

from recoverable import Estate, Objectives, Replica, Severity, Table, Truth, no, rule


@rule(Severity.MEDIUM, production_only=True)
def restore_slower_than_objective(table: Table | Replica, estate: Estate, objectives: Objectives) -> Truth:
    if table.subject.path:
        return no("it is in a file, which cannot tell what became of its backups", table.subject.origin)
    from recoverable.recovery.backups.restores import restores_too_slow  # noqa: PLC0415 (most runs see no account)

    return restores_too_slow(table, estate, objectives)
