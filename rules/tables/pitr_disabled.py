"""Point-in-time recovery of a table is off."""

from __future__ import annotations

from recoverable import Severity, Table, Truth, rule


@rule(Severity.HIGH, production_only=True)
def pitr_disabled(table: Table) -> Truth:
    return table.pitr.equals(False)
