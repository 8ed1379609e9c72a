"""A plan covers the table, and no backup of it has ever been made.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListProtectedResources.html
"""

from __future__ import annotations

from recoverable import Estate, Replica, Severity, Table, Truth, no, rule


@rule(Severity.MEDIUM, production_only=True)
def covered_but_never_backed_up(table: Table | Replica, estate: Estate) -> Truth:
    if table.subject.path:
        return no("it is in a file, which cannot tell what became of its backups", table.subject.origin)
    from recoverable.recovery.backups.evidence import never_backed_up  # noqa: PLC0415 (most runs see no account)

    return never_backed_up(table, estate)
