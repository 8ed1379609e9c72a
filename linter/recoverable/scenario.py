"""Scenarios: which way the choices that a deployment leaves open have gone, and what holds in which of them.

A *choice* is something that a template leaves to its deployment: the value of a parameter, or a comparison that cannot
be decided from the text. A *scenario* settles some choices. What depends on choices exists in *variants*, each with the
scenario in which it holds.
"""

from __future__ import annotations

from recoverable.typed import Generic, NamedTuple, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

#: How many scenarios one resource or one finding is followed through before the rest is called unknown.
LIMIT = 64


class Choice(NamedTuple):
    """Something that the deployment decides. `scope` is the file and the nested stack it belongs to.

    `domain` are the values it can take, at least one, the likeliest first.
    """

    scope: str
    name: str
    domain: tuple[str, ...]


class Circumstance(NamedTuple):
    """A named outcome that readers recognise: a condition is true, a parameter has a value.

    `scope` is that of the template which gives the name; it is shown where one name is used in several.
    """

    name: str
    value: str
    scope: str = ""

    def __str__(self) -> str:
        return f"{self.name} is {self.value}"


class Scenario(NamedTuple):
    """Settled choices, and the named circumstances that follow from them (used to describe it)."""

    settled: tuple[tuple[Choice, str], ...] = ()
    circumstances: tuple[Circumstance, ...] = ()

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
    """One walk along the tree of choices: answers `decide` by script, then by each choice's first value.

    `given` is settled from the start. `impossible` is set by whoever notices that the choices settled so far cannot all
    have been made; nothing that is found in such a run counts.
    """

    __slots__ = ("_script", "circumstances", "impossible", "settled")

    def __init__(self, script: Iterable[tuple[Choice, str]] = (), given: Iterable[tuple[Choice, str]] = ()) -> None:
        self._script = dict(script)
        self.settled: dict[Choice, str] = dict(given)
        self.circumstances: dict[Circumstance, None] = {}
        self.impossible = False

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

    def note(self, name: str, value: str, scope: str = "") -> None:
        """Remember a named circumstance that was consulted, for describing the scenario."""
        self.circumstances[Circumstance(name, value, scope)] = None

    def scenario(self) -> Scenario:
        return Scenario(tuple(sorted(self.settled.items())), tuple(sorted(self.circumstances)))


def explore(
    step: Callable[[Run], T],
    *,
    given: Scenario = ALWAYS,
    limit: int = LIMIT,
    may_be: Callable[[Run], bool] | None = None,
) -> Iterator[tuple[Scenario, T]]:
    """Run `step` once for every way the choices it asks about can go: the choice it asks about last changes first.

    `step` must be a function of what it decides alone. `given` settles some choices beforehand. `may_be` may reject a
    finished run as impossible (a template's Rules); so may the run itself. Raises TooManyScenariosError when more than
    `limit` runs are due, possible or not; what was yielded so far stays valid.
    """
    # The choices that were met, in order, each with its values and the one whose turn it is: an odometer.
    wheels: list[tuple[Choice, tuple[str, ...]]] = []
    turns: list[int] = []
    for _ in range(limit):
        run = Run(((choice, values[turn]) for (choice, values), turn in zip(wheels, turns, strict=True)), given.settled)
        outcome = step(run)
        possible = (may_be is None or may_be(run)) and not run.impossible
        met = {choice for choice, _ in given.settled}
        met.update(choice for choice, _ in wheels)
        for choice in run.settled:
            if choice not in met:
                wheels.append((choice, tuple(dict.fromkeys(choice.domain))))
                turns.append(0)
        if possible:
            yield run.scenario().and_(given), outcome
        while turns and turns[-1] == len(wheels[-1][1]) - 1:
            turns.pop()
            wheels.pop()
        if not turns:
            return
        turns[-1] += 1
    raise TooManyScenariosError
