"""One way of one caller to do something, for many tables at once."""

from __future__ import annotations

from recoverable.policy.bits import Bits, all_of, places
from recoverable.recovery.access.kinds import Taken
from recoverable.recovery.access.questions import OF_PLANS, OF_REPLICAS, OF_ROLES, OF_TABLES, OF_VAULTS, axis
from recoverable.recovery.access.requirements import ANY_VAULT, BUCKET, CALLER, NEW_TABLE
from recoverable.recovery.access.ways import Asking
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.recovery.access.powers import Powers
    from recoverable.recovery.access.questions import Place, Row
    from recoverable.recovery.access.requirements import Mode, Need
    from recoverable.recovery.access.scenes import RoleChoice
    from recoverable.recovery.access.standing import Standing
    from recoverable.recovery.access.targets import Target

#: Circumstances that are those of a vault; the first ones are the same for all tables in it.
OF_ONE_VAULT = ("unlocked", "removable", "air-gapped", "vault-key")
_OF_A_VAULT = (*OF_ONE_VAULT, "covered", "vault")


class PowerWay:
    """A way, as the bits of the tables that it works for."""

    __slots__ = ("_mode", "_needs", "_otherwise", "_powers", "_questions", "_row", "_standing")

    def __init__(self, powers: Powers, standing: Standing, mode: Mode) -> None:
        self._powers = powers
        self._questions = powers.questions
        self._standing = standing
        self._mode = mode
        self._needs = [need for need in mode.needs if need in self._questions.needs]
        self._row = self._questions.row(standing)
        #: Whether new tables are to have other names than the usual ones.
        self._otherwise = False

    def usual(self) -> tuple[Bits, tuple[tuple[int, Bits], ...]]:
        """For each table, and for each vault that it goes by: with the usual name for a new table."""
        tables = self._of_tables(self._standing, self._row, CALLER)
        for name in self._mode.given:
            if name not in _OF_A_VAULT:
                tables &= self._powers.circumstance(name)
        if any(axis(need) == OF_PLANS for need in self._needs):
            tables &= self._of_some_plan()
        if any(axis(need) == OF_REPLICAS for need in self._needs):
            tables &= self._of_some_replica()
        if not tables.possible:
            return tables, ()
        if not any(axis(need) == OF_VAULTS for need in self._needs):
            for name in self._mode.given:
                if name in _OF_A_VAULT:
                    tables &= self._powers.circumstance(name)
            return (tables & self._of_some_role(None) if self._by_role() else tables), ()
        found = Bits(0, 0, self._questions.full)
        by_place: list[tuple[int, Bits]] = []
        for number, place in enumerate(self._questions.places):
            here = tables & self._of_place(number, place)
            if here.possible:
                by_place.append((number, here))
                found |= here
        return found, tuple(by_place)

    def others(self, usual: Bits, left: int) -> Bits:
        """The answers where another name, or one single backup or recovery point, may be granted."""
        found = usual
        if any(need.on == NEW_TABLE for need in self._needs) and self._may_have_others():
            self._otherwise = True
            found |= self.usual()[0] & Bits(left, left, usual.full)
            self._otherwise = False
            left &= ~found.possible
        single = any(
            self._powers.names_one(self._standing, action)
            for need in self._needs
            if need.actor == CALLER
            for action in need.actions
        )
        if not single or not left:
            return found
        sure, possible = found.sure, found.possible
        for at in places(left):
            asking = Asking(self._standing, self._powers.targets[at], self._powers.scene)
            answer = asking.way(self._mode).truth.answer
            sure |= (answer is Answer.YES) << at
            possible |= (answer is not Answer.NO) << at
        return Bits(sure, possible, usual.full)

    def _may_have_others(self) -> bool:
        """Whether every action that the caller takes on the new table is allowed on some name."""
        for need in self._needs:
            if need.actor == CALLER and need.on == NEW_TABLE:
                named = [self._powers.names(self._standing, action) for action in need.actions]
                if not (any(named) if need.any_of else all(named)):
                    return False
        return True

    def _by_role(self) -> bool:
        return any(need.actor != CALLER or axis(need) == OF_ROLES for need in self._needs)

    def _of_tables(self, standing: Standing, row: Row, actor: str) -> Bits:
        found = all_of(Answer.YES, self._questions.full)
        for need in self._needs:
            if need.actor != actor or axis(need) != OF_TABLES or (self._otherwise and need.on == NEW_TABLE):
                continue
            allowed = row.need(need)
            if need.on in (BUCKET, ANY_VAULT) and not allowed.sure:
                allowed |= all_of(self._some(standing, need), self._questions.full)
            found &= allowed | ~self._powers.circumstance(need.when) if need.when else allowed
            if not found.possible:
                break
        if self._otherwise and actor == CALLER and not self._by_role():
            found &= self._by_other_names(None)
        return found

    def _some(self, standing: Standing, need: Need) -> Answer:
        """Whether something is granted on some bucket or vault, whichever."""
        if not all(self._powers.names(standing, action) for action in need.actions):
            return Answer.NO
        asking = Asking(standing, self._powers.targets[0], self._powers.scene)
        return _all(asking.answer(need, action, Taken()) for action in need.actions)

    def _of_some_plan(self) -> Bits:
        """Whether what is asked of a plan is granted on one of each table's."""
        found = Bits(0, 0, self._questions.full)
        whole = self._on(OF_PLANS)
        for number, plan in enumerate(self._questions.plans):
            if whole[number] is not Answer.NO:
                tables = sum(1 << at for at, target in enumerate(self._powers.targets) if plan in target.plans)
                found |= Bits(tables, tables, self._questions.full).only(whole[number])
        return found

    def _of_some_replica(self) -> Bits:
        """Whether what is asked of a replica is granted on one of each table's."""
        found = Bits(0, 0, self._questions.full)
        whole = self._on(OF_REPLICAS)
        for number, (at, _) in enumerate(self._questions.replicas):
            found |= Bits(1 << at, 1 << at, self._questions.full).only(whole[number])
        return found

    def _on(self, kind: str) -> Bits:
        """All that is asked of the members of an axis, for each of them."""
        whole = all_of(Answer.YES, (1 << self._questions.size(kind)) - 1)
        for need in self._needs:
            if axis(need) == kind:
                whole &= self._row.need(need)
        return whole

    def _of_place(self, number: int, place: Place) -> Bits:
        """Whether it can go by one vault, for each table."""
        own = self._in_vault(self._row, number, place, CALLER)
        for name in self._mode.given:
            if name in OF_ONE_VAULT:
                own = _all((own, self._powers.scene.given(name, place.target, place.holding).answer))
        if own is Answer.NO:
            return Bits(0, 0, self._questions.full)
        found = (place.filled if "covered" in self._mode.given else place.tables).only(own)
        return found & self._of_some_role((number, place)) if found.possible and self._by_role() else found

    def _in_vault(self, row: Row, number: int, place: Place, actor: str) -> Answer:
        answer = Answer.YES
        for need in self._needs:
            if need.actor != actor or axis(need) != OF_VAULTS:
                continue
            allowed = row.need(need)[number]
            if need.when:
                when = self._powers.scene.given(need.when, place.target, place.holding).answer
                allowed = _some((allowed, _not(when)))
            answer = _all((answer, allowed))
        return answer

    def _of_some_role(self, at: tuple[int, Place] | None) -> Bits:
        """Whether some role can be passed to AWS Backup that can do its part."""
        found = Bits(0, 0, self._questions.full)
        for number, choice in enumerate(self._questions.roles):
            answer = choice.trusted.answer
            for need in self._needs:
                if axis(need) == OF_ROLES:
                    answer = _all((answer, self._row.need(need)[number]))
            if answer is Answer.NO:
                continue
            row = self._questions.row(choice.standing)
            if at is not None:
                answer = _all((answer, self._in_vault(row, at[0], at[1], "role")))
            if answer is Answer.NO:
                continue
            tables = self._of_tables(choice.standing, row, "role")
            if self._otherwise and tables.possible:
                tables &= self._by_other_names(choice)
            found |= tables.only(answer)
        return found

    def _by_other_names(self, role: RoleChoice | None) -> Bits:
        """Whether what is asked of a new table is granted on some other name than the usual one."""
        needs = tuple(need for need in self._needs if need.on == NEW_TABLE)
        key = (id(self._standing), id(role), needs)
        known = self._powers.renamed.get(key)
        if known is None:
            known = Bits(0, 0, self._questions.full)
            for members in self._powers.beside.values():
                here = sum(1 << at for at in members)
                best = self._under_other_names(needs, self._powers.targets[members[0]], role)
                known |= Bits(here, here, self._questions.full).only(best)
            self._powers.renamed[key] = known
        return known

    def _under_other_names(self, needs: tuple[Need, ...], target: Target, role: RoleChoice | None) -> Answer:
        asking = Asking(self._standing, target, self._powers.scene)
        best = Answer.NO
        for name in list(asking.names(self._mode, Taken(role=role)))[1:]:
            taken = Taken(role=role, new_name=name)
            answers = []
            for need in needs:
                each = [asking.answer(need, action, taken) for action in need.actions]
                answers.append(_some(each) if need.any_of else _all(each))
            best = _some((best, _all(answers)))
            if best is Answer.YES:
                break
        return best


def _all(answers: Iterable[Answer]) -> Answer:
    found = set(answers)
    return Answer.NO if Answer.NO in found else Answer.UNKNOWN if Answer.UNKNOWN in found else Answer.YES


def _some(answers: Iterable[Answer]) -> Answer:
    found = set(answers)
    return Answer.YES if Answer.YES in found else Answer.UNKNOWN if Answer.UNKNOWN in found else Answer.NO


def _not(one: Answer) -> Answer:
    return {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}[one]
