"""Answers that several rules ask for, worked out once where no open choice has a part in them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from recoverable.estate import Estate

    T = TypeVar("T")


def once(estate: Estate, question: str, item: object, make: Callable[[], T]) -> T:
    """What `make` gives about an item. What it settles, or may have read of what is settled, holds in that run only."""
    run = estate.tables.run
    if estate.memo is None or run is None or run.settled:
        return make()
    known: dict[tuple[str, int], tuple[object, T]] = estate.memo.of("answers", (), dict)
    found = known.get((question, id(item)))
    if found is not None:
        return found[1]
    made = make()
    if not run.settled:
        # The item is kept, so that no other can get its id.
        known[question, id(item)] = (item, made)
    return made
