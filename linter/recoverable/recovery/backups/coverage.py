"""What backs a table up: every rule of every plan that selects it, and why; or why none does.

A table is covered by the rules of the plans whose selections select it where they work, and by what the configuration
declares to make backups from outside (`external_coverage:`).
"""

from __future__ import annotations

from recoverable.estate.tables import Replica
from recoverable.glob import matches, path_matches
from recoverable.recovery.answers import once
from recoverable.recovery.backups.places import same, settings_there
from recoverable.recovery.backups.planning import NOTHING
from recoverable.recovery.backups.selection_index import SelectionIndex
from recoverable.recovery.backups.selections import TAKEN_AS_OPTED_IN, selects
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown
from recoverable.typed import NamedTuple
from recoverable.value import Listing, Value, possible_variants

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.estate.backup import Plan, PlanRule, Selection
    from recoverable.estate.model import Estate, Outside
    from recoverable.estate.tables import Table
    from recoverable.value import Entry


class CoveredBy(NamedTuple):
    """One thing that backs a table up, or may: `truth` is yes or unknown, never no.

    A rule of a plan by a selection; or what is `declared` in the configuration, and then the others are None. `plan`
    and `rule` are None, too, for the selection of a plan that is not in what was read.
    """

    plan: Plan | None
    rule: PlanRule | None
    selection: Selection | None
    truth: Truth
    declared: Outside | None = None


class Coverage(NamedTuple):
    """Whether a table is backed up, by what, and what kept others from it.

    `by` has the sure ones first. `why_not` tells of selections that come near: they are excluded, work elsewhere, or
    ask for a tag that differs in case.
    """

    truth: Truth
    by: tuple[CoveredBy, ...]
    why_not: tuple[Fact, ...]


def is_covered(item: Table | Replica, estate: Estate) -> Truth:
    """Whether anything backs the table up. Settles only the choices that matter for that."""
    return once(estate, "covered", item, lambda: _is_covered(item, estate))


def _is_covered(item: Table | Replica, estate: Estate) -> Truth:
    index = index_of(estate)
    near = Listing(index.candidates(item), estate.selections.incomplete, estate.selections.run)
    found = near.any(lambda selection: _covers(selection, item, estate, index), NOTHING)
    outside = some([_declared(one, item) for one in estate.declared.external])
    if outside.answer is Answer.NO:
        return _with_hint(found, item, estate)
    return some((outside, found))


def coverage(item: Table | Replica, estate: Estate) -> Coverage:
    """What backs the table up, in the estate's run. Settles every choice that a rule which may cover it depends on."""
    by: list[CoveredBy] = []
    why_not: dict[Fact, None] = {}
    for outside in estate.declared.external:
        truth = _declared(outside, item)
        if truth.answer is not Answer.NO:
            by.append(CoveredBy(None, None, None, truth, outside))
    index = index_of(estate)
    for entry in index.candidates(item):
        for selection in _present(entry, item, estate, index):
            for one in _by(selection, item, estate, index):
                if one.truth.answer is Answer.NO:
                    why_not.update(dict.fromkeys(one.truth.facts))
                else:
                    by.append(one)
    by.sort(key=lambda one: one.truth.answer is not Answer.YES)
    found = some([one.truth for one in by])
    if found.answer is Answer.NO:
        if estate.selections.incomplete:
            found = unknown(f"{NOTHING} in what was read, but {estate.selections.incomplete}")
        else:
            found = _with_hint(no(NOTHING).because(*why_not), item, estate)
    return Coverage(found, tuple(by), tuple(why_not))


def selects_any(selection: Selection, estate: Estate) -> Truth:
    """Whether a selection selects any table or replica. That it may select other resources is no matter of this."""
    index = index_of(estate)
    heeded = opted_in(selection, estate)

    def chosen(item: Table | Replica) -> Truth:
        return selects(selection, item, opted_in=heeded, others=_other_regions(item, estate, index))

    near = Listing(index.near(selection), estate.tables.incomplete, estate.tables.run)
    return near.any(chosen, "it selects no table")


def index_of(estate: Estate) -> SelectionIndex:
    """The index of the estate's selections, made once where the estate keeps what was made."""
    if estate.memo is None:
        return SelectionIndex(estate)
    source = (
        estate.selections.entries, estate.plans.entries, estate.tables.entries, estate.replicas.entries,
    )  # fmt: skip
    return estate.memo.of("selections", source, lambda: SelectionIndex(estate))


def opted_in(selection: Selection, estate: Estate) -> Truth:
    """Whether AWS Backup is switched on for DynamoDB in the selection's Region."""
    for setting in settings_there(selection.subject, estate):
        region = same(setting.subject.region, selection.subject.region)
        account = same(setting.subject.account, selection.subject.account)
        if region is Answer.YES and account is Answer.YES:
            return setting.opted_in.equals(wanted=True)
    return TAKEN_AS_OPTED_IN


def _covers(selection: Selection, item: Table | Replica, estate: Estate, index: SelectionIndex) -> Truth:
    """Whether some rule of the selection's plan backs the table up."""
    return some([one.truth for one in _by(selection, item, estate, index)])


def _by(selection: Selection, item: Table | Replica, estate: Estate, index: SelectionIndex) -> Iterator[CoveredBy]:
    """What each rule of the selection's plan does for the table."""
    if index.is_unfollowed(selection):
        said = (
            "more selections with parts that are not known than are followed: whether this one covers it is not known"
        )
        yield CoveredBy(None, None, selection, unknown(said, selection.subject.origin))
        return
    others = _other_regions(item, estate, index)
    selected = selects(selection, item, opted_in=opted_in(selection, estate), others=others)
    title = selection.subject.title()
    if selected.answer is Answer.NO:
        yield CoveredBy(None, None, selection, _not_by(_named_plan(selection, index), selected))
        return
    plans = [plan for entry in index.plans(selection.plan) if (plan := estate.plans.settle(entry)) is not None]
    if not plans:
        yield CoveredBy(None, None, selection, every((selected, _unseen_plan(selection, index))))
    for plan in plans:
        name = _called(plan)
        if plan.open:
            more = unknown(f"{name} may have more rules: {plan.open}", plan.subject.origin)
            yield CoveredBy(plan, None, selection, every((selected, more)))
        elif not plan.rules:
            yield CoveredBy(
                plan, None, selection, no(f"{name} selects it by {title}, but has no rule", plan.subject.origin)
            )
        for rule in plan.rules:
            yield CoveredBy(plan, rule, selection, _because(selected, f"{name}, rule {_rule_name(rule)}", rule))


def _not_by(name: str, selected: Truth) -> Truth:
    """A *no* of a selection, told of its plan."""
    if not selected.facts:
        return selected
    first = selected.facts[0]
    return Truth(Answer.NO, (Fact(f"not by {name}: {first.text}", first.origin), *selected.facts[1:]))


def _named_plan(selection: Selection, index: SelectionIndex) -> str:
    """The plan of a selection where it is one and the same in every scenario, else the selection."""
    plans = [variant.item for entry in index.plans(selection.plan) for variant in entry.variants]
    plan = plans[0] if len(plans) == 1 else None
    return _called(plan) if plan is not None else f"selection {selection.subject.title()}"


def _because(selected: Truth, name: str, rule: PlanRule) -> Truth:
    """The answer of the selection, told of one rule."""
    first = selected.facts[0]
    if selected.answer is Answer.UNKNOWN:
        return Truth(Answer.UNKNOWN, (Fact(f"{name} may cover it: {first.text}", first.origin), *selected.facts[1:]))
    return Truth(
        Answer.YES,
        (
            Fact(f"covered by {name}, because {first.text}", first.origin),
            *selected.facts[1:],
            Fact(name, rule.subject.origin),
        ),
    )


def _unseen_plan(selection: Selection, index: SelectionIndex) -> Truth:
    shown = selection.plan.shown()
    if index.plans(selection.plan):
        return no(f"its plan {shown} is not there", selection.subject.origin)
    why = selection.plan.why_open() if selection.plan.identity() is None else ""
    said = f"the plan {shown} of {selection.subject.title()} is not in what was read"
    return unknown(f"{said}: {why}" if why else said, selection.subject.origin)


def _present(
    entry: Entry[Selection], item: Table | Replica, estate: Estate, index: SelectionIndex
) -> Iterator[Selection]:
    """The selection in this scenario, unless no variant of it covers the table: then nothing is decided."""
    run = estate.selections.run
    if run is not None and len(entry.variants) > 1:
        variants = possible_variants(entry, run)
        if all(
            variant.item is None or _covers(variant.item, item, estate, index).answer is Answer.NO
            for variant in variants
        ):
            yield from (variant.item for variant in variants[:1] if variant.item is not None)
            return
    settled = estate.selections.settle(entry)
    if settled is not None:
        yield settled


def _other_regions(item: Table | Replica, estate: Estate, index: SelectionIndex) -> list[Value[str]] | None:
    """The Regions of the other copies of a global table, None if there may be more."""
    if estate.replicas.incomplete:
        return None
    table = item.table if isinstance(item, Replica) else item
    found = [] if table is item else [table.subject.region]
    for entry in index.copies(table):
        copies = [variant.item for variant in entry.variants if variant.item is not None]
        found += [copy.subject.region for copy in copies if copy.subject.part != item.subject.part]
    return found


def _declared(outside: Outside, item: Table | Replica) -> Truth:
    """Whether the configuration says that something else backs the table up."""
    subject = item.subject
    asked: list[Truth] = []
    if outside.paths:
        asked.append(_plain(any(path_matches(glob, subject.path) for glob in outside.paths)))
    if outside.addresses:
        own = [address for address in (subject.address, subject.construct) if address]
        asked.append(_plain(any(matches(glob, address) for glob in outside.addresses for address in own)))
    if outside.names:
        asked.append(some([_fits(glob, subject.name) for glob in outside.names]))
    if outside.regions:
        asked.append(some([subject.region.equals(region) for region in outside.regions]))
    for key, glob in outside.tags:
        tag = item.tags.get(key) or item.tags.unnamed
        if tag is not None:
            asked.append(_fits(glob, tag))
        elif item.tags.open and not item.tags.outside:
            asked.append(unknown(f"whether it has the tag {key} is not known: {item.tags.open}", subject.origin))
        else:
            asked.append(no(f"it has no tag {key}", subject.origin))
    fits = every(asked)
    if fits.answer is Answer.NO:
        return Truth(Answer.NO)
    said = f"covered by {outside.by}, as the configuration declares"
    if fits.answer is Answer.UNKNOWN:
        said = f"whether {outside.by} covers it, as the configuration declares, is not known"
    return fits.pointing(Fact(said, outside.origin))


def _fits(glob: str, value: Value[str]) -> Truth:
    return value.holds(lambda text: matches(glob, text))


def _plain(holds: bool) -> Truth:
    return Truth(Answer.YES if holds else Answer.NO)


def _with_hint(found: Truth, item: Table | Replica, estate: Estate) -> Truth:
    """A *no* with how many selections were looked at, and that tags may come from elsewhere."""
    if found.answer is not Answer.NO:
        return found
    count = len(estate.selections.entries)
    if item.tags.outside and index_of(estate).has_tags and not any(fact.text == item.tags.open for fact in found.facts):
        found = found.because(Fact(item.tags.open))
    if not count:
        return found.because(Fact("there is no backup selection in what was read"))
    return found.because(Fact(f"{count} backup selection{'s were' if count > 1 else ' was'} looked at"))


def _called(plan: Plan) -> str:
    """A plan by the name that its author gave it."""
    return f"plan {plan.subject.name.known() or plan.subject.title()}"


def _rule_name(rule: PlanRule) -> str:
    return rule.subject.name.known() or rule.subject.part
