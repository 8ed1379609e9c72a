"""Whether somebody can do something in one of the ways there are, and what each of them lacks.

What is asked of *some* backup, recovery point or new name is asked of one that suits: of a name that no policy speaks
of, and where that does not do, of one that fits what is granted.
"""

from __future__ import annotations

from itertools import islice, product

from recoverable.recovery.access.circumstances import context_of
from recoverable.recovery.access.common_names import SHORTEST, Alphabet, common_name, longer_than
from recoverable.recovery.access.kinds import SOME, Taken, granted, granted_names, resource_of, some_of, starred
from recoverable.recovery.access.requirements import CALLER, NEW_TABLE, PLAN, POINT, REPLICA, ROLE, VAULT, VAULT_KEY
from recoverable.recovery.access.scenes import Decided, Scene
from recoverable.recovery.access.standing import NO_POLICY
from recoverable.text import Text, joined
from recoverable.truth import Answer, Fact, Truth, every, some, unknown
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.estate.tables import Replica
    from recoverable.policy.decision import Decision
    from recoverable.recovery.access.requirements import Capability, Mode, Need
    from recoverable.recovery.access.scenes import RoleChoice
    from recoverable.recovery.access.standing import Guarded, Standing
    from recoverable.recovery.access.targets import Holding, Target

#: So many ways to combine what single actions are granted on are tried for a new table's name.
_MOST_COMBINATIONS = 64

_RANK = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


class Step(NamedTuple):
    """One action that a way takes, of whom, on what, and what the policies say of it.

    `resource` stands for any of its kind where it has a star that no policy wrote (`table/orders/backup/*`). `truth` is
    whether nothing is in the way: also where the step turns out not to be needed.
    """

    need: Need
    actor: str
    action: str
    resource: Text
    decision: Decision
    truth: Truth


class Way(NamedTuple):
    """One way to do something, as far as it goes.

    `given` are the circumstances that it is bound to, `steps` what it takes. `role` is whom AWS Backup takes on,
    `vault` the vault that it goes by, `new_name` what the restored table is called; None where there is none.
    `meant`: the action that it begins with is granted on something, so that it is what somebody had in mind.
    """

    mode: Mode
    truth: Truth
    given: tuple[Truth, ...]
    steps: tuple[Step, ...]
    role: str | None = None
    vault: str | None = None
    new_name: Text | None = None
    meant: bool = False

    def missing(self) -> tuple[Step, ...]:
        """The steps that are not allowed; of those of which one is enough, all, unless one is."""
        return tuple(step for step in self.steps if step.truth.answer is Answer.NO)

    def open(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.truth.answer is Answer.UNKNOWN)

    def possible(self) -> bool:
        """Whether the way is there at all, whatever is granted."""
        return all(truth.answer is not Answer.NO for truth in self.given)


class Asking:
    """Asks about one caller and one table. Ways have most of their steps in common: the scene remembers decisions."""

    def __init__(self, caller: Standing, target: Target, scene: Scene) -> None:
        self.caller = caller
        self.target = target
        self.scene = scene
        self._meant: dict[str, bool] = {}
        self._decided: dict[int, dict[tuple[object, ...], Decided]] = {}

    def ways(self, capability: Capability, only: str = "") -> tuple[Way, ...]:
        """What comes of each way, the best of what it may go by."""
        return tuple(self.way(mode) for mode in capability.modes if not only or mode.name == only)

    def way(self, mode: Mode) -> Way:
        best: Way | None = None
        for taken in self._choices(mode):
            for name in self.names(mode, taken):
                way = self._by(mode, taken._replace(new_name=name))
                if best is None or order(way) < order(best):
                    best = way
                if way.truth.answer is Answer.YES:
                    return way
        assert best is not None
        return best

    def _choices(self, mode: Mode) -> Iterator[Taken]:
        on = {need.on for need in mode.needs} | set(mode.given)
        holdings: Iterable[Holding | None] = (None,)
        if on & {VAULT, POINT, VAULT_KEY, "unlocked", "removable", "air-gapped", "covered"} and self.target.holdings:
            holdings = self.target.holdings
        roles: Iterable[RoleChoice | None] = (None,)
        if any(need.actor != CALLER or need.on == ROLE for need in mode.needs):
            roles = self.scene.roles(self.target)
        plans: Iterable[Text | None] = self.target.plans if PLAN in on and self.target.plans else (None,)
        replicas: Iterable[Replica | None] = self.target.replicas if REPLICA in on and self.target.replicas else (None,)
        for holding, role, plan, replica in product(holdings, roles, plans, replicas):
            yield Taken(holding, role, plan, replica)

    # ---- One way.

    def _by(self, mode: Mode, taken: Taken) -> Way:
        given = tuple(self.scene.given(name, self.target, taken.holding) for name in mode.given)
        if taken.role is not None and taken.role.trusted.answer is not Answer.YES:
            given = (*given, taken.role.trusted)
        steps: list[Step] = []
        truths: list[Truth] = list(given)
        for need in mode.needs:
            if need.strict and not self.scene.strict:
                continue
            when = self.scene.given(need.when, self.target, taken.holding) if need.when else Truth(Answer.YES)
            if when.answer is Answer.NO:
                continue
            made = [self._step(need, action, taken) for action in need.actions]
            allowed = [step.truth for step in made]
            whole = some(allowed) if need.any_of else every(allowed)
            if when.answer is Answer.UNKNOWN and whole.answer is not Answer.YES:
                # Not allowed, and perhaps not needed either.
                whole = unknown(_said_open(when), when.facts[0].origin if when.facts else None)
                made = [step._replace(truth=some((whole, step.truth))) for step in made]
            if need.any_of and whole.answer is not Answer.NO:
                made = [step for step in made if step.truth.answer is whole.answer][:1]
            steps += made
            truths.append(whole)
        return Way(
            mode,
            every(truths),
            given,
            tuple(steps),
            role=None if taken.role is None else taken.role.standing.title,
            vault=taken.holding.name if taken.holding is not None and taken.holding.vault is not None else None,
            new_name=taken.new_name,
            meant=self._is_meant(mode),
        )

    def _is_meant(self, mode: Mode) -> bool:
        key = mode.needs[0].actions[0]
        if key not in self._meant:
            self._meant[key] = any(True for _ in granted(self.caller, key, Alphabet()))
        return self._meant[key]

    def role_steps(self, mode: Mode, taken: Taken) -> list[Step]:
        """The part of a way that falls to the role that AWS Backup takes on."""
        found: list[Step] = []
        for need in mode.needs:
            when = self.scene.given(need.when, self.target, taken.holding) if need.when else Truth(Answer.YES)
            if need.actor == CALLER or when.answer is Answer.NO or (need.strict and not self.scene.strict):
                continue
            made = [self._step(need, action, taken) for action in need.actions]
            found += made if when.answer is Answer.YES else [_perhaps(step, when) for step in made]
        return found

    def answer(self, need: Need, action: str, taken: Taken) -> Answer:
        """Whether one action is allowed by itself."""
        return self._step(need, action, taken).truth.answer

    def _step(self, need: Need, action: str, taken: Taken) -> Step:
        actor = self.caller if need.actor == CALLER or taken.role is None else taken.role.standing
        resource = self._resource(need, taken)
        guarded = self.scene.guarded(need, self.target, taken)
        known = self._decide(actor, need, action, resource, guarded)
        return Step(need, actor.title, action, known.resource, known.decision, known.truth)

    def _resource(self, need: Need, taken: Taken) -> Text:
        return resource_of(need, self.target, taken)

    def _decide(self, actor: Standing, need: Need, action: str, resource: Text, guarded: Guarded) -> Decided:
        """What the policies say of a resource; of some of its kind, where any will do, the best that they say."""
        decided = self._decided.get(id(actor))
        if decided is None:
            decided = self._decided[id(actor)] = self.scene.decided(actor, self.target)
        key = (action, resource, need.forwarded, need.via, need.context, need.on, id(guarded.policy), guarded.open)
        known = decided.get(key)
        if known is None:
            context = context_of(need, self.target, resource)
            best: tuple[Text, Decision] | None = None
            for one in some_of(actor, need, action, resource):
                decision = actor.asks(action, one, context, guarded)
                if best is None or _RANK[decision.answer] < _RANK[best[1].answer]:
                    best = (one, decision)
                if decision.answer is Answer.YES:
                    break
            assert best is not None
            truth = _truth(actor, action, resource, *best)
            known = decided[key] = Decided(starred(resource), best[1], truth, guarded)
        return known

    # ---- The name of the new table.

    def names(self, mode: Mode, taken: Taken) -> Iterator[Text | None]:
        """Names that the new table could have: `<table>-restored`, then those that what is granted has in common."""
        needs = [need for need in mode.needs if need.on == NEW_TABLE and (self.scene.strict or not need.strict)]
        if not needs:
            yield None
            return
        yield joined(self.target.name, "-restored")
        asked = [
            (
                self.caller if need.actor == CALLER or taken.role is None else taken.role.standing,
                need.actions,
                need.any_of,
            )
            for need in needs
        ]
        alphabet = Alphabet()
        granted: dict[frozenset[str], None] = {}
        for actor, actions, any_of in asked:
            found = [frozenset(granted_names(actor, action, alphabet)) for action in actions]
            for patterns in [frozenset().union(*found)] if any_of else found:
                granted[patterns] = None
        if not all(granted):
            return
        own = alphabet.written(self.target.name) or ""
        tried = {f"{own}-restored", own}
        for combination in islice(product(*(sorted(patterns) for patterns in granted)), _MOST_COMBINATIONS):
            for further in ((), (longer_than(own),)):
                wanted = (*combination, "?" * SHORTEST + "*", *further)
                name = common_name(wanted, also=alphabet.characters())
                if name is not None and name not in tried:
                    tried.add(name)
                    yield alphabet.read(name)
                    break

    def only_its_own_name(self, way: Way) -> bool:
        """Whether all that a way lacks on the new table is granted on the name of the table itself."""
        lacking = [step for step in way.missing() if step.need.on == NEW_TABLE]
        if not lacking or any(step.need.actor != CALLER for step in lacking):
            return False
        return all(
            self._decide(self.caller, step.need, step.action, self.target.arn, NO_POLICY).decision.answer is Answer.YES
            for step in lacking
        )


def order(way: Way) -> tuple[int, bool, bool, int, int]:
    """What makes one way better than another: that it holds, is there at all, is what is meant, and lacks less."""
    return (_RANK[way.truth.answer], not way.possible(), not way.meant, len(way.missing()), len(way.open()))


def _perhaps(step: Step, when: Truth) -> Step:
    """A step of which it is not known whether it is needed: open unless it is allowed anyway."""
    open_ = unknown(_said_open(when), when.facts[0].origin if when.facts else None)
    return step._replace(truth=some((open_, step.truth)))


def _said_open(when: Truth) -> str:
    return when.facts[0].text if when.facts else "whether it is needed is not known"


def _truth(actor: Standing, action: str, resource: Text, asked: Text, decision: Decision) -> Truth:
    """A decision as an answer with its reasons."""
    shown = f"{action} on {starred(resource).shown()}"
    if decision.answer is Answer.UNKNOWN:
        return Truth(
            Answer.UNKNOWN, decision.depends_on or (Fact(f"whether {actor.title} may do {shown} is not known"),)
        )
    if decision.answer is Answer.YES:
        said = f"{shown} is allowed"
        if asked != resource and not any(some in asked.shown() for some in SOME.values()):
            said = f"{said} for {asked.shown()}"
        facts = tuple(Fact(said, one.statement.origin) for one in decision.deciding)
        return Truth(Answer.YES, facts or (Fact(said),))
    if decision.deciding:
        layer = " and ".join(decision.blocked_by)
        return Truth(
            Answer.NO, tuple(Fact(f"{shown} is denied ({layer})", one.statement.origin) for one in decision.deciding)
        )
    layer = " and ".join(decision.blocked_by) or "identity policy"
    return Truth(Answer.NO, (Fact(f"{shown} is not granted to {actor.title} ({layer})"),))
