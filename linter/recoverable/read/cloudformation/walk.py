"""One scenario on its way through the stacks it touches: which choices it makes, and how far it may go."""

from __future__ import annotations

from recoverable.read.data import Items, Open
from recoverable.scenario import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.cloudformation.world import World
    from recoverable.read.data import Datum
    from recoverable.scenario import Choice

#: Deeper than any template goes; only references in a circle, and texts built to be deep, get here.
DEEPEST = 60

#: A part of an identity: a literal, or a name in a tuple of its own.
Part = str | tuple[str]


class UndecidedError(Exception):
    """A choice was met that this walk must not make."""


class Settled(Run):
    """A run that follows choices already made and makes none."""

    __slots__ = ()

    def decide(self, choice: Choice) -> str:
        value = self.settled.get(choice)
        if value is None:
            raise UndecidedError
        return value


class Walk:
    """What is shared while one scenario is walked through all the stacks it touches.

    `quiet` counts the conditions being worked out: what they consult is described by their names. `room` is how many
    scenarios there may still be: a choice with more values than that is left open. None if there is no bound.
    """

    __slots__ = ("conditions", "depth", "equal", "names", "properties", "quiet", "room", "run", "steps", "world")

    def __init__(self, world: World, run: Run, *, room: int | None = None) -> None:
        self.world = world
        self.run = run
        self.room = room
        self.conditions: dict[tuple[str, str], bool | Open] = {}
        self.properties: dict[tuple[str, str], Datum] = {}
        #: Names that were written, so that names made of names take no longer than their text.
        self.names: dict[tuple[str, str], Datum | None] = {}
        #: What things that are not known were taken to be equal to in this scenario.
        self.equal: dict[tuple[Part, ...], str] = {}
        self.depth = 0
        self.steps = 0
        self.quiet = 0

    @property
    def narrow(self) -> bool:
        """Whether some choices may be left open because there are too many."""
        return self.room is not None

    def decide(self, choice: Choice, shown: str) -> str | None:
        """The value of a choice in this scenario, None when it must stay open. `shown` names it for people."""
        if self.room is not None and self.run.settled_value(choice) is None:
            if len(choice.domain) > self.room:
                return None
            # Whoever comes this way meets the same choices with the same room, so the runs still add up.
            self.room //= len(choice.domain)
        try:
            value = self.run.decide(choice)
        except UndecidedError:
            return None
        if shown and not self.quiet:
            self.run.note(shown, value, choice.scope)
        return value

    def has_settled(self, choice: Choice, value: str) -> bool:
        """Whether this scenario is one in which the choice went that way."""
        return self.run.settled_value(choice) == value


def identity(datum: Datum) -> tuple[Part, ...] | None:
    """What a text is made of, the same for texts that are equal whatever the deployment; None if that is not known."""
    return None if isinstance(datum.content, Items) else datum.text().identity()
