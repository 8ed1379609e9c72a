"""What is wrong with what principals can do to tables and backups: one answer for a principal, about all its tables.

The widest power says it all: whoever can destroy tables with every backup is found to be that, and not again for each
act that this takes. Who is meant to have a power is declared in the configuration (`principals:`).
"""

from __future__ import annotations

from recoverable.glob import matches
from recoverable.policy.bits import Bits
from recoverable.policy.guards import guarded
from recoverable.recovery.access.accesses import accesses_of
from recoverable.recovery.access.circumstances import OPEN
from recoverable.recovery.access.scenes import only_for_aws_backup
from recoverable.recovery.access.ways import Asking, order
from recoverable.truth import Answer, Fact, Truth, unknown
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.estate import Estate, Table
    from recoverable.estate.principals import Principal
    from recoverable.recovery.access.accesses import Accesses, Asked
    from recoverable.recovery.access.standing import Standing
    from recoverable.recovery.access.ways import Step
    from recoverable.source import Origin

#: So many tables are named, and the others counted.
NAMED = 5

DESTROYS_ALL = "can-destroy-table-and-backups"


class Act(NamedTuple):
    """A way to do something, as `recoverable can` names it; `said` is what a finding says of it."""

    capability: str
    mode: str
    said: str


def may(name: str, acts: Sequence[Act], principal: Principal, estate: Estate) -> Truth:
    """Whether a principal has one of these powers over some table, and nobody has declared that it is meant to."""
    asked = _asked(principal, estate)
    if asked is None:
        return Truth(Answer.NO)
    accesses, standing = asked
    whole = accesses.destroys_all(standing)
    found: Truth | None = None
    for act in acts:
        bits = accesses.mode(standing, act.capability, act.mode)
        # What follows from the widest power is told by that.
        left = Bits(bits.sure & ~whole.sure, bits.possible & ~whole.sure, bits.full)
        truth = _told(act, left, accesses, standing)
        if truth.answer is Answer.YES:
            return _declared(name, truth, principal, estate)
        found = truth if found is None or found.answer is Answer.NO else found
    return Truth(Answer.NO) if found is None else _declared(name, found, principal, estate)


def destroys_all(principal: Principal, estate: Estate) -> Truth:
    """Whether a principal can destroy some table with every backup of it."""
    asked = _asked(principal, estate)
    if asked is None:
        return Truth(Answer.NO)
    accesses, standing = asked
    tables = list(accesses.answers(accesses.destroys_all(standing)))
    sure = [each for each, answer in tables if answer is Answer.YES]
    if sure:
        facts = (
            Fact(f"it can destroy every copy of {_listed(sure)}", principal.subject.origin),
            *_first(accesses, standing, sure[0], (("destroy-table", ""), ("destroy-backups", ""))),
        )
        return _declared(DESTROYS_ALL, Truth(Answer.YES, facts), principal, estate)
    if tables and not _held_back(accesses, standing, tables[0][0], "destroy-table", ""):
        said = f"whether it can destroy every copy of {_listed([each for each, _ in tables])} is not known"
        why = _first(accesses, standing, tables[0][0], (("destroy-table", ""), ("destroy-backups", "")))
        truth = unknown(said, principal.subject.origin).because(*why)
        return _declared(DESTROYS_ALL, truth, principal, estate)
    return Truth(Answer.NO)


def silent_delete(principal: Principal, estate: Estate) -> Truth:
    """Whether a principal can turn point-in-time recovery off and then delete the table, so that nothing is kept.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
    """
    return _both(
        "silent-delete",
        (
            Act("disable-protection", "point-in-time", ""),
            Act("destroy-table", "delete", "it can turn point-in-time recovery off and then delete"),
        ),
        principal,
        estate,
    )


def unlocks(principal: Principal, estate: Estate) -> Truth:
    """Whether a vault's policy or lock is no barrier to a principal: it can take that away, and then delete."""
    return may(
        "unlock-then-delete",
        (
            Act(
                "destroy-backups",
                "rewrite-vault-policy",
                "it can rewrite the vault's policy and then delete backups of",
            ),
            Act("destroy-backups", "unlock-vault", "it can take the vault's lock off and then delete backups of"),
        ),
        principal,
        estate,
    )


def reads_by_restoring(principal: Principal, estate: Estate) -> Truth:
    """Whether a principal that cannot read a table can read what is in it by restoring it under another name."""
    asked = _asked(principal, estate)
    if asked is None:
        return Truth(Answer.NO)
    accesses, standing = asked
    bits = accesses.can(standing, "read-through-restore")
    if not bits.possible:
        return Truth(Answer.NO)
    act = Act("read-through-restore", "", "it cannot read, and can restore under a name that it can read,")
    left = bits & ~accesses.can(standing, "read")
    return _declared("restore-bypasses-read-denial", _told(act, left, accesses, standing), principal, estate)


def nobody_restores(table: Table, estate: Estate) -> Truth:
    """Whether nobody that was read can bring a table back.

    Asked only where people act by what was read: where there are none but the roles of services, who may restore is
    managed elsewhere.
    """
    accesses = accesses_of(estate)
    if accesses.powers is None:
        return Truth(Answer.NO)
    people = accesses.by_principal(_acts_for_people)
    if not {Answer.YES, Answer.UNKNOWN} & set(people):
        return Truth(Answer.NO)
    answer = accesses.of_table(accesses.restored(), table)
    if answer is None or answer is Answer.YES:
        return Truth(Answer.NO)
    origin = table.subject.origin
    if answer is Answer.UNKNOWN or estate.principals.incomplete or Answer.YES not in people:
        why = estate.principals.incomplete or "it depends on conditions, or on policies that were not read"
        return unknown(f"whether anybody can restore it is not known: {why}", origin)
    return Truth(Answer.YES, (Fact(f"none of the {len(people)} principals that were read can restore it", origin),))


def one_destroys(table: Table, estate: Estate) -> Truth:
    """Whether one principal alone can destroy a table and every backup of it."""
    accesses = accesses_of(estate)
    if accesses.powers is None:
        return Truth(Answer.NO)
    sure: list[str] = []
    perhaps: list[str] = []
    for principal, standing in zip(accesses.powers.principals, accesses.powers.standings, strict=True):
        if only_for_aws_backup(principal) or _is_entrusted("single-point-of-destruction", principal, estate):
            continue
        answer = accesses.of_table(accesses.destroys_all(standing), table)
        if answer is Answer.YES:
            sure.append(standing.title)
        elif answer is Answer.UNKNOWN:
            perhaps.append(standing.title)
    origin = table.subject.origin
    if sure:
        return Truth(
            Answer.YES, (Fact(f"each of these can destroy it and every backup of it: {_named(sure)}", origin),)
        )
    if perhaps:
        return unknown(f"whether one of these can destroy it and every backup of it depends: {_named(perhaps)}", origin)
    return Truth(Answer.NO)


def _acts_for_people(principal: Principal) -> Answer:
    """Whether people, or code elsewhere, act as a principal: not a role that services alone take on."""
    if principal.subject.kind != "role":
        return Answer.YES if principal.subject.kind in ("user", "permission-set") else Answer.NO
    trust = principal.trust.known()
    if trust is None:
        return Answer.UNKNOWN
    found = Answer.UNKNOWN if trust.open else Answer.NO
    for statement in trust.statements:
        effect = statement.effect.known()
        if effect == "Deny":
            continue
        if any(each.type in ("AWS", "Federated", "*") for each in statement.principals):
            if effect == "Allow":
                return Answer.YES
            found = Answer.UNKNOWN
        if statement.principals_open or statement.not_principal:
            found = Answer.UNKNOWN
    return found


def _is_entrusted(name: str, principal: Principal, estate: Estate) -> bool:
    return any(
        name in entrusted.rules and any(_is_called(glob, principal) for glob in entrusted.principals)
        for entrusted in estate.declared.entrusted
    )


def _named(names: Sequence[str]) -> str:
    left = len(names) - NAMED
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {left} more" if left > 0 else shown


def _both(name: str, acts: tuple[Act, Act], principal: Principal, estate: Estate) -> Truth:
    asked = _asked(principal, estate)
    if asked is None:
        return Truth(Answer.NO)
    accesses, standing = asked
    whole = accesses.destroys_all(standing)
    one, other = (accesses.mode(standing, act.capability, act.mode) for act in acts)
    bits = one & other
    left = Bits(bits.sure & ~whole.sure, bits.possible & ~whole.sure, bits.full)
    return _declared(name, _told(acts[1], left, accesses, standing), principal, estate)


def _asked(principal: Principal, estate: Estate) -> tuple[Accesses, Standing] | None:
    """Whom it is worth asking about: who acts by itself, where there are tables."""
    if principal.subject.kind == "group" or only_for_aws_backup(principal):
        return None
    accesses = accesses_of(estate)
    if accesses.powers is None:
        return None
    return accesses, accesses.standing(principal)


def _told(act: Act, bits: Bits, accesses: Accesses, standing: Standing) -> Truth:
    tables = list(accesses.answers(bits))
    sure = [each for each, answer in tables if answer is Answer.YES]
    if sure:
        facts = _first(accesses, standing, sure[0], ((act.capability, act.mode),))
        return Truth(Answer.YES, (Fact(f"{act.said} {_listed(sure)}", _place(facts, standing)), *facts))
    if not tables or _held_back(accesses, standing, tables[0][0], act.capability, act.mode):
        return Truth(Answer.NO)
    facts = _first(accesses, standing, tables[0][0], ((act.capability, act.mode),))
    said = f"whether {act.said} {_listed([each for each, _ in tables])} is not known"
    return unknown(said, _place(facts, standing)).because(*facts)


def _place(facts: tuple[Fact, ...], standing: Standing) -> Origin | None:
    own = standing.subject.origin if standing.subject is not None else None
    return next((fact.origin for fact in facts if fact.origin is not None), own)


def _first(
    accesses: Accesses, standing: Standing, asked: Asked, wanted: tuple[tuple[str, str], ...]
) -> tuple[Fact, ...]:
    """What the answer for one table follows from, with the places of the statements; the role that it goes through."""
    assert accesses.powers is not None
    at = (asked.bits & -asked.bits).bit_length() - 1
    target = accesses.powers.targets[at]
    found: dict[Fact, None] = {}
    for name, mode in wanted:
        capability = accesses.capabilities[name]
        roles = [standing, *(role for role, _ in accesses.powers.reached(standing))]
        # The one that can, or perhaps can, is asked why.
        answers = [_RANK[accesses.powers.own(role, name)[at]] for role in roles]
        role = roles[answers.index(min(answers))]
        through = "" if role is standing else role.title
        best = min(Asking(role, target, accesses.scene).ways(capability, mode), key=order)
        if through:
            found[Fact(f"through the role {through}")] = None
        deciding = [step for step in best.steps if step.truth.answer is best.truth.answer]
        facts = [fact for step in deciding for fact in step.truth.facts] or list(best.truth.facts)
        found |= dict.fromkeys(facts[:3])
    return tuple(found)


_RANK = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


def _held_back(accesses: Accesses, standing: Standing, asked: Asked, name: str, mode: str) -> bool:
    """Whether what is open is only whether a condition holds that keeps out who has stolen the credentials."""
    assert accesses.powers is not None
    at = (asked.bits & -asked.bits).bit_length() - 1
    asking = Asking(standing, accesses.powers.targets[at], accesses.scene)
    ways = [way for way in asking.ways(accesses.capabilities[name], mode) if way.truth.answer is Answer.UNKNOWN]
    return bool(ways) and all(
        way.open() and all(map(is_held_back, way.open())) and all(given.answer is Answer.YES for given in way.given)
        for way in ways
    )


def is_held_back(step: Step) -> bool:
    """Whether an open step is open only because it is allowed under a guard, such as a second factor."""
    if not all(fact.text.endswith(OPEN) for fact in step.truth.facts):
        return False
    allowing = [one for one in step.decision.deciding if one.effect == "Allow"]
    return bool(allowing) and all(guarded(one.statement).answer is Answer.YES for one in allowing)


def _declared(name: str, truth: Truth, principal: Principal, estate: Estate) -> Truth:
    """A power that somebody is meant to have is exempt, with the reason."""
    if truth.answer is Answer.NO:
        return truth
    for entrusted in estate.declared.entrusted:
        if name in entrusted.rules and any(_is_called(glob, principal) for glob in entrusted.principals):
            return truth.sparing(f"it is meant to have this power: {entrusted.reason}")
    return truth


def _is_called(glob: str, principal: Principal) -> bool:
    subject = principal.subject
    names = [subject.address, subject.title(), subject.name.known() or ""]
    names += [name.literal() or "" for name in principal.names]
    return any(matches(glob, name) for name in names if name)


def _listed(tables: Sequence[Asked]) -> str:
    """Their names; tables of several templates may be called alike."""
    titles: dict[str, int] = {}
    for title in sorted(each.table.subject.title() for each in tables):
        titles[title] = titles.get(title, 0) + 1
    shown = [title if count == 1 else f"{title} ({count} of them)" for title, count in titles.items()]
    left = len(tables) - sum(list(titles.values())[:NAMED])
    return ", ".join(shown[:NAMED]) + (f" and {left} more" if left else "")
