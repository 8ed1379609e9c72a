"""Estate × rules → report: the one gate through which every finding goes."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverable.estate import Replica, Table
    from recoverable.recovery.classes import TableClass
    from recoverable.rule import Fault, Finding, Rule


class TableRow(NamedTuple):
    """A table or replica in one scenario (empty: always), for the table by table part of a report."""

    table: Table | Replica
    table_class: TableClass
    scenario: str = ""


class Report(NamedTuple):
    """All that a run found. Findings are in order, worst first, and every list is deterministic.

    `unmatched` acceptances and the like are findings of the gate itself. `faults` end in exit code 2. `sources` holds the
    text of files that findings point into, by path, for frames.
    """

    findings: tuple[Finding, ...] = ()
    undetermined: tuple[Finding, ...] = ()
    accepted: tuple[Finding, ...] = ()
    exempt: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    tables: tuple[TableRow, ...] = ()
    rules: tuple[Rule, ...] = ()
    files: int = 0
    examined: tuple[str, ...] = ()
    estate_complete: bool = True
    sources: Mapping[str, str] | None = None
