"""Roles that AWS Backup takes on and that cannot do what they are for, and grants that do not suffice.

All that is missing is told at once. What is missing is one cause: the trust, the actions of the advanced features, the
keys, the role to pass, the new table, or a boundary.
https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""

from __future__ import annotations

from recoverable.policy.bits import Bits, all_of
from recoverable.policy.layers import BOUNDARY, SERVICE_CONTROL
from recoverable.recovery.access.accesses import accesses_of
from recoverable.recovery.access.circumstances import OPEN
from recoverable.recovery.access.kinds import Taken
from recoverable.recovery.access.power_faults import is_held_back
from recoverable.recovery.access.questions import OF_TABLES, axis
from recoverable.recovery.access.requirements import CALLER, NEW_KEY, NEW_TABLE, ROLE, TABLE_KEY, VAULT_KEY
from recoverable.recovery.access.scenes import RoleChoice, only_for_aws_backup
from recoverable.recovery.access.standing import aws_backup, taken_on
from recoverable.recovery.access.ways import Asking, order
from recoverable.recovery.backups.places import apart
from recoverable.text import joined
from recoverable.truth import Answer, Fact, Truth, unknown
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from recoverable.estate import Estate
    from recoverable.estate.backup import RestoreTestSelection, Selection
    from recoverable.estate.principals import Principal
    from recoverable.recovery.access.accesses import Accesses
    from recoverable.recovery.access.requirements import Mode, Need
    from recoverable.recovery.access.standing import Standing
    from recoverable.recovery.access.targets import Holding, Target
    from recoverable.recovery.access.ways import Step, Way
    from recoverable.source import Origin
    from recoverable.text import Text

#: What somebody lacks, by the rule that tells it.
CANNOT_BACK_UP, CANNOT_RESTORE = "backup-role-cannot-back-up", "restore-role-cannot-restore"
NOT_ADVANCED, NO_KEY = "backup-role-lacks-advanced-actions", "key-grant-missing"
NO_ROLE, NO_NEW_TABLE, BOUNDED = "pass-role-missing", "restore-grant-misses-target-table", "boundary-voids-restore"

_KEYS = (TABLE_KEY, NEW_KEY, VAULT_KEY)
#: AWS's own policy for the role allows it, and no page says what happens without it; roles in the field go without.
#: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
_NOT_DOCUMENTED = ("backup:DescribeBackupVault",)
_ADVANCED = ("dynamodb:StartAwsBackupJob", "dynamodb:ListTagsOfResource")

_NOT = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}

#: What restore tests call the tables that they make.
_TESTED = "awsbackup-restore-test-1234"

#: The ways that a principal may be meant to have, and to lack something of.
_MEANT = (
    ("restore", "native-backup"),
    ("restore", "point-in-time"),
    ("restore", "aws-backup"),
    ("back-up", "aws-backup"),
)


def backup_role(name: str, selection: Selection, found: Principal, estate: Estate) -> Truth:
    """Whether the role of a selection cannot back up a table that it selects, for the reason that the rule is about."""
    accesses = accesses_of(estate)
    standing = accesses.standing(found)
    own = standing.caller.arn.identity()
    #: The tables on which all is granted that the role needs on a table: what it needs of the vault is asked once.
    whole: dict[tuple[object, ...], Bits] = {}
    for at, target in enumerate(accesses.powers.targets if accesses.powers is not None else ()):
        if own not in {role.identity() for role in target.roles}:
            continue
        plain = target.given["advanced"].answer is Answer.NO
        mode = accesses.capabilities["back-up"].mode("aws-backup-plain" if plain else "aws-backup")
        assert mode is not None
        holding = next((each for each in target.holdings if each.kind in ("vault", "air-gapped")), None)
        seen = (mode.name, None if holding is None else holding.arn)
        if seen in whole and whole[seen].sure >> at & 1:
            continue
        part = _Part(CANNOT_BACK_UP, found, mode, target, holding, selection.role.origin)
        truth = _if(_of_role(name, part, accesses), target.given["planned"])
        if truth.answer is not Answer.NO:
            return truth
        if seen not in whole:
            whole[seen] = _on_tables(accesses, standing, mode)
    return Truth(Answer.NO)


def _on_tables(accesses: Accesses, standing: Standing, mode: Mode) -> Bits:
    """The tables on which a role is granted all that it needs on them in a way."""
    assert accesses.powers is not None
    row = accesses.powers.questions.row(standing)
    found = all_of(Answer.YES, accesses.powers.questions.full)
    for need in mode.needs:
        if need.actor != CALLER and axis(need) == OF_TABLES and not need.strict:
            allowed = row.need(need)
            found &= allowed | ~accesses.powers.circumstance(need.when) if need.when else allowed
    return found


def restore_role(name: str, selection: RestoreTestSelection, found: Principal, estate: Estate) -> Truth:
    """Whether the role of a restore test cannot restore a table, for the reason that the rule is about."""
    accesses = accesses_of(estate)
    for target in accesses.powers.targets if accesses.powers is not None else ():
        # A restore test takes what lies in the vaults of its own Region.
        if target.given["covered"].answer is Answer.NO or apart(target.subject, selection.subject):
            continue
        plain = target.given["advanced"].answer is Answer.NO
        mode = accesses.capabilities["restore"].mode("aws-backup-plain" if plain else "aws-backup")
        assert mode is not None
        holding = next((each for each in target.holdings if each.kind != "free"), None)
        part = _Part(CANNOT_RESTORE, found, mode, target, holding, selection.role.origin, joined(_TESTED))
        truth = _if(_of_role(name, part, accesses), target.given["covered"])
        if truth.answer is not Answer.NO:
            return truth
    return Truth(Answer.NO)


def _if(found: Truth, asked: Truth) -> Truth:
    """A *yes* about a table that the role may never be taken on for is not known."""
    if found.answer is not Answer.YES or asked.answer is Answer.YES:
        return found
    return Truth(Answer.UNKNOWN, (*found.facts, *asked.facts))


def falls_short(name: str, principal: Principal, estate: Estate) -> Truth:
    """Whether a principal has what a restore or a backup begins with, and lacks the rest, for the rule's reason."""
    if principal.subject.kind == "group" or only_for_aws_backup(principal):
        return Truth(Answer.NO)
    accesses = accesses_of(estate)
    if accesses.powers is None:
        return Truth(Answer.NO)
    standing = accesses.standing(principal)
    perhaps: Truth | None = None
    for capability, way in accesses.once("shortfalls", standing, lambda: tuple(_shortfalls(accesses, standing))):
        missing, open_ = way.missing(), way.open()
        answer = _kept([_why(name, missing, open_), way.steps[0].truth.answer, *(given.answer for given in way.given)])
        if answer is Answer.NO:
            continue
        lacking = missing or open_
        first = way.steps[0]
        origin = next((fact.origin for fact in first.truth.facts if fact.origin), principal.subject.origin)
        facts = [fact for step in lacking for fact in step.truth.facts if fact.origin is not None]
        if answer is Answer.YES:
            said = f"it may {first.action} and cannot {capability} ({way.mode.name}): {_lacks(missing)}"
            return Truth(Answer.YES, (Fact(said, origin), *dict.fromkeys(facts)))
        if perhaps is None and not (open_ and not missing and all(map(is_held_back, open_))):
            said = (
                f"it may {first.action}, and whether it can {capability} ({way.mode.name}) depends: {_lacks(lacking)}"
            )
            perhaps = unknown(said, origin).because(*dict.fromkeys(facts))
    return Truth(Answer.NO) if perhaps is None else perhaps


def _kept(answers: Iterable[Answer]) -> Answer:
    found = set(answers)
    return Answer.NO if Answer.NO in found else Answer.UNKNOWN if Answer.UNKNOWN in found else Answer.YES


def bounded(principal: Principal, estate: Estate) -> Truth:
    """Whether what a principal's own policies grant restores a table, and a boundary or control policy voids it."""
    if principal.subject.kind == "group" or only_for_aws_backup(principal):
        return Truth(Answer.NO)
    accesses = accesses_of(estate)
    if accesses.powers is None:
        return Truth(Answer.NO)
    standing = accesses.standing(principal)
    layers = standing.layers
    if layers.boundary is None and not layers.boundary_open and not layers.service_control:
        return Truth(Answer.NO)
    free = accesses.unlimited(standing)
    granted, left = accesses.powers.own(free, "restore"), accesses.can(standing, "restore")
    void, open_ = granted.sure & ~left.possible, granted.possible & ~left.sure
    if not void and not open_:
        return Truth(Answer.NO)
    which = void or open_
    at = (which & -which).bit_length() - 1
    target = accesses.powers.targets[at]
    restore = accesses.capabilities["restore"]
    way = min(Asking(free, target, accesses.scene).ways(restore), key=order)
    origin = next((fact.origin for step in way.steps for fact in step.truth.facts if fact.origin), None)
    origin = origin or principal.subject.origin
    table = target.subject.title()
    limited = Asking(standing, target, accesses.scene).way(way.mode)
    if not void:
        why = dict.fromkeys(fact for step in (*limited.open(), *way.open()) for fact in step.truth.facts)
        if not why or all(fact.text.endswith(OPEN) for fact in why):
            # A condition on the request, such as its Region, is what the author wanted.
            return Truth(Answer.NO)
        said = f"its policies grant to restore {table}; whether its boundary voids that is not known"
        return unknown(said, origin).because(*why)
    lost = limited.missing()
    said = f"its policies grant to restore {table} ({way.mode.name}), and this is taken away: {_lacks(lost)}"
    layer = " and ".join(dict.fromkeys(each for step in lost for each in step.decision.blocked_by))
    facts = [fact for step in lost for fact in step.truth.facts if fact.origin is not None]
    return Truth(
        Answer.YES, (Fact(said, origin), Fact(f"by the {layer}", principal.boundary.origin), *dict.fromkeys(facts))
    )


def _shortfalls(accesses: Accesses, standing: Standing) -> Iterator[tuple[str, Way]]:
    """The ways whose first step is granted on some table where the capability is not, with what they lack there."""
    assert accesses.powers is not None
    row = accesses.powers.questions.row(standing)
    for name, way in _MEANT:
        mode = accesses.capabilities[name].mode(way)
        assert mode is not None
        key = mode.needs[0]
        if not standing.may_ask(key.actions[0]):
            continue
        granted, can = _granted(accesses, row.need(key), key), accesses.can(standing, name)
        sure, possible = granted.sure & ~can.possible, granted.possible & ~can.sure
        for given in mode.given:
            circumstance = accesses.powers.circumstance(given)
            sure, possible = sure & circumstance.sure, possible & circumstance.possible
        left = sure or possible
        if not left:
            continue
        at = (left & -left).bit_length() - 1
        found = Asking(standing, accesses.powers.targets[at], accesses.scene).way(mode)
        if found.truth.answer is not Answer.YES and found.steps[0].truth.answer is not Answer.NO:
            yield name, found


def _granted(accesses: Accesses, allowed: Bits, key: Need) -> Bits:
    """The tables that the first step of a way is granted for."""
    assert accesses.powers is not None
    if axis(key) == OF_TABLES:
        return allowed
    found = Bits(0, 0, accesses.powers.questions.full)
    for number, place in enumerate(accesses.powers.questions.places):
        found |= place.tables.only(allowed[number])
    return found


def _why(name: str, missing: Sequence[Step], open_: Sequence[Step]) -> Answer:
    """Whether something is lacking for the reason that a rule is about: the role to pass, else the keys alone, else the
    new table. What is open may be lacking or not.
    """
    layers = {layer for step in missing for layer in step.decision.blocked_by}
    if layers and layers <= {BOUNDARY, SERVICE_CONTROL}:
        return Answer.UNKNOWN if open_ else Answer.NO
    role = _some_of(missing, open_, lambda step: step.need.on == ROLE)
    if name == NO_ROLE or role is Answer.YES:
        return role if name == NO_ROLE else Answer.NO
    keys = _all_of(missing, open_, lambda step: step.need.on in _KEYS)
    if name == NO_KEY:
        return Answer.UNKNOWN if role is Answer.UNKNOWN and keys is Answer.YES else keys
    new = _some_of(missing, open_, lambda step: step.need.on == NEW_TABLE and step.need.actor == CALLER)
    return Answer.UNKNOWN if role is Answer.UNKNOWN and new is Answer.YES else new


def _some_of(missing: Sequence[Step], open_: Sequence[Step], test: Callable[[Step], bool]) -> Answer:
    """Whether something of a kind is among what is lacking."""
    if any(map(test, missing)):
        return Answer.YES
    return Answer.UNKNOWN if any(map(test, open_)) else Answer.NO


def _all_of(missing: Sequence[Step], open_: Sequence[Step], test: Callable[[Step], bool]) -> Answer:
    """Whether something is lacking, and nothing that is not of a kind."""
    if not all(map(test, missing)):
        return Answer.NO
    if missing and all(map(test, open_)):
        return Answer.YES
    return Answer.UNKNOWN if missing or any(map(test, open_)) else Answer.NO


def _lacks(missing: Iterable[Step]) -> str:
    by_resource: dict[str, list[str]] = {}
    for step in missing:
        by_resource.setdefault(step.resource.shown(), []).append(step.action)
    return "; ".join(f"{', '.join(actions)} on {resource}" for resource, actions in by_resource.items())


class _Part(NamedTuple):
    """The part of a way that falls to a role: for which table, with which vault, into what. `otherwise` is the rule
    that tells what no other does."""

    otherwise: str
    role: Principal
    mode: Mode
    target: Target
    holding: Holding | None
    origin: Origin | None
    new_name: Text | None = None


def _of_role(name: str, part: _Part, accesses: Accesses) -> Truth:
    """Whether a role lacks something of its part of a way, for the reason that the rule is about."""
    otherwise, role, mode, target, holding, origin, new_name = part
    standing = accesses.standing(role)
    trusted = taken_on(standing, role.trust, aws_backup(accesses.scene.controls), accesses.estate)
    table = target.subject.title()
    if trusted.answer is Answer.NO:
        if name != otherwise:
            return Truth(Answer.NO)
        return Truth(Answer.YES, (Fact(f"{role.subject.title()} does not trust AWS Backup", origin),))
    asking = Asking(standing, target, accesses.scene)
    choice = RoleChoice(standing, Truth(Answer.YES))
    steps = asking.role_steps(mode, Taken(holding=holding, role=choice, new_name=new_name))
    missing = [step for step in steps if step.truth.answer is Answer.NO]
    open_ = [step for step in steps if step.truth.answer is Answer.UNKNOWN]
    if all(step.action in _NOT_DOCUMENTED for step in missing):
        missing, open_ = [], [*missing, *open_]
    advanced = _all_of(missing, open_, lambda step: step.action in _ADVANCED)
    advanced = advanced if otherwise == CANNOT_BACK_UP else Answer.NO
    doubtful = bool(open_) or trusted.answer is Answer.UNKNOWN
    others = Answer.YES if missing else Answer.UNKNOWN if doubtful else Answer.NO
    answer = advanced if name == NOT_ADVANCED else _kept((others, _NOT[advanced]))
    answer = _kept((answer, Answer.UNKNOWN)) if trusted.answer is Answer.UNKNOWN else answer
    if answer is Answer.NO:
        return Truth(Answer.NO)
    lacking = missing or open_
    if answer is Answer.UNKNOWN:
        said = f"whether {role.subject.title()} can do its part for {table} is not known: {_lacks(lacking)}"
        facts = [fact for step in lacking[:1] for fact in step.truth.facts] or trusted.depends_on
        if any(step.action in _NOT_DOCUMENTED for step in lacking):
            facts = [
                Fact("AWS's own policy for the role allows it, and what happens without it is not documented"),
                *facts,
            ]
        return unknown(said, origin).because(*facts)
    denied = [fact for step in missing if step.decision.deciding for fact in step.truth.facts]
    said = f"{role.subject.title()} lacks for {table}: {_lacks(missing)}"
    return Truth(Answer.YES, (Fact(said, origin), *dict.fromkeys(denied)))
