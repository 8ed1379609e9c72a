"""Whether somebody can back up, restore or destroy a table: by which way, through which role, and what it lacks."""

from __future__ import annotations

from recoverable.recovery.access.powers import Powers
from recoverable.recovery.access.reach import reach
from recoverable.recovery.access.ways import Asking, order
from recoverable.truth import Answer, Truth, every
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.recovery.access.requirements import Capability
    from recoverable.recovery.access.scenes import Scene
    from recoverable.recovery.access.standing import Standing
    from recoverable.recovery.access.targets import Target
    from recoverable.recovery.access.ways import Way


class Verdict(NamedTuple):
    """Whether somebody can do something to a table: if one of the `ways` holds.

    `ways` are those of the principal itself, or of the role that it does it through (`through`: the roles that it takes
    on, one after the other, empty where it needs none). `best` is the way that holds, or that lacks the least.
    `own_name`: what it lacks on the new table it has on the name of the table itself.
    """

    principal: Standing
    capability: Capability
    target: Target
    truth: Truth
    ways: tuple[Way, ...]
    best: Way
    through: tuple[str, ...] = ()
    own_name: bool = False

    @property
    def answer(self) -> Answer:
        return self.truth.answer


def can(principal: Standing, capability: Capability, target: Target, scene: Scene, mode: str = "") -> Verdict:
    """Whether somebody can do something to a table, itself or through roles that it can take on.

    `mode` asks about one way only.
    """
    own = _of(principal, capability, target, scene, mode)
    if own.answer is Answer.YES:
        return own
    best: Verdict | None = None
    for reached in reach(principal, scene):
        verdict = _of(reached.role, capability, target, scene, mode)
        if verdict.answer is Answer.NO:
            continue
        truth = every((reached.truth, verdict.truth))
        found = verdict._replace(principal=principal, truth=truth, through=reached.through)
        if truth.answer is Answer.YES:
            return found
        best = best or found
    return own if own.answer is Answer.UNKNOWN or best is None else best


class Everybody(NamedTuple):
    """Who can do something to a table: a verdict on each principal that can or perhaps can, and who cannot.

    Groups act through their users and are not among them. `open` says why there may be more principals than were read,
    empty if these are all.
    """

    capability: Capability
    target: Target
    verdicts: tuple[Verdict, ...]
    cannot: tuple[Standing, ...]
    open: str = ""

    def those(self, answer: Answer) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.answer is answer)

    @property
    def answer(self) -> Answer:
        """Whether anybody can."""
        answers = {verdict.answer for verdict in self.verdicts}
        if Answer.YES in answers:
            return Answer.YES
        return Answer.UNKNOWN if Answer.UNKNOWN in answers or self.open else Answer.NO


def who_can(capability: Capability, target: Target, scene: Scene, mode: str = "") -> Everybody:
    """Who can do something to a table, itself or through roles."""
    asked = capability
    if mode:
        asked = capability._replace(modes=tuple(each for each in capability.modes if each.name == mode))
    powers = Powers((target,), scene, (asked,))
    verdicts: list[Verdict] = []
    cannot: list[Standing] = []
    for standing in powers.standings:
        verdict = None
        if powers.can(standing, capability.name)[0] is not Answer.NO:
            verdict = can(standing, capability, target, scene, mode)
        if verdict is None or verdict.answer is Answer.NO:
            cannot.append(standing)
        else:
            verdicts.append(verdict)
    return Everybody(capability, target, tuple(verdicts), tuple(cannot), scene.estate.principals.incomplete)


def _of(standing: Standing, capability: Capability, target: Target, scene: Scene, mode: str) -> Verdict:
    asking = Asking(standing, target, scene)
    ways = asking.ways(capability, mode)
    best = min(ways, key=order)
    truths = [way.truth for way in ways]
    answer = best.truth.answer
    facts = (
        best.truth.facts
        if answer is not Answer.UNKNOWN
        else tuple(dict.fromkeys(fact for truth in truths if truth.answer is answer for fact in truth.facts))
    )
    own_name = answer is Answer.NO and asking.only_its_own_name(best)
    return Verdict(standing, capability, target, Truth(answer, facts), ways, best, own_name=own_name)
