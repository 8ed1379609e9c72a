"""Point-in-time recovery is on, but reaches back less far than the objective asks."""

from __future__ import annotations

from recoverable import Fact, Objectives, Replica, Severity, Table, Truth, every, rule


@rule(Severity.LOW, production_only=True)
def pitr_window_short(table: Table | Replica, objectives: Objectives) -> Truth:
    asked = objectives.pitr_window_days
    short = every((table.pitr_window.below(asked), table.pitr.equals(True)))
    return short.because(Fact(f"the objective is {asked} days; every length costs the same"))
