"""Three-valued answers to one question about many things, side by side as bits of two numbers."""

from __future__ import annotations

from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Bits:
    """One answer for each of some things: *yes* where `sure` has a bit, *no* where `possible` has none.

    `sure` has no bit that `possible` has not; `full` has one for each of the things.
    """

    __slots__ = ("full", "possible", "sure")

    def __init__(self, sure: int, possible: int, full: int) -> None:
        self.sure = sure
        self.possible = possible
        self.full = full

    def __and__(self, other: Bits) -> Bits:
        return Bits(self.sure & other.sure, self.possible & other.possible, self.full)

    def __or__(self, other: Bits) -> Bits:
        return Bits(self.sure | other.sure, self.possible | other.possible, self.full)

    def __invert__(self) -> Bits:
        return Bits(self.full & ~self.possible, self.full & ~self.sure, self.full)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bits) and (self.sure, self.possible, self.full) == (
            other.sure,
            other.possible,
            other.full,
        )

    def __hash__(self) -> int:
        return hash((self.sure, self.possible, self.full))

    def __getitem__(self, at: int) -> Answer:
        if self.sure >> at & 1:
            return Answer.YES
        return Answer.UNKNOWN if self.possible >> at & 1 else Answer.NO

    def only(self, answer: Answer) -> Bits:
        """The same where something else holds, too, that has one answer for all."""
        if answer is Answer.YES:
            return self
        return Bits(0, self.possible if answer is Answer.UNKNOWN else 0, self.full)


def all_of(answer: Answer, full: int) -> Bits:
    """The same answer for everything."""
    return Bits(full if answer is Answer.YES else 0, 0 if answer is Answer.NO else full, full)


def bits_of(answers: Iterable[Answer], full: int) -> Bits:
    sure = possible = 0
    for at, answer in enumerate(answers):
        if answer is not Answer.NO:
            possible |= 1 << at
            if answer is Answer.YES:
                sure |= 1 << at
    return Bits(sure, possible, full)


def places(number: int) -> Iterator[int]:
    """Where a number has bits, from the lowest up."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
