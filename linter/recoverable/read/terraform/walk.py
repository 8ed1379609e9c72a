"""One scenario on its way through the modules it touches: which choices it makes, and how far it may go."""

from __future__ import annotations

from recoverable.scenario import Choice, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Datum

#: Deeper than any configuration goes; only references in a circle get here.
DEEPEST = 80

#: Far more values than one resource has; only an expression built to explode gets here.
MOST_STEPS = 100_000


class UndecidedError(Exception):
    """A choice was met that this walk must not make."""


class Settled(Run):
    """A run that makes no choices."""

    __slots__ = ()

    def decide(self, choice: Choice) -> str:
        value = self.settled.get(choice)
        if value is None:
            raise UndecidedError
        return value


class Walk:
    """What is shared while one scenario is walked. `equal` holds what unknown things were taken to be equal to."""

    __slots__ = ("depth", "equal", "locals", "run", "steps")

    def __init__(self, run: Run) -> None:
        self.run = run
        self.depth = 0
        self.steps = 0
        self.equal: dict[str, str] = {}
        self.locals: dict[tuple[str, str], Datum] = {}

    def decide(self, choice: Choice) -> str | None:
        """The value of a choice in this scenario, None when it must stay open."""
        try:
            value = self.run.decide(choice)
        except UndecidedError:
            return None
        self.run.note(choice.name, value, choice.scope)
        return value
