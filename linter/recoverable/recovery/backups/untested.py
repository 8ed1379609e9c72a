"""Whether anybody would notice that backups cannot be restored: what restore testing leaves out.

https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
"""

from __future__ import annotations

from recoverable.arn import match
from recoverable.estate.backup import RestoreTestPlan
from recoverable.recovery.answers import once
from recoverable.recovery.backups.copies import places
from recoverable.recovery.backups.coverage import coverage, index_of, is_covered, opted_in, selects_any
from recoverable.recovery.backups.places import apart, near
from recoverable.recovery.backups.plan_scope import selections_of
from recoverable.recovery.backups.restore_tests import RESOURCE_TYPE, is_tested, plans_of, tries
from recoverable.recovery.backups.selections import selects
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.value import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from recoverable.estate import Estate, Replica, Subject, Table
    from recoverable.estate.backup import Plan, PlanRule, RestoreTestSelection, Selection, Vault

    class Thing(Protocol):
        @property
        def subject(self) -> Subject: ...


#: How many reasons a finding shows.
MOST_REASONS = 3


def is_untested(plan: Plan, estate: Estate) -> Truth:
    """Whether a plan backs up tables, and no restore test takes any of its backups.

    A restore test that leaves DynamoDB out, or takes nothing, is told where it stands.
    """
    sure, maybe = selections_of(plan, estate)
    run = estate.selections.run
    backs = Listing(sure, estate.selections.incomplete, run).any(
        lambda selection: selects_any(selection, estate), "it backs up no table that was read"
    )
    if backs.answer is Answer.NO and maybe:
        backs = unknown("whether it backs up tables is not known: the plan of a selection is not", plan.subject.origin)
    if backs.answer is Answer.NO or not plan.rules:
        return no("it backs up no table that was read", plan.subject.origin)
    tested = Listing((*sure, *maybe), "", run).any(lambda selection: _is_tried(selection, plan, estate), "no")
    if tested.answer is Answer.YES:
        return ~tested
    where = f"{plan.subject.account.known()} {plan.subject.region.known()}"
    faulty = once(estate, f"faulty restore tests {where}", estate.memo, lambda: _some_is_faulty(plan.subject, estate))
    found = every((backs, ~tested, ~faulty))
    if found.answer is not Answer.YES:
        return found
    there = any(
        test is not None and not apart(test.subject, plan.subject)
        for entry in near(estate.restore_test_plans, plan.subject, estate).entries
        for _, test in entry.variants
    )
    said = "no restore test takes them" if there else "there is no restore testing in what was read"
    return yes(f"its backups of tables are never restored to see whether that works: {said}", plan.subject.origin)


def _some_is_faulty(where: Subject, estate: Estate) -> Truth:
    """Whether a restore test that is not elsewhere is found fault with by itself."""
    plans = near(estate.restore_test_plans, where, estate).any(
        lambda test: _near(where, test, lambda: some((skips_tables(test, estate), takes_nothing(test, estate)))), ""
    )
    selections = near(estate.restore_test_selections, where, estate).any(
        lambda test: _near(where, test, lambda: takes_nothing(test, estate)), ""
    )
    return some((plans, selections))


def _near(where: Subject, thing: Thing, asked: Callable[[], Truth]) -> Truth:
    """What is asked of a thing, *no* for one that is in another account or Region."""
    return Truth(Answer.NO) if apart(where, thing.subject) else asked()


def _is_tried(selection: Selection, plan: Plan, estate: Estate) -> Truth:
    """Whether a restore test takes a backup that the plan makes of what a selection selects."""
    if not estate.restore_test_selections.entries and not estate.restore_test_selections.incomplete:
        return no("there is no restore testing")
    heeded = opted_in(selection, estate)

    def tried(item: Table | Replica) -> Truth:
        chosen = selects(selection, item, opted_in=heeded)
        if chosen.answer is Answer.NO:
            return chosen
        return every((chosen, is_tested(item, _vaults(plan.rules, item, estate), estate)))

    return Listing(index_of(estate).near(selection), "", estate.tables.run).any(tried, "no restore test takes it")


def _vaults(rules: tuple[PlanRule, ...], item: Table | Replica, estate: Estate) -> list[Vault | None]:
    return [place.vault for rule in rules for place in places(rule, estate, item.subject)]


def skips_tables(test: RestoreTestPlan, estate: Estate) -> Truth:
    """Whether restore testing is there, but can take no backup of a table: for its resource types, or those of points.

    DynamoDB has no continuous backups in AWS Backup: its own point-in-time recovery is none of AWS Backup's points.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
    """
    tables = _of(test, estate, lambda selection: selection.resource_type.equals(RESOURCE_TYPE))
    only_others = test.point_types.holds(lambda types: "SNAPSHOT" not in types)
    if only_others.answer is not Answer.NO:
        only_others = only_others.because(Fact("recovery points of DynamoDB are of type SNAPSHOT"))
    blind = every((only_others, tables))
    if blind.answer is Answer.YES:
        return Truth(Answer.YES, only_others.facts)
    anywhere = near(estate.restore_test_selections, test.subject, estate).any(
        lambda selection: _near(test.subject, selection, lambda: selection.resource_type.equals(RESOURCE_TYPE)),
        "no restore test is for DynamoDB",
    )
    others = _of(test, estate, lambda selection: ~selection.resource_type.equals(RESOURCE_TYPE))
    read = near(estate.tables, test.subject, estate).any(
        lambda table: _near(test.subject, table, lambda: yes("there are tables", table.subject.origin)),
        "no table was read",
    )
    left_out = every((others, ~anywhere, read))
    found = some((blind, left_out))
    if found.answer is Answer.YES:
        return Truth(Answer.YES, (*others.facts[:1], Fact("no restore test is for DynamoDB, and there are tables")))
    return found


def takes_nothing(test: RestoreTestPlan | RestoreTestSelection, estate: Estate) -> Truth:
    """Whether a restore testing plan has no selection, or a selection for DynamoDB takes no backup of any table."""
    if isinstance(test, RestoreTestPlan):
        found = _of(test, estate, lambda selection: yes("it has one", selection.subject.origin))
        if found.answer is Answer.NO:
            return yes("no restore testing selection belongs to it", test.subject.origin)
        return ~found
    plans = plans_of(test, estate)
    types = [plan.point_types.holds(lambda types: "SNAPSHOT" in types) for plan in plans]
    asked = every((test.resource_type.equals(RESOURCE_TYPE), *([some(types)] if types else [])))
    if asked.answer is Answer.NO:
        return asked
    backed_up = _tables(test.subject, estate, lambda item: _near(test.subject, item, lambda: is_covered(item, estate)))
    taken = _tables(test.subject, estate, lambda item: _near(test.subject, item, lambda: _takes(test, item, estate)))
    found = every((asked, backed_up, ~taken))
    if found.answer is not Answer.YES:
        return found
    origin = test.resources[0].origin if test.resources else test.subject.origin
    reasons = [fact for fact in taken.facts if fact.text][:MOST_REASONS]
    return Truth(Answer.YES, (Fact("it takes no backup of any table that was read", origin), *reasons))


def _takes(test: RestoreTestSelection, item: Table | Replica, estate: Estate) -> Truth:
    """Whether a restore test takes some backup of a table."""
    found = []
    for one in coverage(item, estate).by:
        vaults = [None] if one.rule is None else _vaults((one.rule,), item, estate)
        found.append(every((tries(test, item, vaults, estate), one.truth)))
    return some(found)


def _tables(where: Subject, estate: Estate, asked: Callable[[Table | Replica], Truth]) -> Truth:
    tables, replicas = near(estate.tables, where, estate), near(estate.replicas, where, estate)
    return some((tables.any(asked, ""), replicas.any(asked, "")))


def _of(test: RestoreTestPlan, estate: Estate, asked: Callable[[RestoreTestSelection], Truth]) -> Truth:
    """Whether something holds of a selection of a restore testing plan."""
    names = {name.identity() for name in test.names} - {None}

    def belongs(selection: RestoreTestSelection) -> Truth:
        if selection.plan.identity() in names:
            return Truth(Answer.YES)
        if selection.plan.stands_for() or match(test.names[0], selection.plan, wild=False) is Answer.NO:
            return Truth(Answer.NO)
        return unknown(f"whether {selection.subject.title()} belongs to it is not known", selection.subject.origin)

    def both(selection: RestoreTestSelection) -> Truth:
        mine = _near(test.subject, selection, lambda: belongs(selection))
        return mine if mine.answer is Answer.NO else every((asked(selection), mine))

    return near(estate.restore_test_selections, test.subject, estate).any(both, "no selection of it")
