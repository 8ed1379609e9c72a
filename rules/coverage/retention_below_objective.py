"""A table is backed up, but no plan keeps its backups for as long as the objective asks.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
"""

from __future__ import annotations

from recoverable import Estate, Objectives, Severity, Table, Truth, no, rule
from recoverable.recovery.backups.planning import nothing_planned


@rule(Severity.MEDIUM, production_only=True)
def retention_below_objective(table: Table, estate: Estate, objectives: Objectives) -> Truth:
    if nothing_planned(table, estate) is not None:
        return no("no plan that was read backs it up", table.subject.origin)
    from recoverable.recovery.backups.gaps import kept_too_briefly  # noqa: PLC0415 (most runs see no plan)

    return kept_too_briefly(table, estate, objectives)
