"""The recovery picture of a table: which restore points there are, how old they may be, and which losses they survive.

What is counted is sure: a restore point that may or may not be there makes no number better.
"""

from __future__ import annotations

from recoverable.recovery.backups.copies import Place, places, vaults_of
from recoverable.recovery.backups.coverage import Coverage, CoveredBy, coverage
from recoverable.recovery.backups.immutability import is_immutable
from recoverable.recovery.backups.restore_tests import is_tested
from recoverable.recovery.backups.retention import fits_lock
from recoverable.recovery.backups.schedule import PAST, Timetable, timetable
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.estate import Estate, Replica, Table
    from recoverable.estate.backup import PlanRule
    from recoverable.value import Value

#: The newest point in time that can be restored lies five minutes back, typically:
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
PITR_LAG = 5 * 60


class Points(NamedTuple):
    """Restore points of one kind, from one source.

    `kind` is `pitr`, `backup`, `air-gapped`, `copy`, or `declared` for what the configuration says is made outside.
    `by` names the plan and rule, `there` says whether these points come to be. There is one every `between` seconds by
    the clock (1 for point-in-time recovery, which gives any second). `loss` is the most that is lost, in seconds: the
    time that passes between two starts, and the windows in which a job may start and finish late; `loss_facts` are
    these parts. For copies it is None: AWS names no time in which a copy is made. `kept_days` is how far back they
    reach, None while `for_ever` is true or where it is not known. `average` is the time between two in the long run.
    """

    kind: str
    by: str
    there: Truth
    between: int | None
    loss: int | None
    loss_facts: tuple[Fact, ...]
    kept_days: int | None
    for_ever: bool
    cold_after: int | None
    average: float | None
    place: Place | None
    immutable: Truth
    rule: PlanRule | None = None

    def sure(self) -> bool:
        return self.there.answer is Answer.YES


class Posture(NamedTuple):
    """What could be had back of a table, and how much of it.

    `loss` is the most that is lost, in seconds, and `back_days` how far back the oldest point lies, by points that are
    sure; None where there are none, or nothing is known of them. `for_ever`: some points are never deleted.
    `other_region`, `other_account`: a point survives the loss of the table's own. `immutable`: a point lies where
    nobody can delete it early. `tested`: a restore test tries its backups.
    """

    pitr: Truth
    coverage: Coverage
    points: tuple[Points, ...]
    loss: int | None
    back_days: int | None
    for_ever: bool
    other_region: Truth
    other_account: Truth
    immutable: Truth
    tested: Truth


def posture(item: Table | Replica, estate: Estate, today: str = "") -> Posture:
    """The recovery picture of a table or replica, in the estate's run. `today` (ISO) is for locks that have a date."""
    found = coverage(item, estate)
    points = [_pitr(item)]
    for one in found.by:
        points += _of(one, item, estate, today)
    all_points = tuple(points)
    sure = [each for each in all_points if each.sure()]
    losses = [each.loss for each in sure if each.loss is not None]
    reaches = [each.kept_days for each in sure if each.kept_days is not None]
    elsewhere = [each for each in all_points if each.place is not None]
    vaults = [each.place.vault for each in elsewhere if each.place is not None and each.there.answer is not Answer.NO]
    return Posture(
        pitr=item.pitr.equals(wanted=True),
        coverage=found,
        points=all_points,
        loss=min(losses, default=None),
        back_days=max(reaches, default=None),
        for_ever=any(each.for_ever for each in sure),
        other_region=_somewhere(elsewhere, "another Region", lambda place: place.other_region, found),
        other_account=_somewhere(elsewhere, "another account", lambda place: place.other_account, found),
        immutable=_immutable(elsewhere, found),
        tested=is_tested(item, vaults, estate),
    )


def timetable_of(schedule: Value[str], timezone: Value[str], estate: Estate) -> Timetable:
    """The timetable of a rule, worked out once for all rules of an estate that are written alike."""
    if estate.memo is None or schedule.known() is None or timezone.known() is None:
        return timetable(schedule, timezone)
    known: dict[tuple[str | None, str | None], Timetable] = estate.memo.of("timetables", (), dict)
    key = (schedule.known(), timezone.known())
    found = known.get(key)
    if found is None:
        found = known[key] = timetable(schedule, timezone, estate.memo.of("clocks", (), dict))
    return found._replace(fact=schedule.fact())


def makes_points(rule: PlanRule, estate: Estate, place: Place, today: str = "") -> Truth:
    """Whether the jobs of a rule come to something: its schedule starts, and the lock of the vault takes the points."""
    when = timetable_of(rule.schedule, rule.timezone, estate)
    asked = [~when.is_invalid(), ~when.never_fires(int(today[:4]) if today else PAST)]
    if place.vault is not None:
        asked.append(fits_lock(rule.lifecycle, place.vault))
    return every(asked)


def worst_loss(rule: PlanRule, when: Timetable) -> tuple[int | None, tuple[Fact, ...]]:
    """The most that a rule loses, in seconds, and what it is made of.

    A backup holds what was there when it was made, at the earliest when its schedule starts. The next one is made after
    the longest time between two starts; it may start late by the start window, and finish later by the completion
    window. Until it has finished, the one before is the newest.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
    """
    facts = (when.fact, rule.start_window.fact(), rule.completion_window.fact())
    pace = when.pace
    start, completion = rule.start_window.known(), rule.completion_window.known()
    if pace is None or pace.longest is None or start is None or completion is None:
        return None, facts
    return pace.longest + (start + completion) * 60, facts


def _pitr(item: Table | Replica) -> Points:
    there = item.pitr.equals(wanted=True)
    days = item.pitr_window.known()
    not_immutable = no("whoever may change the table can turn point-in-time recovery off", item.pitr.origin)
    fact = Fact("the newest point in time that can be restored lies five minutes back, typically")
    return Points(
        "pitr", "point-in-time recovery", there, 1, PITR_LAG, (fact,), days, False, None, 1, None, not_immutable
    )


def _of(one: CoveredBy, item: Table | Replica, estate: Estate, today: str) -> Iterable[Points]:
    """The points that one thing makes which covers the table."""
    rule = one.rule
    if rule is None:
        kind = "declared" if one.declared is not None else "backup"
        by = one.declared.by if one.declared is not None else one.selection.subject.title() if one.selection else ""
        open_ = unknown("what it makes is not in what was read", one.declared.origin if one.declared else None)
        yield Points(kind, by, one.truth, None, None, (), None, False, None, None, None, open_)
        return
    for points in _known_points(rule, _name(one), item, estate, today):
        yield points._replace(there=every((one.truth, points.there)))


def _known_points(rule: PlanRule, plan: str, item: Table | Replica, estate: Estate, today: str) -> tuple[Points, ...]:
    """The points that a rule makes of what it covers; worked out once for all tables of a Region and account."""
    if estate.memo is None or not vaults_of(estate).fixed:
        return _points(rule, plan, item, estate, today)
    known: dict[tuple[object, ...], tuple[Points, ...]] = estate.memo.of("points", (estate.vaults.entries,), dict)
    # Rules live as long as the estate, so that their ids stay theirs.
    key = (id(rule), item.subject.region.known(), item.subject.account.known(), today)
    found = known.get(key)
    if found is None:
        found = known[key] = _points(rule, plan, item, estate, today)
    return found


def _points(rule: PlanRule, plan: str, item: Table | Replica, estate: Estate, today: str) -> tuple[Points, ...]:
    when = timetable_of(rule.schedule, rule.timezone, estate)
    pace = when.pace
    found = places(rule, estate, item.subject)
    made = makes_points(rule, estate, found[0], today)
    loss, facts = worst_loss(rule, when)
    return tuple(
        Points(
            kind="backup" if place.kind == "vault" else place.kind,
            by=f"plan {plan}, rule {rule.subject.name.known() or rule.subject.part}",
            there=made if place.kind == "vault" else every((made, place.works, *_taken(place))),
            between=None if pace is None else pace.nominal,
            loss=loss if place.kind == "vault" else None,
            loss_facts=facts,
            kept_days=place.kept.days,
            for_ever=place.kept.for_ever,
            cold_after=place.kept.cold_after,
            average=None if pace is None else pace.average,
            place=place,
            immutable=_in_vault(place, today),
            rule=rule,
        )
        for place in found
    )


def _taken(place: Place) -> tuple[Truth, ...]:
    """Whether the lock of the vault that a copy goes to takes it."""
    if place.vault is None or place.lifecycle is None:
        return ()
    return (fits_lock(place.lifecycle, place.vault),)


def _name(one: CoveredBy) -> str:
    return "" if one.plan is None else one.plan.subject.name.known() or one.plan.subject.title()


def _in_vault(place: Place, today: str) -> Truth:
    if place.vault is not None:
        return is_immutable(place.vault, today)
    if place.kind == "air-gapped" and place.name != "unknown":
        return yes(f"{place.name} is a logically air-gapped vault", place.origin)
    return unknown(f"the vault {place.name} is not in what was read", place.origin)


def _somewhere(points: Iterable[Points], what: str, where: _Where, found: Coverage) -> Truth:
    """Whether a point that is there lies elsewhere."""
    asked = [every((each.there, where(each.place))) for each in points if each.place is not None]
    return _or_nothing(some(asked), asked, f"no copy goes to {what}", found)


def _immutable(points: Iterable[Points], found: Coverage) -> Truth:
    asked = [every((each.there, each.immutable)) for each in points]
    return _or_nothing(some(asked), asked, "no vault with its backups is locked for good", found)


def _or_nothing(answer: Truth, asked: list[Truth], nothing: str, found: Coverage) -> Truth:
    """*No* only where it is sure what covers the table, and where its copies go; the reason comes first."""
    if answer.answer is not Answer.NO:
        return answer
    for one in found.by:
        if one.rule is None:
            return Truth(Answer.UNKNOWN, one.truth.facts)
        if one.rule.copies_open:
            where = one.rule.subject
            return unknown(f"{where.title()} may have more copies: {one.rule.copies_open}", where.origin)
    if found.truth.answer is Answer.UNKNOWN and not asked:
        return Truth(Answer.UNKNOWN, found.truth.facts)
    return Truth(Answer.NO, (Fact(nothing), *answer.facts))


if TYPE_CHECKING:
    from collections.abc import Callable

    _Where = Callable[[Place], Truth]
