"""The last restore of the table that worked is too long ago.

https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
"""

from __future__ import annotations

from recoverable import Estate, Objectives, Replica, Severity, Table, Truth, no, rule


@rule(Severity.MEDIUM, production_only=True)
def restore_test_stale(table: Table | Replica, estate: Estate, objectives: Objectives) -> Truth:
    if table.subject.path:
        return no("it is in a file, which cannot tell what became of its backups", table.subject.origin)
    from recoverable.recovery.backups.restores import restore_stale  # noqa: PLC0415 (most runs see no account)

    return restore_stale(table, estate, objectives)
