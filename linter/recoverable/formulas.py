"""When something holds, in words: the shortest true description of some scenarios among others."""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from recoverable.scenario import Scenario

#: How many ways a description spells out before it only counts the rest.
SPELLED_OUT = 3

#: How many values of one name are spelled out.
SPELLED_VALUES = 6

Key = tuple[str, str]
Row = dict[Key, str]


class Clause(NamedTuple):
    """One name has one of some values. `others` are the values it was seen to have elsewhere."""

    key: Key
    values: tuple[str, ...]
    others: tuple[str, ...]

    def words(self, scope: str = "") -> str:
        name = f"{self.key[0]} in {scope}" if scope else self.key[0]
        if len(self.values) > 1 and len(self.others) == 1:
            return f"{name} is not {self.others[0]}"
        if len(self.values) > SPELLED_VALUES:
            return f"{name} is one of {len(self.values)} values such as {_or(self.values[:2])}"
        return f"{name} is {_or(self.values)}"


class Formula(NamedTuple):
    """Holds when all clauses of one of its ways hold. Clauses of a name that a scenario leaves open do not hold."""

    ways: tuple[tuple[Clause, ...], ...]

    def words(self) -> str:
        scopes: dict[str, set[str]] = {}
        for clause in self.clauses():
            scopes.setdefault(clause.key[0], set()).add(clause.key[1])

        def said(clause: Clause) -> str:
            return clause.words(clause.key[1] if len(scopes[clause.key[0]]) > 1 else "")

        ways = []
        for way in self.ways:
            clauses = [said(clause) for clause in way]
            ways.append((", and " if any(" or " in clause for clause in clauses) else " and ").join(clauses))
        if len(ways) > SPELLED_OUT:
            ways = [*ways[:SPELLED_OUT], f"in {len(ways) - SPELLED_OUT} more cases"]
        compound = len(ways) > 1 and any(" and " in way or " or " in way for way in ways)
        return f"{', '.join(ways[:-1])}, or {ways[-1]}" if compound else _or(ways)

    def clauses(self) -> Iterable[Clause]:
        return (clause for way in self.ways for clause in way)

    def cost(self) -> tuple[int, int, int]:
        clauses = list(self.clauses())
        values = sum(min(len(clause.values), max(1, len(clause.others))) for clause in clauses)
        return len(clauses), values, len(self.ways)


def describe(holds: Iterable[Scenario], fails: Iterable[Scenario]) -> str:
    """When something holds that does not hold always: "when IsProd is false", "when Env is dev or test".

    `holds` and `fails` are all the scenarios there are. Empty when one of them is.
    """
    yes, no = list(holds), list(fails)
    if not yes or not no:
        return ""
    found = formula([_circumstances(each) for each in yes], [_circumstances(each) for each in no])
    if found is None:
        # What is named does not tell them apart: say what was settled, too.
        found = formula([_all(each) for each in yes], [_all(each) for each in no])
    return "in some scenarios" if found is None else f"when {found.words()}"


def formula(yes: Sequence[Row], no: Sequence[Row]) -> Formula | None:
    """A short formula that certainly holds in each of `yes` and certainly in none of `no`; None if there is none.

    A row leaves open what it does not name, so a clause tells two rows apart only if both name it.
    """
    candidates = [one for one in (_together(yes, no), _either(yes, no)) if one is not None]
    if not candidates or min(len(list(one.clauses())) for one in candidates) > 2:
        listed = _listed(yes, no)
        candidates += [] if listed is None else [listed]
    return min(candidates, key=Formula.cost, default=None)


def _together(yes: Sequence[Row], no: Sequence[Row]) -> Formula | None:
    """Clauses that hold in every row of `yes`, as few as it takes to rule out every row of `no`."""
    shared = [key for key in yes[0] if all(key in row for row in yes)]
    chosen = _cover(no, [_clause(key, {row[key] for row in yes}, yes, no) for key in shared], _against)
    return None if chosen is None else Formula((tuple(chosen),))


def _either(yes: Sequence[Row], no: Sequence[Row]) -> Formula | None:
    """Clauses that hold in no row of `no`, as few as it takes for one to hold in every row of `yes`."""
    clauses = []
    for key in no[0]:
        if all(key in row for row in no):
            values = {row[key] for row in yes if key in row} - {row[key] for row in no}
            if values:
                clauses.append(_clause(key, values, yes, no))
    chosen = _cover(yes, clauses, _in_favour)
    return None if chosen is None else Formula(tuple((clause,) for clause in chosen))


def _listed(yes: Sequence[Row], no: Sequence[Row]) -> Formula | None:
    """Row by row, each with as few clauses as it takes, without what is then said twice."""
    ways: list[tuple[Clause, ...]] = []
    for row in sorted(yes, key=lambda row: sorted(row.items())):
        if any(all(_in_favour(clause, row) for clause in way) for way in ways):
            continue
        fewest = _cover(no, [_clause(key, {value}, yes, no) for key, value in row.items()], _against)
        if fewest is None:
            return None
        ways.append(tuple(fewest))
    alone: dict[Key, set[str]] = {}
    for way in ways:
        if len(way) == 1:
            alone.setdefault(way[0].key, set()).update(way[0].values)
    together = [(_clause(key, values, yes, no),) for key, values in sorted(alone.items())]
    return Formula((*together, *sorted(way for way in ways if len(way) > 1)))


def _clause(key: Key, values: set[str], yes: Sequence[Row], no: Sequence[Row]) -> Clause:
    seen = {row[key] for rows in (yes, no) for row in rows if key in row}
    return Clause(key, tuple(sorted(values)), tuple(sorted(seen - values)))


def _against(clause: Clause, row: Row) -> bool:
    return clause.key in row and row[clause.key] not in clause.values


def _in_favour(clause: Clause, row: Row) -> bool:
    return clause.key in row and row[clause.key] in clause.values


def _cover(rows: Sequence[Row], clauses: Iterable[Clause], does: Callable[[Clause, Row], bool]) -> list[Clause] | None:
    """Few clauses that between them do for all rows, the most useful first; None if all of them together do not."""
    open_ = list(range(len(rows)))
    useful = sorted(
        ((clause, {at for at in open_ if does(clause, rows[at])}) for clause in clauses),
        key=lambda pair: (len(pair[0].values) > 1 and len(pair[0].others) > 1, not _is_condition(pair[0]), pair[0]),
    )
    left = set(open_)
    chosen: list[Clause] = []
    while left:
        clause, done = max(useful, key=lambda pair: len(pair[1] & left), default=(None, set[int]()))
        if clause is None or not done & left:
            return None
        chosen.append(clause)
        left -= done
    return sorted(chosen)


def _is_condition(clause: Clause) -> bool:
    """Whether the name is true or false: a condition says more to its author than the values behind it."""
    return {*clause.values, *clause.others} <= {"true", "false"}


def _circumstances(scenario: Scenario) -> Row:
    """What was consulted, by name. A name with two values at once is used in two places, and tells nothing apart."""
    row: Row = {}
    twice: set[Key] = set()
    for one in scenario.circumstances:
        key = (one.name, one.scope)
        if row.setdefault(key, one.value) != one.value:
            twice.add(key)
    return {key: value for key, value in row.items() if key not in twice}


def _all(scenario: Scenario) -> Row:
    settled = {(choice.name, choice.scope): value for choice, value in scenario.settled}
    return _circumstances(scenario) | settled


def _or(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
