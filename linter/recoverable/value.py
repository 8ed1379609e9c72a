"""A value that was read: known, or unknown with the reason; and listings, complete or not."""

from __future__ import annotations

from collections.abc import Sequence

from recoverable.scenario import Run, Variant
from recoverable.text import Text
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.typed import Generic, NamedTuple, TypeVar, cast, overload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.scenario import Choice
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
    """Cannot be told from what was read: a parameter without a default, a denied call.

    `text` is what is known of it all the same: `prod-${Team}`, or that it is `${AWS::Region}`.
    """

    reason: str
    origin: Origin | None = None
    notes: tuple[Fact, ...] = ()
    text: Text | None = None


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
        state = self.state
        if isinstance(state, Unknown):
            return Truth(Answer.UNKNOWN, (self._fact(state.reason), *state.notes))
        return Truth(Answer.YES if state.value == wanted else Answer.NO, (self.fact(), *state.notes))

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
        if not state.defaulted:
            return Fact(f"{self.name} is {written(state.value)}", state.origin)
        if state.value is None:
            return Fact(f"{self.name} is not set", state.origin)
        return Fact(f"{self.name} is not set, which means {written(state.value)}", state.origin)

    def map(self, change: Callable[[T], U]) -> Value[U]:
        """The same property after `change`, with the same origin."""
        state = self.state
        if isinstance(state, Unknown):
            return Value(self.name, state)
        return Value(self.name, Known(change(state.value), state.origin, state.defaulted, state.notes))

    def _fact(self, reason: str) -> Fact:
        return Fact(f"{self.name} is not known: {reason}", self.state.origin)


def written(value: object) -> str:
    """A value as its author would write it; what has no short form is only said to be set."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "nothing"
        case str():
            return value or "empty"
        case Text():
            return value.shown() or "empty"
        case int() | float():
            return str(value)
        case tuple() if not hasattr(value, "_fields"):
            return ", ".join(map(written, value)) or "empty"
        case _:
            return "set"


class Entry(NamedTuple, Generic[T]):
    """Something of the estate, in as many variants as the open choices make of it."""

    variants: tuple[Variant[T], ...]


class Later(Sequence[T]):
    """Things that are read only when somebody looks at them, and then once: most runs never ask who may act.

    What fails once fails for everybody who looks.
    """

    __slots__ = ("_failure", "_made", "_make")

    def __init__(self, make: Callable[[], tuple[T, ...]]) -> None:
        self._make = make
        self._made: tuple[T, ...] | None = None
        self._failure: Exception | None = None

    @property
    def is_read(self) -> bool:
        """Whether somebody has looked."""
        return self._made is not None

    def _all(self) -> tuple[T, ...]:
        if self._failure is not None:
            raise self._failure
        if self._made is None:
            try:
                self._made = self._make()
            except Exception as failure:
                self._failure = failure
                raise
        return self._made

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Later, tuple)) and self._all() == tuple(other)

    __hash__ = None  # type: ignore[assignment]


class Listing(NamedTuple, Generic[T]):
    """Things of one kind. `incomplete` says why there may be more than these; empty when these are all there are.

    `run` is the scenario in which questions are answered; choices are settled in it only where the answer depends on
    them. Without one, every choice goes its first way.
    """

    entries: Sequence[Entry[T]]
    incomplete: str = ""
    run: Run | None = None

    def any(self, test: Callable[[T], Truth], nothing: str) -> Truth:
        """Whether `test` holds of some item. *No* only if the listing is complete; `nothing` says so in words."""
        found = some(self._answers(test, Answer.YES, Answer.NO))
        if found.answer is not Answer.NO:
            return found
        if self.incomplete:
            return unknown(f"{nothing} in what was read, but {self.incomplete}")
        return no(nothing) if not found.facts else Truth(Answer.NO, (Fact(nothing), *found.facts))

    def every(self, test: Callable[[T], Truth]) -> Truth:
        """Whether `test` holds of all items. *Yes* only if the listing is complete."""
        found = every(self._answers(test, Answer.NO, Answer.YES))
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
        run = self.run if self.run is not None else Run()
        variants = possible_variants(entry, run)
        while len(variants) > 1:
            variants = _narrow(variants, (), run)
        return variants[0].item if variants else None

    def _answers(self, test: Callable[[T], Truth], decisive: Answer, absent: Answer) -> list[Truth]:
        """An answer for each entry, or enough of them: once one decides, what the others depend on stays open."""
        run = self.run if self.run is not None else Run()
        truths: list[Truth] = []
        split: list[Entry[T]] = []
        for entry in self.entries:
            variants, answers = _ask(entry, test, absent, run)
            if _agree(answers):
                truths.extend(answers[:1])
            elif variants:
                split.append(entry)
        # What is open anyway stays so unless one decides.
        open_ = bool(self.incomplete) or any(truth.answer is Answer.UNKNOWN for truth in truths)
        for entry in split:
            if any(truth.answer is decisive for truth in truths):
                break
            variants, answers = _ask(entry, test, absent, run)
            while not _agree(answers):
                if open_ and all(truth.answer is not decisive for truth in answers):
                    answers = [truth for truth in answers if truth.answer is Answer.UNKNOWN]
                    break
                before = len(run.settled)
                _narrow(variants, tuple(truth.answer for truth in answers), run)
                if len(run.settled) == before:
                    break
                variants, answers = _ask(entry, test, absent, run)
            truths.extend(answers[:1])
        return truths


def possible_variants(entry: Entry[T], run: Run) -> tuple[Variant[T], ...]:
    """The variants of `entry` that agree with what is settled. That there is none shows that the run cannot be."""
    variants = entry.variants
    if len(variants) == 1 and not variants[0].scenario.settled:
        return variants
    settled = run.settled
    possible = tuple(
        variant
        for variant in variants
        if all(settled.get(choice, value) == value for choice, value in variant.scenario.settled)
    )
    if variants and not possible:
        run.impossible = True
    return possible


def _ask(
    entry: Entry[T], test: Callable[[T], Truth], absent: Answer, run: Run
) -> tuple[tuple[Variant[T], ...], list[Truth]]:
    """The variants that there may be, and the answer for each."""
    while True:
        variants = possible_variants(entry, run)
        before = len(run.settled)
        answers = [Truth(absent) if variant.item is None else test(variant.item) for variant in variants]
        if len(run.settled) == before:
            return variants, answers
        # The test asked around and settled something, which may rule variants out.


def _agree(answers: list[Truth]) -> bool:
    return all(truth.answer is answers[0].answer for truth in answers)


def _narrow(variants: tuple[Variant[T], ...], answers: tuple[Answer, ...], run: Run) -> tuple[Variant[T], ...]:
    """The variants that are left once one more choice is settled: the one that best tells `answers` apart."""
    scenarios = [dict(variant.scenario.settled) for variant in variants]
    open_ = dict.fromkeys(choice for scenario in scenarios for choice in scenario if choice not in run.settled)
    if not open_:
        # They overlap; the first one stands for all.
        return variants[:1]

    def left_over(choice: Choice) -> int:
        """How many answers there still are to tell apart when `choice` is settled, over all its values."""
        values = dict.fromkeys(scenario[choice] for scenario in scenarios if choice in scenario)
        kept = (
            {answers[at] for at, each in enumerate(scenarios) if each.get(choice, value) == value} for value in values
        )
        return sum(len(group) - 1 for group in kept)

    choice = min(open_, key=left_over) if answers else next(iter(open_))
    value = run.decide(choice)
    kept = tuple(
        variant for variant, scenario in zip(variants, scenarios, strict=True) if scenario.get(choice, value) == value
    )
    if not kept:
        run.impossible = True
        return kept
    # What all that is left has in common follows from what is settled.
    for circumstance in kept[0].scenario.circumstances:
        if all(circumstance in other.scenario.circumstances for other in kept[1:]):
            run.note(*circumstance)
    return kept


__all__ = [
    "Entry", "Known", "Listing", "Unknown", "Value", "Variant", "no", "possible_variants", "unknown", "written", "yes",
]  # fmt: skip
