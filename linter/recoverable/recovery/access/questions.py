"""What capabilities ask of policies, for many tables at once: each need as questions with a bit for each resource.

Resources that many tables have in common (vaults, keys, roles) are asked about once.
"""

from __future__ import annotations

from recoverable.policy.bits import Bits, all_of, places
from recoverable.policy.compiled import Matrix, Question
from recoverable.policy.targets import Target as Asked
from recoverable.policy.targets import Targets
from recoverable.recovery.access.circumstances import context_of
from recoverable.recovery.access.kinds import Taken, resource_of, some_of_its_kind
from recoverable.recovery.access.requirements import CALLER, NEW_TABLE, PLAN, POINT, REPLICA, ROLE, VAULT, VAULT_KEY
from recoverable.text import joined
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recoverable.recovery.access.requirements import Capability, Need
    from recoverable.recovery.access.scenes import RoleChoice, Scene
    from recoverable.recovery.access.standing import Standing
    from recoverable.recovery.access.targets import Holding, Target
    from recoverable.text import Text

#: What a need is about: one thing for each table, or one of the vaults, of the plans, of the roles, of the
#: replicas.
OF_TABLES, OF_VAULTS, OF_PLANS, OF_ROLES, OF_REPLICAS = "tables", "vaults", "plans", "roles", "replicas"

_AXES = {
    VAULT: OF_VAULTS, POINT: OF_VAULTS, VAULT_KEY: OF_VAULTS, PLAN: OF_PLANS, ROLE: OF_ROLES,
    REPLICA: OF_REPLICAS,
}  # fmt: skip


def axis(need: Need) -> str:
    return _AXES.get(need.on, OF_TABLES)


class Place(NamedTuple):
    """A vault that backups of some tables are in, or could be put into; `tables` are the bits of these, and `filled`
    whether backups of each get there."""

    holding: Holding
    target: Target
    tables: Bits
    filled: Bits


class _Slots(NamedTuple):
    """The resources that a kind of need is about, each once; `of` are the bits of the members that each stands for."""

    targets: Targets
    of: tuple[int, ...]


class Row:
    """What one caller may do: the answers to all questions."""

    __slots__ = ("_bits", "_questions")

    def __init__(self, questions: Questions, bits: tuple[Bits, ...]) -> None:
        self._questions = questions
        self._bits = bits

    def need(self, need: Need) -> Bits:
        """Whether a need is granted, for each member of its axis."""
        slots, numbers = self._questions.asked(need)
        found: Bits | None = None
        for number in numbers:
            one = self._bits[number]
            found = one if found is None else found | one if need.any_of else found & one
        assert found is not None
        return _spread(found, slots.of, self._questions.size(axis(need)))


class Questions:
    """The questions that some capabilities ask about some tables."""

    def __init__(self, targets: Sequence[Target], scene: Scene, capabilities: Iterable[Capability]) -> None:
        self.targets = tuple(targets)
        self.scene = scene
        self.full = (1 << len(self.targets)) - 1
        self.places = _places(self.targets)
        self.plans = tuple(dict.fromkeys(plan for target in self.targets for plan in target.plans))
        self.roles = _roles(self.targets, scene)
        #: Each replica of each table, with the number of the table; None where some replica will do.
        self.replicas = tuple(
            (at, each) for at, target in enumerate(self.targets) for each in target.replicas or (None,)
        )
        self.needs = {
            need: None
            for capability in capabilities
            for mode in capability.modes
            for need in mode.needs
            if scene.strict or not need.strict
        }
        self._slots: dict[tuple[object, ...], _Slots] = {}
        self._numbers: dict[tuple[tuple[object, ...], str], int] = {}
        asked: list[Question] = []
        for need in self.needs:
            kind = _kind(need)
            slots = self._slots.get(kind)
            if slots is None:
                slots = self._slots[kind] = self._made(need)
            for action in need.actions:
                if (kind, action) not in self._numbers:
                    self._numbers[kind, action] = len(asked)
                    asked.append(Question(action, slots.targets))
        self.matrix = Matrix(asked)
        self._rows: dict[int, tuple[Standing, Row]] = {}

    def row(self, standing: Standing) -> Row:
        """The answers for one caller; worked out once."""
        known = self._rows.get(id(standing))
        if known is None:
            row = Row(self, self.matrix.row(standing.caller, standing.layers))
            known = self._rows[id(standing)] = (standing, row)
        return known[1]

    def asked(self, need: Need) -> tuple[_Slots, list[int]]:
        kind = _kind(need)
        return self._slots[kind], [self._numbers[kind, action] for action in need.actions]

    def size(self, of: str) -> int:
        """How many members an axis has."""
        sizes: dict[str, tuple[object, ...]] = {
            OF_TABLES: self.targets, OF_VAULTS: self.places, OF_PLANS: self.plans, OF_ROLES: self.roles,
            OF_REPLICAS: self.replicas,
        }  # fmt: skip
        return len(sizes[of])

    def given(self, name: str) -> Bits:
        """Whether a circumstance of the tables holds, for each of them."""
        sure = possible = 0
        for at, target in enumerate(self.targets):
            answer = self.scene.given(name, target, None).answer
            sure |= (answer is Answer.YES) << at
            possible |= (answer is not Answer.NO) << at
        return Bits(sure, possible, self.full)

    def _made(self, need: Need) -> _Slots:
        members: list[tuple[Target, Taken]]
        match axis(need):
            case "vaults":
                members = [(place.target, Taken(holding=place.holding)) for place in self.places]
            case "plans":
                members = [(self.targets[0], Taken(plan=plan)) for plan in self.plans]
            case "roles":
                members = [(self.targets[0], Taken(role=role)) for role in self.roles]
            case "replicas":
                members = [(self.targets[at], Taken(replica=each)) for at, each in self.replicas]
            case _:
                members = [(target, Taken()) for target in self.targets]
        found: dict[tuple[object, ...], tuple[Asked, int]] = {}
        for at, (target, taken) in enumerate(members):
            by = taken._replace(new_name=joined(target.name, "-restored")) if need.on == NEW_TABLE else taken
            resource = some_of_its_kind(need, resource_of(need, target, by))
            guarded = self.scene.guarded(need, target, taken)
            context = context_of(need, target, resource)
            known = tuple(sorted((key, present) for key, present in context.known.items()))
            key = (resource, id(guarded.policy), guarded.open, known, type(context.absent))
            before = found.get(key)
            if before is not None:
                found[key] = (before[0], before[1] | 1 << at)
            else:
                account = guarded.account or (_account(target.arn) if ":s3:" in resource.shown() else None)
                controls, controls_open = self.scene.controls.of(account or _account(resource))
                asked = Asked(
                    resource,
                    context,
                    account=account,
                    policy=guarded.policy,
                    policy_open=guarded.open,
                    controls=controls,
                    controls_open=controls_open,
                )
                found[key] = (asked, 1 << at)
        return _Slots(Targets([asked for asked, _ in found.values()]), tuple(bits for _, bits in found.values()))


def _account(arn: Text) -> Text | None:
    from recoverable.policy.request import field  # noqa: PLC0415

    return field(arn, 4)


def _kind(need: Need) -> tuple[object, ...]:
    """Needs of one kind are about the same resources in the same circumstances."""
    return (need.on, need.forwarded, need.via, need.context, need.without)


def _spread(found: Bits, of: tuple[int, ...], size: int) -> Bits:
    """The answers about slots, for all members that these stand for."""
    full = (1 << size) - 1
    if len(of) == size:
        return found
    sure = possible = 0
    for at in places(found.possible):
        possible |= of[at]
        if found.sure >> at & 1:
            sure |= of[at]
    return Bits(sure, possible, full)


def _places(targets: tuple[Target, ...]) -> tuple[Place, ...]:
    """The vaults of all tables, each once."""
    full = (1 << len(targets)) - 1
    found: dict[tuple[object, ...], Place] = {}
    for at, target in enumerate(targets):
        for holding in target.holdings:
            kind = "free" if holding.kind == "free" else "filled"
            key = (holding.name, holding.arn, id(holding.vault), kind, holding.other_account.answer)
            place = found.get(key)
            if place is None:
                place = Place(holding, target, Bits(0, 0, full), Bits(0, 0, full))
            answer = target.given["covered"].answer if kind == "free" else holding.there.answer
            there = Bits((answer is Answer.YES) << at, (answer is not Answer.NO) << at, full)
            found[key] = place._replace(tables=place.tables | Bits(1 << at, 1 << at, full), filled=place.filled | there)
    return tuple(found.values())


def _roles(targets: tuple[Target, ...], scene: Scene) -> tuple[RoleChoice, ...]:
    """The roles that AWS Backup can be given, for any of the tables."""
    found: dict[object, RoleChoice] = {}
    for target in targets:
        for choice in scene.roles(target):
            found.setdefault(choice.standing.caller.arn, choice)
    return tuple(found.values())


__all__ = [
    "CALLER",
    "OF_PLANS",
    "OF_REPLICAS",
    "OF_ROLES",
    "OF_TABLES",
    "OF_VAULTS",
    "Place",
    "Questions",
    "Row",
    "all_of",
    "axis",
]
