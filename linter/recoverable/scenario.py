"""Scenarios: which way the choices that a deployment leaves open have gone, and what holds in which of them.

A *choice* is something that a template leaves to its deployment: the value of a parameter, or a comparison that cannot
be decided from the text. A *scenario* settles some choices. What depends on choices exists in *variants*, each with the
scenario in which it holds.
"""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

#: How many scenarios one resource or one finding is followed through before the rest is called unknown.
LIMIT = 64


class Choice(NamedTuple):
    """Something that the deployment decides. `scope` is the file and the nested stack it belongs to."""

    scope: str
    name: str
    domain: tuple[str, ...]


class Circumstance(NamedTuple):
    """A named outcome that readers recognise: a condition is true, a parameter has a value."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name} is {self.value}"


class Scenario(NamedTuple):
    """Settled choices, and the named circumstances that follow from them (used to describe it)."""

    settled: tuple[tuple[Choice, str], ...] = ()
    circumstances: tuple[Circumstance, ...] = ()

    def agrees_with(self, other: Scenario) -> bool:
        """Whether both can hold at once."""
        mine = dict(self.settled)
        return all(mine.get(choice, value) == value for choice, value in other.settled)

    def and_(self, other: Scenario) -> Scenario:
        """Both at once; only meaningful when they agree."""
        if not other.settled and not other.circumstances:
            return self
        if not self.settled and not self.circumstances:
            return other
        return Scenario(
            tuple(sorted(set(self.settled) | set(other.settled))),
            tuple(sorted(set(self.circumstances) | set(other.circumstances))),
        )


ALWAYS = Scenario()


class Variant(NamedTuple, Generic[T]):
    """What something is in one scenario; `item` is None where it does not exist."""

    scenario: Scenario
    item: T | None


class TooManyScenariosError(Exception):
    """More open choices than are followed; the caller turns this into an unknown that says so."""


class Run:
    """One walk along the tree of choices: answers `decide` by script, then by each choice's first value."""

    __slots__ = ("_script", "circumstances", "overflowed", "settled")

    def __init__(self, script: tuple[tuple[Choice, str], ...]) -> None:
        self._script = dict(script)
        self.settled: dict[Choice, str] = {}
        self.circumstances: dict[Circumstance, None] = {}
        self.overflowed = False

    def decide(self, choice: Choice) -> str:
        """The value of `choice` in this run."""
        value = self.settled.get(choice)
        if value is None:
            value = self._script.get(choice, choice.domain[0])
            self.settled[choice] = value
        return value

    def settled_value(self, choice: Choice) -> str | None:
        """The value of `choice` if this run has settled it already."""
        return self.settled.get(choice)

    def note(self, name: str, value: str) -> None:
        """Remember a named circumstance that was consulted, for describing the scenario."""
        self.circumstances[Circumstance(name, value)] = None

    def scenario(self) -> Scenario:
        return Scenario(tuple(sorted(self.settled.items())), tuple(sorted(self.circumstances)))


def explore(
    step: Callable[[Run], T],
    *,
    given: Scenario = ALWAYS,
    limit: int = LIMIT,
    may_be: Callable[[Run], bool] | None = None,
) -> Iterator[tuple[Scenario, T]]:
    """Run `step` once for every way the choices it asks about can go, in a fixed order.

    `given` settles some choices beforehand. `may_be` may reject a finished run as impossible (a template's Rules).
    Raises TooManyScenariosError after `limit` runs; what was yielded so far stays valid.
    """
    pending: list[tuple[tuple[Choice, str], ...]] = [given.settled]
    runs = 0
    while pending:
        script = pending.pop()
        if runs == limit:
            raise TooManyScenariosError
        runs += 1
        run = Run(script)
        outcome = step(run)
        scripted = {choice for choice, _ in script}
        path: list[tuple[Choice, str]] = list(script)
        branches: list[tuple[tuple[Choice, str], ...]] = []
        for choice, value in run.settled.items():
            if choice in scripted:
                continue
            branches.extend((*path, (choice, other)) for other in choice.domain if other != value)
            path.append((choice, value))
        pending.extend(reversed(branches))
        if may_be is None or may_be(run):
            yield run.scenario().and_(given), outcome


def describe(holds: Iterable[Scenario], fails: Iterable[Scenario]) -> str:
    """In words, when something holds that does not hold always: "when IsProd is false", "when Env is dev or test".

    Tries the shortest true description first: one circumstance, one name with several values, two circumstances
    together; else it lists the scenarios.
    """
    yes = [scenario.circumstances for scenario in holds]
    no = [scenario.circumstances for scenario in fails]
    if not yes or not no:
        return ""

    def exact(test: Callable[[tuple[Circumstance, ...]], bool]) -> bool:
        return all(map(test, yes)) and not any(map(test, no))

    seen = sorted({circumstance for row in yes for circumstance in row})
    for one in seen:
        if exact(lambda row, one=one: one in row):  # type: ignore[misc]
            return f"when {one}"
    for name in sorted({circumstance.name for circumstance in seen}):
        values = [circumstance for circumstance in seen if circumstance.name == name]
        if exact(lambda row, values=values: any(value in row for value in values)):  # type: ignore[misc]
            return f"when {name} is {_or([value.value for value in values])}"
    for one in seen:
        for two in seen:
            if one < two and exact(lambda row, one=one, two=two: one in row and two in row):  # type: ignore[misc]
                return f"when {one} and {two}"
    rows = sorted({" and ".join(map(str, row)) for row in yes})
    if len(rows) > 3:
        rows = [*rows[:3], f"in {len(rows) - 3} more scenarios"]
    return f"when {_or(rows)}"


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
