"""A table is backed up, but less often than the objective asks, or more may be lost than it allows.

https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""

from __future__ import annotations

from recoverable import Estate, Objectives, Severity, Table, Truth, no, rule
from recoverable.recovery.backups.planning import nothing_planned


@rule(Severity.MEDIUM, production_only=True)
def rpo_above_objective(table: Table, estate: Estate, objectives: Objectives) -> Truth:
    if objectives.rpo is None and nothing_planned(table, estate) is not None:
        return no("no plan that was read backs it up", table.subject.origin)
    from recoverable.recovery.backups.gaps import backed_up_too_seldom  # noqa: PLC0415 (most runs see no plan)

    return backed_up_too_seldom(table, estate, objectives)
