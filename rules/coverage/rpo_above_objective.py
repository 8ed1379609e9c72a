"""A table is backed up, but less often than the objective asks, or more may be lost than it allows.

https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""

from __future__ import annotations

from recoverable import Estate, Objectives, Severity, Table, Truth, rule
from recoverable.recovery.planning import nothing_planned


@rule(Severity.MEDIUM, production_only=True)
def rpo_above_objective(table: Table, estate: Estate, objectives: Objectives) -> Truth:
    missing = nothing_planned(table, estate) if objectives.rpo is None else None
    if missing is not None:
        return ~missing
    from recoverable.recovery.gaps import backed_up_too_seldom  # noqa: PLC0415 (most runs see no plan)

    return backed_up_too_seldom(table, estate, objectives)
