"""What keeps a table out of every backup plan, or under plans that do too little for it.

All copies of a global table hold the same items, so that it is backed up when one of them is.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, PARTITION, REGION, resource_of
from recoverable.estate.tables import Tags
from recoverable.recovery.answers import once
from recoverable.recovery.backups.coverage import index_of, is_covered, opted_in
from recoverable.recovery.backups.places import works_at
from recoverable.recovery.backups.planning import NOTHING
from recoverable.recovery.backups.selections import excluded, rejected, selects
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Fact, Truth, every, some, unknown
from recoverable.value import Known, Listing, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate import Estate, Replica, Table
    from recoverable.estate.backup import Selection
    from recoverable.recovery.objectives import Objectives
    from recoverable.recovery.posture import Posture


def in_no_plan(table: Table, estate: Estate) -> Truth:
    """Whether nothing backs up any copy of the table, for no reason that has a name of its own."""
    missing = ~covered(table, estate)[0]
    if missing.answer is Answer.NO:
        return missing
    found = every((missing, ~left_out(table, estate), ~planned_elsewhere(table, estate)))
    facts = tuple(fact for fact in found.facts if fact.text != NOTHING)
    if found.answer is Answer.YES:
        facts = tuple(fact for fact in missing.facts if fact.text != NOTHING)
        return Truth(Answer.YES, (Fact(NOTHING, table.subject.origin), *facts))
    if found.answer is Answer.UNKNOWN:
        return Truth(
            Answer.UNKNOWN, (Fact("whether a backup plan selects it is not known", table.subject.origin), *facts)
        )
    return found


def left_out(table: Table, estate: Estate) -> Truth:
    """Whether a selection would select the table but for its NotResources, and nothing else backs it up."""
    copies = _copies(table, estate)
    out = _some(copies, estate, lambda selection, item: _leaves_out(selection, item, estate))
    if out.answer is Answer.NO:
        return out
    return _but(out, every((out, ~covered(table, estate)[0])))


def planned_elsewhere(table: Table, estate: Estate) -> Truth:
    """Whether a selection would select the table if its plan worked in the table's Region, and nothing backs it up."""
    copies = _copies(table, estate)
    if not table.subject.path:
        # In an account nothing depends on a deployment, and most tables are covered.
        there = some([is_covered(copy, estate) for copy in copies])
        if there.answer is Answer.YES:
            return ~there

    def misses(selection: Selection, item: Table | Replica) -> Truth:
        others = [copy.subject.region for copy in copies if copy is not item]
        away = ~works_at(selection, item, None if estate.replicas.incomplete else others)
        return away if away.answer is Answer.NO else every((away, _selects(_moved(selection, item), item, estate)))

    missed = _some(copies, estate, misses, anywhere=True)
    if missed.answer is Answer.NO:
        return missed
    found = _but(missed, every((missed, ~covered(table, estate)[0], ~left_out(table, estate))))
    if found.answer is Answer.YES:
        return found.pointing(Fact("a backup plan that selects it works in another Region", table.subject.origin))
    if found.answer is Answer.UNKNOWN:
        said = "whether a backup plan that would select it works in its Region is not known"
        return found.pointing(Fact(said, table.subject.origin))
    return found


def kept_too_briefly(table: Table, estate: Estate, goals: Objectives) -> Truth:
    """Whether plans back the table up, and none keeps its backups for as long as asked."""
    from recoverable.recovery.goals import kept_long_enough  # noqa: PLC0415 (only tables that a plan selects get here)

    return _fails(table, estate, lambda found: kept_long_enough(found, goals))


def backed_up_too_seldom(table: Table, estate: Estate, goals: Objectives) -> Truth:
    """Whether plans back the table up, but not as often as asked; or more may be lost than asked by all there is."""
    from recoverable.recovery.goals import backed_up_often_enough, loses_little_enough  # noqa: PLC0415

    seldom = _fails(table, estate, lambda found: backed_up_often_enough(found, goals))
    if goals.rpo is None:
        return seldom
    lost = _fails(table, estate, lambda found: loses_little_enough(found, goals), or_pitr=True)
    return some((seldom, lost))


def covered(table: Table, estate: Estate) -> tuple[Truth, tuple[Table | Replica, ...]]:
    """Whether anything backs up a copy of the table, and the copies to look at."""
    copies = _copies(table, estate)
    found = some([is_covered(copy, estate) for copy in copies])
    if found.answer is Answer.UNKNOWN and len(copies) > 1:
        there = _in_stack_region(table, copies)
        if there is not None:
            sure = is_covered(there, estate)
            if sure.answer is Answer.YES:
                return sure.because(Fact("a global table has a copy in the Region of its stack")), (there,)
    return found, copies


def _fails(table: Table, estate: Estate, test: Callable[[Posture], Truth], *, or_pitr: bool = False) -> Truth:
    """Whether something backs the table up, and no copy passes the test."""
    from recoverable.recovery.posture import posture  # noqa: PLC0415

    there, items = covered(table, estate)
    if or_pitr:
        there = some((there, *(copy.pitr.equals(True) for copy in items)))
    if there.answer is Answer.NO:
        return there
    failed = ~some([test(once(estate, "posture", copy, lambda copy=copy: posture(copy, estate))) for copy in items])  # type: ignore[misc]
    found = _but(failed, every((failed, there)))
    if found.answer is Answer.YES and estate.selections.incomplete:
        return unknown(f"another plan may do better: {estate.selections.incomplete}").because(*found.facts)
    return found


def _but(reason: Truth, whole: Truth) -> Truth:
    """The answer of the whole with nothing but the facts of its reason, where the two agree."""
    return reason if whole.answer is reason.answer else whole


def _copies(table: Table, estate: Estate) -> tuple[Table | Replica, ...]:
    settled = (estate.replicas.settle(entry) for entry in index_of(estate).copies(table))
    return (table, *(copy for copy in settled if copy is not None))


def _in_stack_region(table: Table, copies: tuple[Table | Replica, ...]) -> Table | None:
    """The copy in the Region of the table's stack, as far as it is known without knowing which one it is.

    CloudFormation wants a global table to have one there:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
    """
    resource = resource_of(table.arn)
    if not table.symbols or resource is None or any(copy.subject.region.known() is None for copy in copies):
        return None
    reason = "the Region is known only when the stack is deployed"
    region: Value[str] = Value("Region", Unknown(reason, table.subject.origin, text=Text((Hole(reason, REGION),))))
    account = table.subject.account.state
    owner = account.value if isinstance(account, Known) else account.text or Hole(account.reason, ACCOUNT)
    arn = joined("arn:", Hole("", PARTITION), ":dynamodb:", Hole(reason, REGION), ":", owner, ":", resource)
    return table._replace(subject=table.subject._replace(region=region), arn=arn, tags=_shared_tags(copies))


def _shared_tags(copies: tuple[Table | Replica, ...]) -> Tags:
    """The tags that all copies have; where they differ, there may be more."""
    first = copies[0].tags
    if all(copy.tags == first for copy in copies):
        return first
    shared = tuple(
        (key, value)
        for key, value in first.entries
        if value.known() is not None
        and all((other := copy.tags.get(key)) is not None and other.known() == value.known() for copy in copies)
    )
    return Tags(shared, open="its copies have different tags")


def _some(
    items: tuple[Table | Replica, ...],
    estate: Estate,
    test: Callable[[Selection, Table | Replica], Truth],
    *,
    anywhere: bool = False,
) -> Truth:
    """Whether a test holds of some selection that may mean a copy."""
    index, run = index_of(estate), estate.selections.run

    def asked(item: Table | Replica) -> Truth:
        near = Listing(index.candidates(item, anywhere=anywhere), "", run)
        return near.any(lambda selection: test(selection, item), "")

    return some(map(asked, items))


def _selects(selection: Selection, item: Table | Replica, estate: Estate) -> Truth:
    return selects(selection, item, opted_in=opted_in(selection, estate))


def _leaves_out(selection: Selection, item: Table | Replica, estate: Estate) -> Truth:
    out = excluded(selection, item)
    if out.answer is Answer.NO:
        return out
    bare = selection._replace(not_resources=(), not_resources_open="")
    return every((out, _selects(bare, item, estate), ~rejected(selection)))


def _moved(selection: Selection, item: Table | Replica) -> Selection:
    """The selection as if its plan worked in the Region of the table."""
    subject = selection.subject._replace(region=item.subject.region)
    return selection._replace(subject=subject, regions=None, regions_open="")
