"""The tables of an estate as reports show them: a row each, or one for each set of scenarios that look different."""

from __future__ import annotations

from recoverable.formulas import describe
from recoverable.truth import Fact
from recoverable.typed import NamedTuple
from recoverable.value import Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from recoverable.estate import Replica, Subject, Table
    from recoverable.judging import Candidate
    from recoverable.recovery.classes import TableClass
    from recoverable.recovery.cost import Cost
    from recoverable.recovery.objectives import Objectives
    from recoverable.recovery.posture import Posture
    from recoverable.rule import Finding
    from recoverable.scenario import Scenario
    from recoverable.source import Span


class TableRow(NamedTuple):
    """A table or replica in one scenario (empty: always), for the table by table part of a report.

    `posture` and `cost` are None where they were not worked out, or there are more scenarios than are followed.
    `objectives` are what is asked of tables of its class.
    """

    table: Table | Replica
    table_class: TableClass
    scenario: str = ""
    posture: Posture | None = None
    cost: Cost | None = None
    objectives: Objectives | None = None


class Seen(NamedTuple):
    """A table in one scenario, with its recovery picture where that was worked out."""

    scenario: Scenario
    candidate: Candidate
    posture: Posture | None = None


def table_rows(variants: Sequence[Candidate]) -> Iterator[TableRow]:
    """What there is to show of a table or replica by itself."""
    yield from grouped([Seen(variant.scenario, variant) for variant in variants], lambda _: None)


def grouped(seen: Sequence[Seen], picture: Callable[[Seen], Hashable]) -> Iterator[TableRow]:
    """A row for all scenarios in which a table looks alike; `picture` is what shows of its recovery picture."""
    looks: dict[Hashable, list[Seen]] = {}
    for one in seen:
        looks.setdefault((_look(one.candidate), picture(one)), []).append(one)
    for look, alike in looks.items():
        others = [one.scenario for name, rest in looks.items() if name != look for one in rest]
        first = alike[0]
        item = first.candidate.item._replace(subject=same_subject([one.candidate for one in alike]))
        when = describe([one.scenario for one in alike], others)
        yield TableRow(item, first.candidate.table_class, when, first.posture, None, first.candidate.objectives)


def same_subject(variants: Sequence[Candidate]) -> Subject:
    """The identity of a thing in several scenarios; a name that differs between them is not known."""
    subject = variants[0].subject
    if len(variants) == 1 or len({one.subject.name.known() for one in variants}) == 1:
        return subject
    differs = Unknown("it differs between scenarios", subject.name.origin)
    return subject._replace(name=Value(subject.name.name, differs))


def told_apart(results: Sequence[Finding]) -> list[Finding]:
    """The results; where two are about things of one address, each says from where its module is called.

    Modules of a repository are called by several roots, such as its examples, often by the same name.
    """
    calls: dict[Hashable, set[Span | None]] = {}
    for each in results:
        subject = each.subject
        calls.setdefault((subject.path, subject.address), set()).add(subject.called)
    if all(len(those) == 1 for those in calls.values()):
        return list(results)
    return [
        each._replace(facts=(*each.facts, Fact("its module is called here", each.subject.called)))
        if each.subject.called is not None and len(calls[each.subject.path, each.subject.address]) > 1
        else each
        for each in results
    ]


def _look(candidate: Candidate) -> Hashable:
    """What a row shows of a table, its name apart."""
    item: Table | Replica = candidate.item
    subject = item.subject
    shown: list[Hashable] = [candidate.table_class.name, candidate.table_class.spared]
    for value in (subject.region, subject.account, item.pitr, item.pitr_window, item.deletion_protection, item.key):
        shown.append((isinstance(value.state, Unknown), value.known()))
    return tuple(shown)
