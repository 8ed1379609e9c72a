"""What a backup plan is for: DynamoDB tables among others, nothing but tables, or no table at all.

A plan that only names volumes or databases needs no copies for a table's sake. What selects by tags may select tables.
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, PARTITION, REGION, match
from recoverable.recovery.backups.selections import TABLE, is_a_resource
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Truth, every, no, some, unknown, yes
from recoverable.value import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.backup import Plan, PlanRule, Selection, Written
    from recoverable.value import Entry

_TABLE_TYPES = ("AWS::DynamoDB::", "AWS::Serverless::SimpleTable")

#: Any table, anywhere.
_ANY_TABLE = joined(
    "arn:", Hole("", PARTITION), ":dynamodb:", Hole("", REGION), ":", Hole("", ACCOUNT), f":{TABLE}", Hole("any table")
)


def is_for_tables(planned: Plan | PlanRule, estate: Estate) -> Truth:
    """Whether a plan, or the plan of a rule, backs up tables, or may. One that nothing is selected for counts, too."""
    sure, maybe = selections_of(planned, estate)
    run, incomplete = estate.selections.run, estate.selections.incomplete
    if not sure:
        others = Listing(maybe, "", run).every(_selects_tables)
        if others.answer is Answer.YES:
            return Truth(Answer.YES)
        return unknown(
            "whether it backs up tables is not known: the plan of a selection is not", planned.subject.origin
        )
    found = Listing(sure, incomplete, run).any(_selects_tables, "its selections name no table")
    if found.answer is Answer.NO and maybe:
        others = Listing(maybe, "", run).any(_selects_tables, "nor do others")
        if others.answer is not Answer.NO:
            return unknown(
                "whether it backs up tables is not known: the plan of a selection is not", found.facts[0].origin
            )
    return Truth(Answer.YES) if found.answer is Answer.YES else found


def is_for_tables_alone(planned: Plan | PlanRule, estate: Estate) -> Truth:
    """Whether a plan selects something, and all that it selects are tables that are named."""
    sure, maybe = selections_of(planned, estate)
    if not sure and not maybe:
        return no("nothing is selected for its plan")
    run = estate.selections.run
    found = Listing(sure, estate.selections.incomplete, run).every(selects_tables_alone)
    if found.answer is Answer.NO or not maybe:
        return found
    others = Listing(maybe, "", run).every(selects_tables_alone)
    if others.answer is Answer.YES and sure:
        return found
    return unknown("what its plan selects is not known: the plan of a selection is not", planned.subject.origin)


def selections_of(
    planned: Plan | PlanRule, estate: Estate
) -> tuple[tuple[Entry[Selection], ...], tuple[Entry[Selection], ...]]:
    """The selections of a plan, and those of which the plan is not known."""
    index = _index(estate)
    key = (planned.subject.path, planned.subject.address, getattr(planned, "plan", "") or planned.subject.title())
    return index.get(key, ()), index.get(_NOBODY, ())


_NOBODY = ("", "", "")
_Index = dict[tuple[str, str, str], tuple["Entry[Selection]", ...]]


def _index(estate: Estate) -> _Index:
    """The selections by their plans, made once where the estate keeps what was made."""
    if estate.memo is None:
        return _make_index(estate)
    source = (estate.selections.entries, estate.plans.entries)
    return estate.memo.of("selections by plan", source, lambda: _make_index(estate))


def _make_index(estate: Estate) -> _Index:
    plans: dict[object, dict[tuple[str, str, str], None]] = {}
    for entry in estate.plans.entries:
        for _, plan in entry.variants:
            if plan is not None:
                key = (plan.subject.path, plan.subject.address, plan.subject.title())
                for name in plan.names:
                    plans.setdefault(name.identity(), {})[key] = None
    found: dict[tuple[str, str, str], dict[int, Entry[Selection]]] = {}
    for selected in estate.selections.entries:
        for _, selection in selected.variants:
            if selection is None:
                continue
            meant = plans.get(selection.plan.identity() or "") or {}
            if not meant and any(not hole.stands_for for hole in selection.plan.holes()):
                meant = {_NOBODY: None}
            for key in meant:
                found.setdefault(key, {})[id(selected)] = selected
    return {key: tuple(entries.values()) for key, entries in found.items()}


def _selects_tables(selection: Selection) -> Truth:
    """Whether a selection selects tables, or may: by tags, by a pattern, or by name."""
    if selection.tags or not (selection.resources or selection.resources_open or selection.tags_open):
        return yes("it selects by tags", selection.subject.origin)
    found = [names_tables(entry) for entry in selection.resources]
    opened = selection.tags_open or selection.resources_open
    if opened:
        found.append(unknown(f"what its plan selects is not known: {opened}", selection.subject.origin))
    return some(found)


def selects_tables_alone(selection: Selection) -> Truth:
    origin = selection.subject.origin
    if selection.tags or not (selection.resources or selection.resources_open or selection.tags_open):
        return no("it selects by tags", origin)
    found = [names_tables_alone(entry) for entry in selection.resources]
    opened = selection.tags_open or selection.resources_open
    if opened:
        found.append(unknown(f"what its plan selects is not known: {opened}", origin))
    return every(found).pointing(*yes("its plan selects nothing but tables", origin).facts)


def names_tables(entry: Written) -> Truth:
    """Whether an ARN or a pattern means tables."""
    text = entry.text
    kind = _kind(text)
    if kind is not Answer.UNKNOWN:
        return Truth(kind)
    if match(text, _ANY_TABLE) is Answer.NO:
        return Truth(Answer.NO)
    if _service(text) is None:
        return unknown(f"whether {text.shown()} is a table is not known: {text.why_open()}", entry.origin)
    return Truth(Answer.YES)


def names_tables_alone(entry: Written) -> Truth:
    found = names_tables(entry)
    if found.answer is not Answer.YES or _kind(entry.text) is Answer.YES:
        return found
    return Truth(Answer.YES if _service(entry.text) == "dynamodb" else Answer.NO)


def _kind(text: Text) -> Answer:
    """Whether a reference means a table, unknown for what is none."""
    if not text.stands_for():
        return Answer.UNKNOWN
    hole = text.holes()[0]
    if hole.type.startswith(_TABLE_TYPES):
        return Answer.YES
    return Answer.NO if is_a_resource(hole) else Answer.UNKNOWN


def _service(text: Text) -> str | None:
    """The service of an ARN as it is written, `*` for a pattern that leaves it open; None if that is not known."""
    field = 0
    found = ""
    for part in text.parts:
        if not isinstance(part, str):
            if field == 2 or (field < 2 and part.stands_for != PARTITION):
                return None
            continue
        for letter in part:
            if letter == "*" and field < 3:
                return "*"
            if letter == ":":
                field += 1
            elif field == 2:
                found += letter
    return found if field > 2 else None
