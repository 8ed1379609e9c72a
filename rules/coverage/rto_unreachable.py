"""The objective wants a table back sooner than any restore can bring it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
"""

from __future__ import annotations

from recoverable import Objectives, Severity, Table, Truth, no, rule


@rule(Severity.MEDIUM, production_only=True)
def rto_unreachable(table: Table, objectives: Objectives) -> Truth:
    if objectives.rto is None:
        return no("no time is set in which a restore must be done", table.subject.origin)
    from recoverable.recovery.goals import restores_fast_enough  # noqa: PLC0415 (few ask for it)

    return ~restores_fast_enough(objectives)
