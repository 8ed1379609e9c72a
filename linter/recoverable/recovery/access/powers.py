"""What everybody can do to every table: all capabilities of all principals at once, roles that they take on included.

It says what `capabilities.can` says of each pair. Answers stand side by side as bits of numbers, one bit a table; only
where a name, a backup or a recovery point other than the usual one may be granted, a pair is asked about by itself.
"""

from __future__ import annotations

from recoverable.policy.bits import Bits
from recoverable.recovery.access.power_ways import OF_ONE_VAULT, PowerWay
from recoverable.recovery.access.questions import Questions
from recoverable.recovery.access.reach import reach
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.policy.document import Policy
    from recoverable.recovery.access.requirements import Capability, Mode, Need
    from recoverable.recovery.access.scenes import Scene
    from recoverable.recovery.access.standing import Standing
    from recoverable.recovery.access.targets import Target
    from recoverable.text import Text


class Held(NamedTuple):
    """What a principal can do in one way, by itself: for each table, and for each place by the number of the vault.

    `answers` are about some backup, recovery point or name; `usual` about one that no policy names by itself.
    """

    answers: Bits
    usual: Bits
    by_place: tuple[tuple[int, Bits], ...] = ()


class Powers:
    """The capabilities of the principals of an estate over some tables."""

    def __init__(self, targets: Sequence[Target], scene: Scene, capabilities: Sequence[Capability]) -> None:
        self.targets = tuple(targets)
        self.scene = scene
        self.capabilities = {capability.name: capability for capability in capabilities}
        self.principals = scene.principals()
        self.standings = tuple(map(scene.standing, self.principals))
        self.questions = Questions(targets, scene, capabilities)
        self._given: dict[str, Bits] = {}
        self._held: dict[tuple[int, str, str], tuple[Standing, Held]] = {}
        self._reached: dict[int, tuple[tuple[Standing, Answer], ...]] = {}
        self._most: dict[str, Bits] = {}

        #: The tables of one Region and account, whose ARNs begin alike.
        self.beside: dict[Text, list[int]] = {}
        for at, target in enumerate(self.targets):
            self.beside.setdefault(target.beginning(), []).append(at)
        #: What is granted on new tables of other names than the usual ones: the same for all ways that ask for it.
        self.renamed: dict[tuple[int, int, tuple[Need, ...]], Bits] = {}

    # ---- What somebody can do by itself.

    def held(self, standing: Standing, capability: str, mode: Mode) -> Held:
        """What somebody can do in one way, without taking on another role."""
        key = (id(standing), capability, mode.name)
        known = self._held.get(key)
        if known is None:
            known = self._held[key] = (standing, self._work_out(standing, mode))
        return known[1]

    def own(self, standing: Standing, capability: str) -> Bits:
        """What somebody can do in some way, without taking on another role."""
        found = Bits(0, 0, self.questions.full)
        for mode in self.capabilities[capability].modes:
            found |= self.held(standing, capability, mode).answers
        return found

    # ---- What somebody can do, roles included.

    def can(self, standing: Standing, capability: str) -> Bits:
        """What somebody can do in some way, itself or through roles that it can take on."""
        found = self.own(standing, capability)
        most = self._all(capability)
        if not (most.possible & ~found.sure):
            return found
        for role, answer in self.reached(standing):
            found |= self.own(role, capability).only(answer)
        return found

    def reached(self, standing: Standing) -> tuple[tuple[Standing, Answer], ...]:
        """The roles that somebody can take on, surely or perhaps."""
        known = self._reached.get(id(standing))
        if known is None:
            known = self._reached[id(standing)] = tuple(
                (each.role, each.truth.answer) for each in reach(standing, self.scene)
            )
        return known

    def _all(self, capability: str) -> Bits:
        """What anybody can do that others may take on."""
        known = self._most.get(capability)
        if known is None:
            known = Bits(0, 0, self.questions.full)
            for each in self.scene.takeable():
                known |= self.own(self.scene.standing(each.role), capability)
            self._most[capability] = known
        return known

    # ---- One way.

    def _work_out(self, standing: Standing, mode: Mode) -> Held:
        way = PowerWay(self, standing, mode)
        usual, by_place = way.usual()
        left = self.questions.full & ~usual.possible
        for name in mode.given:
            if name not in OF_ONE_VAULT:
                left &= self.circumstance(name).possible
        return Held(way.others(usual, left) if left else usual, usual, by_place)

    def circumstance(self, name: str) -> Bits:
        known = self._given.get(name)
        if known is None:
            known = self._given[name] = self.questions.given(name)
        return known

    def names(self, standing: Standing, action: str) -> bool:
        """Whether something allows somebody an action, wherever."""
        return bool(standing.layers.identity_open) or any(
            self._patterns(policy, action) is not None for policy in standing.allowing()
        )

    def names_one(self, standing: Standing, action: str) -> bool:
        """Whether something allows an action on one single backup, recovery point or legal hold."""
        return any(
            any(
                mark in pattern and not pattern.endswith("*")
                for mark in ("/backup/", ":recovery-point:", ":legal-hold:")
            )
            for policy in standing.allowing()
            for pattern in self._patterns(policy, action) or ()
        )

    def _patterns(self, policy: Policy, action: str) -> tuple[str, ...] | None:
        """The patterns that a policy allows an action on, None if it allows it on nothing."""
        narrow, _ = self.scene.narrowing.of(policy, action)
        statements = [statement for statement in narrow.statements if statement.effect.known() != "Deny"]
        if not statements and not policy.open:
            return None
        return tuple(pattern.shown() for statement in statements for pattern in statement.resources)
