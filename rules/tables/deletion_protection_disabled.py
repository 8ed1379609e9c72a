"""Deletion protection of a table or of a replica is off."""

from __future__ import annotations

from recoverable import Replica, Severity, Table, Truth, rule


@rule(Severity.MEDIUM, production_only=True)
def deletion_protection_disabled(table: Table | Replica) -> Truth:
    return table.deletion_protection.equals(False)
