"""Whether somebody can do something in one of the ways there are, and what each of them lacks.

What is asked of *some* backup, recovery point or new name is asked of one that suits: of a name that no policy speaks
of, and where that does not do, of one that fits what is granted.
"""

from __future__ import annotations

from itertools import islice, product

from recoverable.recovery.circumstances import context_of
from recoverable.recovery.common_names import SHORTEST, Alphabet, common_name, longer_than
from recoverable.recovery.requirements import (
    ANY_VAULT,
    ANYTHING,
    BACKUP,
    BUCKET,
    CALLER,
    NEW_KEY,
    NEW_TABLE,
    PLAN,
    POINT,
    ROLE,
    TABLE,
    TABLE_KEY,
    VAULT,
    VAULT_KEY,
)  # fmt: skip
from recoverable.recovery.scenes import Scene
from recoverable.recovery.standing import NO_POLICY
from recoverable.recovery.symbols import sibling
from recoverable.recovery.targets import ANY
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Fact, Truth, every, some, unknown
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.policy.decision import Decision
    from recoverable.recovery.requirements import Capability, Mode, Need
    from recoverable.recovery.scenes import RoleChoice
    from recoverable.recovery.standing import Guarded, Standing
    from recoverable.recovery.targets import Holding, Target

#: What the name of some backup, recovery point or other thing is taken to be: what no policy names by itself.
_SOME = {
    BACKUP: "01764150000000-5eb0a3c1",
    POINT: "7d1f6f0e-5c1b-4c0a-9a55-0b8e6a4f2d31",
    VAULT: "some-vault-of-7d1f6f0e",
    ANY_VAULT: "some-vault-of-7d1f6f0e",
    PLAN: "5c1b4c0a-9a55-0b8e-6a4f-7d1f6f0e2d31",
    BUCKET: "some-bucket-of-7d1f6f0e",
}

#: Characters of ARNs that names of tables do not have.
_OF_ARNS = frozenset(":/+=,@$~ ")

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


class Taken(NamedTuple):
    """What a way goes by: the vault, the role of AWS Backup, the plan, and the name of the new table."""

    holding: Holding | None = None
    role: RoleChoice | None = None
    plan: Text | None = None
    new_name: Text | None = None


class Asking:
    """Asks about one caller and one table. Remembers each decision: the ways have most of their steps in common."""

    def __init__(self, caller: Standing, target: Target, scene: Scene) -> None:
        self.caller = caller
        self.target = target
        self.scene = scene
        self._meant: dict[str, bool] = {}
        self._decided: dict[tuple[object, ...], tuple[Text, Decision]] = {}

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
        if on & {VAULT, POINT, VAULT_KEY, "unlocked", "removable", "covered"} and self.target.holdings:
            holdings = self.target.holdings
        roles: Iterable[RoleChoice | None] = (None,)
        if any(need.actor != CALLER or need.on == ROLE for need in mode.needs):
            roles = self.scene.roles(self.target)
        plans: Iterable[Text | None] = self.target.plans if PLAN in on and self.target.plans else (None,)
        for holding, role, plan in product(holdings, roles, plans):
            yield Taken(holding, role, plan)

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
            self._meant[key] = any(True for _ in _granted(self.caller, key, Alphabet()))
        return self._meant[key]

    def role_steps(self, mode: Mode, taken: Taken) -> list[Step]:
        """The part of a way that falls to the role that AWS Backup takes on."""
        found: list[Step] = []
        for need in mode.needs:
            when = self.scene.given(need.when, self.target, taken.holding) if need.when else Truth(Answer.YES)
            if need.actor != CALLER and when.answer is Answer.YES and (self.scene.strict or not need.strict):
                found += [self._step(need, action, taken) for action in need.actions]
        return found

    def answer(self, need: Need, action: str, taken: Taken) -> Answer:
        """Whether one action is allowed by itself."""
        return self._step(need, action, taken).truth.answer

    def _step(self, need: Need, action: str, taken: Taken) -> Step:
        actor = self.caller if need.actor == CALLER or taken.role is None else taken.role.standing
        resource = self._resource(need, taken)
        guarded = self.scene.guarded(need, self.target, taken.holding)
        asked, decision = self._decide(actor, need, action, resource, guarded)
        truth = _truth(actor, action, resource, asked, decision)
        return Step(need, actor.title, action, _starred(resource), decision, truth)

    def _resource(self, need: Need, taken: Taken) -> Text:
        return resource_of(need, self.target, taken)

    def _decide(
        self, actor: Standing, need: Need, action: str, resource: Text, guarded: Guarded
    ) -> tuple[Text, Decision]:
        """What the policies say of a resource; of some of its kind, where any will do, the best that they say."""
        key = (
            id(actor),
            action,
            resource,
            need.forwarded,
            need.via,
            need.context,
            need.on,
            guarded is NO_POLICY,
            id(guarded.policy),
        )
        known = self._decided.get(key)
        if known is None:
            context = context_of(need, self.target, resource)
            best: tuple[Text, Decision] | None = None
            for one in _some_of(actor, need, action, resource):
                decision = actor.asks(action, one, context, guarded)
                if best is None or _RANK[decision.answer] < _RANK[best[1].answer]:
                    best = (one, decision)
                if decision.answer is Answer.YES:
                    break
            assert best is not None
            known = self._decided[key] = best
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
            found = [frozenset(_granted_names(actor, action, alphabet)) for action in actions]
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
            self._decide(self.caller, step.need, step.action, self.target.arn, NO_POLICY)[1].answer is Answer.YES
            for step in lacking
        )


def resource_of(need: Need, target: Target, taken: Taken) -> Text:
    """What a need is about; any of its kind is a hole of its own."""
    vault = taken.holding.arn if taken.holding is not None else sibling(target.arn, "backup", "backup-vault:", ANY)
    match need.on:
        case _ if need.on == TABLE:
            return target.arn
        case _ if need.on == BACKUP:
            return target.backups()
        case _ if need.on == NEW_TABLE:
            return target.named(taken.new_name or Text((ANY,)))
        case _ if need.on == POINT:
            return sibling(vault, "backup", "recovery-point:", ANY)
        case _ if need.on == VAULT:
            return vault
        case _ if need.on == ANY_VAULT:
            return sibling(target.arn, "backup", "backup-vault:", ANY)
        case _ if need.on == PLAN:
            return taken.plan or sibling(target.arn, "backup", "backup-plan:", ANY)
        case _ if need.on == ROLE and taken.role is not None:
            return taken.role.standing.caller.arn
        case _ if need.on == BUCKET:
            return joined(*_head(target.arn), ":s3:::", ANY, "/", ANY)
        case _ if need.on in (TABLE_KEY, NEW_KEY):
            return target.key.known() or Text((Hole(target.key.fact().text),))
        case _ if need.on == VAULT_KEY and taken.holding is not None:
            key = taken.holding.key
            return key.known() or Text((Hole(key.fact().text),))
    return Text(("*",)) if need.on == ANYTHING else Text((Hole(f"which {need.on} is not known"),))


def some_of_its_kind(need: Need, resource: Text) -> Text:
    """A resource by a name that no policy speaks of, where any of its kind will do."""
    return joined(*(_SOME.get(need.on, "some") if part == ANY else part for part in resource.parts))


def order(way: Way) -> tuple[int, bool, bool, int, int]:
    """What makes one way better than another: that it holds, is there at all, is what is meant, and lacks less."""
    return (_RANK[way.truth.answer], not way.possible(), not way.meant, len(way.missing()), len(way.open()))


def _said_open(when: Truth) -> str:
    return when.facts[0].text if when.facts else "whether it is needed is not known"


def _head(arn: Text) -> tuple[str | Hole, ...]:
    """An ARN up to its partition."""
    first = arn.parts[0]
    if isinstance(first, str) and first.count(":") > 1:
        return (":".join(first.split(":")[:2]),)
    return arn.parts[:2]


def _starred(resource: Text) -> Text:
    """A resource for people: any of its kind is a star."""
    return joined(*("*" if part == ANY else part for part in resource.parts))


def _some_of(actor: Standing, need: Need, action: str, resource: Text) -> Iterator[Text]:
    """The resource; where any of its kind will do, one that no policy names, then those that fit what is granted."""
    if ANY not in resource.parts:
        yield resource
        return
    yield some_of_its_kind(need, resource)
    alphabet = Alphabet()
    pieces = ["*" if part == ANY else alphabet.written(Text((part,))) for part in resource.parts]
    if None in pieces:
        return
    language = "".join(piece for piece in pieces if piece is not None)
    tried: set[str] = set()
    for pattern in _granted(actor, action, alphabet):
        found = common_name((language, pattern), also=_OF_ARNS | alphabet.characters(), longest=1_000)
        if found is not None and found not in tried:
            tried.add(found)
            yield alphabet.read(found)


def _granted(actor: Standing, action: str, alphabet: Alphabet) -> Iterator[str]:
    """The patterns of resources that an action is allowed on, as strings; those that cannot be told are left out."""
    for policy in actor.allowing():
        for statement in actor.narrowing.of(policy, action)[0].statements:
            if statement.effect.known() != "Allow":
                continue
            if statement.not_resource:
                yield "*"
                continue
            for pattern in statement.resources:
                written = alphabet.written(pattern)
                if written is not None and "${" not in written:
                    yield written


def _granted_names(actor: Standing, action: str, alphabet: Alphabet) -> Iterator[str]:
    """The patterns of table names that an action is allowed on, whatever Region and account they are in."""
    for pattern in _granted(actor, action, alphabet):
        if pattern == "*":
            yield "*"
            continue
        fields = pattern.split(":", 5)
        resource = fields[5] if len(fields) == 6 else "*" if pattern.endswith("*") else ""
        beginning, slash, name = resource.partition("/")
        if slash and beginning in ("table", "*", "tabl?", "t*"):
            yield name
        elif resource.endswith("*") and "table/".startswith(resource[:-1]):
            yield "*"


def _truth(actor: Standing, action: str, resource: Text, asked: Text, decision: Decision) -> Truth:
    """A decision as an answer with its reasons."""
    shown = f"{action} on {_starred(resource).shown()}"
    if decision.answer is Answer.UNKNOWN:
        return Truth(
            Answer.UNKNOWN, decision.depends_on or (Fact(f"whether {actor.title} may do {shown} is not known"),)
        )
    if decision.answer is Answer.YES:
        said = f"{shown} is allowed"
        if asked != resource and not any(some in asked.shown() for some in _SOME.values()):
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
