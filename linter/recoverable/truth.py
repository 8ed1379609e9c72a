"""Yes, no or unknown, together with the facts that made it so."""

from __future__ import annotations

from enum import Enum

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn

    from recoverable.source import Origin


class Answer(Enum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Fact(NamedTuple):
    """One thing that was read, in words, and where. A fact without an origin follows from AWS's own rules."""

    text: str
    origin: Origin | None = None


class Truth:
    """An answer and the facts behind it; the first fact is where a finding points.

    There is no `if truth:`. Combine with `&`, `|`, `~`, `every` and `some`, or read `answer`. The logic is Kleene's:
    it works operator by operator, so `x | ~x` stays unknown while `x` is.
    """

    __slots__ = ("answer", "facts", "spared")

    answer: Answer
    facts: tuple[Fact, ...]
    #: Why a *yes* does no harm after all, for the report; empty in all others. Combining truths drops it.
    spared: str

    def __init__(self, answer: Answer, facts: tuple[Fact, ...] = (), spared: str = "") -> None:
        self.answer = answer
        self.facts = facts
        self.spared = spared

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth has three answers: combine with & | ~ every() some(), or read .answer")

    def __eq__(self, other: object) -> bool:
        mine = (self.answer, self.facts, self.spared)
        return isinstance(other, Truth) and mine == (other.answer, other.facts, other.spared)

    def __hash__(self) -> int:
        return hash((self.answer, self.facts, self.spared))

    def __repr__(self) -> str:
        return f"Truth({self.answer.value}, {[fact.text for fact in self.facts]})"

    def __invert__(self) -> Truth:
        match self.answer:
            case Answer.YES:
                return Truth(Answer.NO, self.facts)
            case Answer.NO:
                return Truth(Answer.YES, self.facts)
            case Answer.UNKNOWN:
                return self

    def __and__(self, other: Truth) -> Truth:
        return every((self, other))

    def __or__(self, other: Truth) -> Truth:
        return some((self, other))

    def because(self, *facts: Fact) -> Truth:
        """The same answer with further facts after those it has."""
        return Truth(self.answer, self.facts + facts)

    def sparing(self, reason: str) -> Truth:
        """The same, reported as exempt for `reason` and not as wrong; an answer that is not *yes* stays as it is."""
        return Truth(self.answer, self.facts, reason) if self.answer is Answer.YES else self

    def pointing(self, *facts: Fact) -> Truth:
        """The same answer with `facts` in front, so that a finding points there."""
        return Truth(self.answer, facts + self.facts)


def yes(text: str, origin: Origin | None = None) -> Truth:
    return Truth(Answer.YES, (Fact(text, origin),))


def no(text: str, origin: Origin | None = None) -> Truth:
    return Truth(Answer.NO, (Fact(text, origin),))


def unknown(text: str, origin: Origin | None = None) -> Truth:
    return Truth(Answer.UNKNOWN, (Fact(text, origin),))


def every(truths: Iterable[Truth]) -> Truth:
    """Kleene's *and*: a single no settles it; else a single unknown leaves it open; of nothing it is yes.

    Only the facts of the members that decided are kept.
    """
    return _fold(truths, Answer.NO, Answer.YES)


def some(truths: Iterable[Truth]) -> Truth:
    """Kleene's *or*: a single yes settles it; else a single unknown leaves it open; of nothing it is no.

    Only the facts of the members that decided are kept; all members are looked at, so that a finding can show each.
    """
    return _fold(truths, Answer.YES, Answer.NO)


def _fold(truths: Iterable[Truth], decisive: Answer, otherwise: Answer) -> Truth:
    members = list(truths)
    for answer in (decisive, Answer.UNKNOWN, otherwise):
        deciding = [truth for truth in members if truth.answer is answer]
        if deciding:
            return Truth(answer, tuple(dict.fromkeys(fact for truth in deciding for fact in truth.facts)))
    return Truth(otherwise)
