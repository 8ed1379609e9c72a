"""One scenario on its way through the modules it touches: which choices it makes, and how far it may go."""

from __future__ import annotations

from recoverable.scenario import Choice, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Datum
    from recoverable.read.terraform.instances import ModuleInstance

#: Deeper than any configuration goes; only references in a circle get here.
DEEPEST = 80

#: Far more values than one resource has; only an expression built to explode gets here.
MOST_STEPS = 100_000


#: More than any root takes, a few seconds; then what is left is unknown.
MOST_STEPS_OF_ROOT = 3_000_000


class Budget:
    """How much work there may still be for a root, over all its resources and scenarios."""

    __slots__ = ("left",)

    def __init__(self, left: int = MOST_STEPS_OF_ROOT) -> None:
        self.left = left


class Walk:
    """What is shared while one scenario is walked.

    `equal` holds what unknown things were taken to be equal to; `locals` and `modules` what was worked out before.
    `lenient` is positive where a key may be missing.
    `room` is how many scenarios there may still be: a choice with more values is left open. None if there is no bound.
    """

    __slots__ = ("budget", "depth", "equal", "lenient", "locals", "modules", "room", "run", "steps")

    def __init__(self, run: Run, *, room: int | None = None, budget: Budget | None = None) -> None:
        self.run = run
        self.room = room
        self.budget = Budget() if budget is None else budget
        self.depth = 0
        self.steps = 0
        self.equal: dict[str, str] = {}
        self.lenient = 0
        self.locals: dict[tuple[str, str], Datum] = {}
        self.modules: dict[tuple[str, str], list[ModuleInstance]] = {}

    def step(self) -> bool:
        """Whether there may be another step."""
        self.steps += 1
        self.budget.left -= 1
        return self.depth <= DEEPEST and self.steps <= MOST_STEPS and self.budget.left >= 0

    def decide(self, choice: Choice) -> str | None:
        """The value of a choice in this scenario, None when it must stay open."""
        if self.room is not None and self.run.settled_value(choice) is None:
            if len(choice.domain) > self.room:
                return None
            # Whoever comes this way meets the same choices with the same room, so the runs still add up.
            self.room //= len(choice.domain)
        value = self.run.decide(choice)
        self.run.note(choice.name, value, choice.scope)
        return value
