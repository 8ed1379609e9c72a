"""What the parts of the page share: a table or replica in one scenario, numbered, with all that is said of it."""

from __future__ import annotations

from recoverable.estate import Replica
from recoverable.report.page.verdicts import could_be_brought_back, goals_of, verdicts
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.check import Report
    from recoverable.report.page.verdicts import Goal, Verdict
    from recoverable.rows import TableRow
    from recoverable.rule import Finding, Severity
    from recoverable.truth import Truth

    Key = tuple[str, str, str]


class Row(NamedTuple):
    """`number` names it in links. `back`: could it be brought back. `group` is the number of its findings, if any."""

    number: int
    row: TableRow
    back: Truth
    cells: dict[str, Verdict]
    goals: tuple[Goal, ...]
    group: int | None
    severities: tuple[Severity, ...]
    undetermined: int

    @property
    def title(self) -> str:
        return self.row.table.subject.title()

    @property
    def replica(self) -> bool:
        return isinstance(self.row.table, Replica)

    def missed(self) -> list[Goal]:
        return [goal for goal in self.goals if goal.met.answer is Answer.NO]


class Group(NamedTuple):
    """All that was found of one thing."""

    number: int
    findings: tuple[Finding, ...]
    undetermined: tuple[Finding, ...]
    rows: tuple[int, ...]


def grouped(report: Report) -> dict[Key, Group]:
    """What was found, by what it was found of, the worst first."""
    found: dict[Key, tuple[list[Finding], list[Finding]]] = {}
    for at, findings in enumerate((report.findings, report.undetermined)):
        for finding in findings:
            found.setdefault(_key(finding), ([], []))[at].append(finding)
    rows: dict[Key, list[int]] = {}
    for number, row in enumerate(report.postures or report.tables):
        subject = row.table.subject
        rows.setdefault((subject.path, subject.address, subject.part), []).append(number)
    return {
        key: Group(number, tuple(findings), tuple(undetermined), tuple(rows.get(key, ())))
        for number, (key, (findings, undetermined)) in enumerate(found.items())
    }


def numbered(report: Report, groups: dict[Key, Group]) -> tuple[Row, ...]:
    made = []
    for number, row in enumerate(report.postures or report.tables):
        subject = row.table.subject
        group = groups.get((subject.path, subject.address, subject.part))
        severities = () if group is None else tuple(finding.severity for finding in group.findings)
        made.append(
            Row(
                number, row, could_be_brought_back(row), verdicts(row), goals_of(row),
                None if group is None else group.number, severities, 0 if group is None else len(group.undetermined),
            )
        )  # fmt: skip
    return tuple(made)


def tables(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each table or replica, in all its scenarios."""
    together: dict[Key, list[Row]] = {}
    for row in rows:
        subject = row.row.table.subject
        together.setdefault((subject.path, subject.address, subject.part), []).append(row)
    return list(together.values())


def _key(finding: Finding) -> Key:
    return (finding.subject.path, finding.subject.address, finding.subject.part)
