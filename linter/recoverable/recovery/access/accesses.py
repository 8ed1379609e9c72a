"""What everybody can do to every table in all scenarios at once, for rules: worked out once for an estate.

A table that differs between scenarios is looked at in each of them; what is so in some only is *not known*.
"""

from __future__ import annotations

from recoverable.estate import Estate
from recoverable.policy.bits import Bits
from recoverable.recovery.access.powers import Powers
from recoverable.recovery.access.questions import Place
from recoverable.recovery.access.requirements import CALLER, TABLE, Capability, Mode, Need, requirements
from recoverable.recovery.access.scenes import Scene, only_for_aws_backup
from recoverable.recovery.access.targets import target_of
from recoverable.recovery.classes import classify
from recoverable.scenario import TooManyScenariosError, explore
from recoverable.truth import Answer
from recoverable.typed import NamedTuple, TypeVar, cast
from recoverable.value import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverable.estate import Table
    from recoverable.estate.principals import Principal
    from recoverable.recovery.access.standing import Standing
    from recoverable.recovery.access.targets import Target
    from recoverable.recovery.classes import ClassRule

T = TypeVar("T")

#: In so many scenarios a table is looked at; one that differs in more is not known.
MOST_SCENARIOS = 8


#: What is asked beside the capabilities that commands know: whether somebody can read a table as it is.
READ = Capability(
    "read",
    "read the table",
    (
        Mode(
            "items",
            "read its items",
            (Need(CALLER, ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"), TABLE, any_of=True, sid="Read"),),
            (),
            "documented",
            (),
            "",
        ),
    ),
)


class Asked(NamedTuple):
    """A table: the bits of what stands for it, one for each scenario. `open`: there are more than were followed."""

    table: Table
    bits: int
    open: bool


class Accesses:
    """The powers of all principals over all tables that must not be lost."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.scene = Scene(estate, every=True)
        class_rules = cast("tuple[ClassRule, ...]", estate.declared.class_rules)
        targets: list[Target] = []
        self.tables: list[Asked] = []
        for entry in estate.tables.entries:
            bits, open_, first = 0, False, None
            for variant in entry.variants:
                table = variant.item
                if table is None or classify(table, class_rules).spared:
                    continue
                first = first or table
                try:
                    for _, target in explore(
                        lambda run, table=table: target_of(table, estate.in_run(run)),  # type: ignore[misc]
                        given=variant.scenario,
                        limit=MOST_SCENARIOS,
                    ):
                        bits |= 1 << len(targets)
                        targets.append(target)
                except TooManyScenariosError:
                    open_ = True
            if first is not None and bits:
                self.tables.append(Asked(first, bits, open_))
        self._by_key = {_key(asked.table): asked for asked in self.tables}
        self.capabilities = {**requirements().capabilities, READ.name: READ}
        self.powers = Powers(targets, self.scene, tuple(self.capabilities.values())) if targets else None
        self._unlimited: dict[int, tuple[Standing, Standing]] = {}
        self._most: dict[tuple[str, str], Bits] = {}
        self._whole: dict[int, tuple[Standing, Bits]] = {}
        self._others: list[Bits] | None = None
        self._restored: Bits | None = None
        self._asked: dict[Callable[[Principal], Answer], tuple[Answer, ...]] = {}
        self._copies: dict[int, tuple[Standing, tuple[Bits, ...]]] = {}
        self._made: dict[tuple[str, int], tuple[Standing, object]] = {}

    def standing(self, principal: Principal) -> Standing:
        return self.scene.standing(principal)

    def by_principal(self, ask: Callable[[Principal], Answer]) -> tuple[Answer, ...]:
        """Answers about each principal that is more than AWS Backup's own; worked out once for a question."""
        assert self.powers is not None
        known = self._asked.get(ask)
        if known is None:
            those = (each for each in self.powers.principals if not only_for_aws_backup(each))
            known = self._asked[ask] = tuple(map(ask, those))
        return known

    def unlimited(self, standing: Standing) -> Standing:
        """A principal without boundary and control policies: with what its own policies say."""
        known = self._unlimited.get(id(standing))
        if known is None:
            layers = standing.layers._replace(
                boundary=None, boundary_open="", service_control=(), service_control_open=""
            )
            known = self._unlimited[id(standing)] = (standing, standing._replace(layers=layers))
        return known[1]

    def once(self, name: str, standing: Standing, make: Callable[[], T]) -> T:
        """What is made of a principal, made once for all rules and scenarios that ask for it by that name."""
        known = self._made.get((name, id(standing)))
        if known is None:
            known = self._made[name, id(standing)] = (standing, make())
        return cast("T", known[1])

    def answers(self, bits: Bits) -> Iterator[tuple[Asked, Answer]]:
        """The answer for each table out of those for its scenarios; nothing for a plain *no*."""
        for asked in self.tables:
            possible = bits.possible & asked.bits
            if not possible:
                continue
            sure = bits.sure & asked.bits == asked.bits and not asked.open
            yield asked, Answer.YES if sure else Answer.UNKNOWN

    def mode(self, standing: Standing, capability: str, name: str) -> Bits:
        """What somebody can do in one way to every backup, not only to some, roles that it can take on included."""
        assert self.powers is not None
        mode = self.capabilities[capability].mode(name)
        assert mode is not None
        found = self.powers.held(standing, capability, mode).usual
        key = (capability, name)
        most = self._most.get(key)
        if most is None:
            most = Bits(0, 0, found.full)
            for each in self.scene.takeable():
                most |= self.powers.held(self.standing(each.role), capability, mode).usual
            self._most[key] = most
        if most.possible & ~found.sure:
            for role, answer in self.powers.reached(standing):
                found |= self.powers.held(role, capability, mode).usual.only(answer)
        return found

    def can(self, standing: Standing, capability: str) -> Bits:
        assert self.powers is not None
        return self.powers.can(standing, capability)

    def destroys_all(self, standing: Standing) -> Bits:
        """Whether somebody can destroy a table, and every backup of it, where there is one."""
        known = self._whole.get(id(standing))
        if known is None:
            known = self._whole[id(standing)] = (standing, self._all_copies(standing))
        return known[1]

    def _all_copies(self, standing: Standing) -> Bits:
        assert self.powers is not None
        found = list(self._destroys(standing))
        if self._others is None:
            self._others = [Bits(0, 0, each.full) for each in found]
            for each in self.scene.takeable():
                more = self._destroys(self.standing(each.role))
                self._others = [one | other for one, other in zip(self._others, more, strict=True)]
        if any(other.possible & ~own.sure for own, other in zip(found, self._others, strict=True)):
            for role, answer in self.powers.reached(standing):
                found = [own | more.only(answer) for own, more in zip(found, self._destroys(role), strict=True)]
        whole = found[0] & self.backed_up()
        for there, destroyed in zip(self._there(), found, strict=True):
            whole &= destroyed | ~there
        return whole

    def of_table(self, bits: Bits, table: Table) -> Answer | None:
        """The answer for one table, None for one that is not asked about."""
        asked = self._by_key.get(_key(table))
        if asked is None:
            return None
        if not bits.possible & asked.bits:
            return Answer.UNKNOWN if asked.open else Answer.NO
        return Answer.YES if bits.sure & asked.bits == asked.bits and not asked.open else Answer.UNKNOWN

    def restored(self) -> Bits:
        """Whether anybody can restore a table: who acts by itself, and not for AWS Backup alone."""
        assert self.powers is not None
        if self._restored is None:
            self._restored = Bits(0, 0, self.powers.questions.full)
            for principal, standing in zip(self.powers.principals, self.powers.standings, strict=True):
                if not only_for_aws_backup(principal):
                    self._restored |= self.powers.can(standing, "restore")
        return self._restored

    def backed_up(self) -> Bits:
        """Whether there is anything to bring a table back with."""
        table, *backups = self._there()
        found = Bits(0, 0, table.full)
        for there in backups:
            found |= there
        return found

    def _there(self) -> list[Bits]:
        """Whether each copy of a table is there: itself, its window, and what is in each vault."""
        assert self.powers is not None
        full = self.powers.questions.full
        whole = Bits(full, full, full)
        return [whole, self.powers.circumstance("pitr"), *(place.filled for _, place in self._vaults())]

    def _vaults(self) -> list[tuple[int, Place]]:
        assert self.powers is not None
        return [
            (number, place) for number, place in enumerate(self.powers.questions.places) if place.holding.kind != "free"
        ]

    def _destroys(self, standing: Standing) -> tuple[Bits, ...]:
        """Which copies somebody can destroy by itself, in the order of `_there`."""
        known = self._copies.get(id(standing))
        if known is None:
            known = self._copies[id(standing)] = (standing, tuple(self._work_out(standing)))
        return known[1]

    def _work_out(self, standing: Standing) -> Iterator[Bits]:
        assert self.powers is not None
        table = self.capabilities["destroy-table"].modes
        backups = self.capabilities["destroy-backups"].modes
        full = self.powers.questions.full
        yield self._any(standing, "destroy-table", table, full)
        pitr = [mode for mode in backups if mode.name == "point-in-time"]
        killing = [mode for mode in table if mode.name == "kill-key"]
        yield self._any(standing, "destroy-backups", pitr, full) | self._any(standing, "destroy-table", killing, full)
        for number, place in self._vaults():
            found = Bits(0, 0, full)
            for mode in backups:
                held = self.powers.held(standing, "destroy-backups", mode)
                for at, bits in held.by_place:
                    if at == number:
                        found |= bits
                if mode.name == "delete-points-plain":
                    found |= held.usual & place.tables
            if place.holding.other_account.answer is Answer.UNKNOWN:
                found = found.only(Answer.UNKNOWN)
            yield found

    def _any(self, standing: Standing, capability: str, modes: list[Mode] | tuple[Mode, ...], full: int) -> Bits:
        assert self.powers is not None
        found = Bits(0, 0, full)
        for mode in modes:
            found |= self.powers.held(standing, capability, mode).usual
        return found


def _key(table: Table) -> tuple[str, str, str]:
    subject = table.subject
    return (subject.path, subject.address, subject.part)


def _free(estate: Estate) -> Estate:
    """The estate without a run, in which nothing is settled."""
    return Estate._make(
        Listing(part.entries, part.incomplete) if isinstance(part, Listing) else part for part in estate
    )


def accesses_of(estate: Estate) -> Accesses:
    """The accesses of an estate, made once where it keeps what was made. They settle no choice."""
    if estate.memo is None:
        return Accesses(_free(estate))
    source = (
        estate.tables.entries, estate.principals.entries, estate.vaults.entries, estate.keys.entries,
        estate.selections.entries, estate.replicas.entries, estate.guardrails.entries,
    )  # fmt: skip
    return estate.memo.of("accesses", source, lambda: Accesses(_free(estate)))
