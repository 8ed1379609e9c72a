"""Point-in-time recovery of a replica is off, whatever the table in its first Region does."""

from __future__ import annotations

from recoverable import Answer, Fact, Replica, Severity, Truth, rule


@rule(Severity.HIGH, production_only=True)
def replica_pitr_disabled(replica: Replica) -> Truth:
    off = replica.pitr.equals(False)
    first = replica.table.pitr.equals(True)
    if off.answer is Answer.YES and first.answer is Answer.YES:
        told = Fact("it is on in the table's first Region, which this replica does not inherit", first.facts[0].origin)
        return off.because(told)
    return off
