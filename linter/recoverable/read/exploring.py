"""What a resource is in every scenario that matters to it: as many variants as its open choices make."""

from __future__ import annotations

from recoverable.scenario import LIMIT, Run, TooManyScenariosError, Variant, explore
from recoverable.typed import TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def variants_of(
    step: Callable[[Run, int | None], T | None], may_be: Callable[[Run], bool] | None = None
) -> tuple[tuple[Variant[T], ...], bool]:
    """The variants, and whether there are more choices than are followed.

    `step` gives what there is in one run, None where there is nothing. Its second argument is how many scenarios there
    may still be: choices that come too late for the bound it leaves open; None if there is no bound. `may_be` rejects
    runs that cannot be; where it rejects all of them, nothing is rejected.
    """
    overflowed = False
    try:
        found = list(explore(lambda run: step(run, None), may_be=may_be))
    except TooManyScenariosError:
        overflowed = True
        # What is looked at first matters most.
        found = list(explore(lambda run: step(run, LIMIT), may_be=may_be))
    if not found:
        # No deployment is possible: whoever deploys refuses each, and that is not ours to say.
        found = list(explore(lambda run: step(run, None)))
    return tuple(Variant(scenario, item) for scenario, item in found), overflowed
