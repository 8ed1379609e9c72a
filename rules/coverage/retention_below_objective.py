"""A table is backed up, but no plan keeps its backups for as long as the objective asks.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
"""

from __future__ import annotations

from recoverable import Estate, Objectives, Severity, Table, Truth, rule
from recoverable.recovery.planning import nothing_planned


@rule(Severity.MEDIUM, production_only=True)
def retention_below_objective(table: Table, estate: Estate, objectives: Objectives) -> Truth:
    missing = nothing_planned(table, estate)
    if missing is not None:
        return ~missing
    from recoverable.recovery.gaps import kept_too_briefly  # noqa: PLC0415 (most runs see no plan)

    return kept_too_briefly(table, estate, objectives)
