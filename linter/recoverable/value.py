"""A value that was read: known, or unknown with the reason; and listings, complete or not."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar, cast

from recoverable.scenario import Run, Variant
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.source import Origin

T = TypeVar("T")
U = TypeVar("U")


class Known(NamedTuple, Generic[T]):
    """Written down, or (`defaulted`) what the service does when it is left out. `notes` say what else mattered."""

    value: T
    origin: Origin | None
    defaulted: bool = False
    notes: tuple[Fact, ...] = ()


class Unknown(NamedTuple):
    """Cannot be told from what was read: a parameter without a default, a denied call."""

    reason: str
    origin: Origin | None = None
    notes: tuple[Fact, ...] = ()


class Value(NamedTuple, Generic[T]):
    """A named property of something: `name` is what its author calls it (`PointInTimeRecoveryEnabled`)."""

    name: str
    state: Known[T] | Unknown

    @property
    def origin(self) -> Origin | None:
        return self.state.origin

    def known(self) -> T | None:
        """The value if it is known, else None. For display and for indexes; rules ask with `equals` and `holds`."""
        return self.state.value if isinstance(self.state, Known) else None

    def equals(self, wanted: T) -> Truth:
        """Whether the value is `wanted`."""
        return self.holds(lambda value: value == wanted)

    def below(self, bound: int) -> Truth:
        """Whether a number is smaller than `bound`."""
        return self.holds(lambda value: cast("int", value) < bound)

    def holds(self, test: Callable[[T], bool], said: str = "") -> Truth:
        """Whether `test` holds of the value; the fact says what the value is, or `said`."""
        state = self.state
        if isinstance(state, Unknown):
            return Truth(Answer.UNKNOWN, (self._fact(state.reason), *state.notes))
        fact = Fact(said, state.origin) if said else self.fact()
        return Truth(Answer.YES if test(state.value) else Answer.NO, (fact, *state.notes))

    def fact(self) -> Fact:
        """What is known of the value, as a fact."""
        state = self.state
        if isinstance(state, Unknown):
            return self._fact(state.reason)
        shown = written(state.value)
        if state.defaulted:
            return Fact(f"{self.name} is not set, which means {shown}", state.origin)
        return Fact(f"{self.name} is {shown}", state.origin)

    def map(self, change: Callable[[T], U]) -> Value[U]:
        """The same property after `change`, with the same origin."""
        state = self.state
        if isinstance(state, Unknown):
            return Value(self.name, state)
        return Value(self.name, Known(change(state.value), state.origin, state.defaulted, state.notes))

    def _fact(self, reason: str) -> Fact:
        return Fact(f"{self.name} is not known: {reason}", self.state.origin)


def written(value: object) -> str:
    """A value as its author would write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "nothing"
        case str():
            return value or "empty"
        case _:
            return str(value)


class Entry(NamedTuple, Generic[T]):
    """Something of the estate, in as many variants as the open choices make of it."""

    variants: tuple[Variant[T], ...]


class Listing(NamedTuple, Generic[T]):
    """Things of one kind. `incomplete` says why there may be more than these; empty when these are all there are."""

    entries: tuple[Entry[T], ...]
    incomplete: str = ""
    run: Run | None = None

    def any(self, test: Callable[[T], Truth], nothing: str) -> Truth:
        """Whether `test` holds of some item. *No* only if the listing is complete; `nothing` says so in words."""
        found = some([self._ask(entry, test, Answer.NO) for entry in self.entries])
        if found.answer is not Answer.NO:
            return found
        if self.incomplete:
            return unknown(f"{nothing} in what was read, but {self.incomplete}")
        return no(nothing) if not found.facts else Truth(Answer.NO, (Fact(nothing), *found.facts))

    def every(self, test: Callable[[T], Truth]) -> Truth:
        """Whether `test` holds of all items. *Yes* only if the listing is complete."""
        found = every([self._ask(entry, test, Answer.YES) for entry in self.entries])
        if found.answer is Answer.YES and self.incomplete:
            return unknown(self.incomplete)
        return found

    def present(self) -> tuple[T, ...]:
        """The items there are in this scenario. Looks at each, so it settles every choice that they depend on."""
        items = []
        for entry in self.entries:
            item = self.settle(entry)
            if item is not None:
                items.append(item)
        return tuple(items)

    def settle(self, entry: Entry[T]) -> T | None:
        """What `entry` is in this scenario, deciding what is still open."""
        variants = self._possible(entry)
        while len(variants) > 1:
            variants = self._narrow(variants)
        return variants[0].item if variants else None

    def _ask(self, entry: Entry[T], test: Callable[[T], Truth], absent: Answer) -> Truth:
        """The answer for one entry; choices are settled only if they make a difference."""
        variants = self._possible(entry)
        while True:
            truths = [Truth(absent) if variant.item is None else test(variant.item) for variant in variants]
            if len({truth.answer for truth in truths}) <= 1:
                return truths[0] if truths else Truth(absent)
            variants = self._narrow(variants)

    def _possible(self, entry: Entry[T]) -> tuple[Variant[T], ...]:
        if len(entry.variants) == 1:
            return entry.variants
        settled = self.run.settled if self.run is not None else {}
        return tuple(
            variant
            for variant in entry.variants
            if all(settled.get(choice, value) == value for choice, value in variant.scenario.settled)
        )

    def _narrow(self, variants: tuple[Variant[T], ...]) -> tuple[Variant[T], ...]:
        run = self.run if self.run is not None else Run(())
        for variant in variants:
            for choice, _ in variant.scenario.settled:
                if choice not in run.settled:
                    value = run.decide(choice)
                    kept = tuple(v for v in variants if dict(v.scenario.settled).get(choice, value) == value)
                    for circumstance in kept[0].scenario.circumstances if len(kept) == 1 else ():
                        run.note(*circumstance)
                    return kept
        return variants[:1]


__all__ = ["Entry", "Known", "Listing", "Unknown", "Value", "no", "unknown", "written", "yes"]
