"""The answer before all others: how many tables could be brought back, how many not, of how many it is not known."""

from __future__ import annotations

from recoverable.report.page.markup import Markup, element, inside
from recoverable.report.page.rows import tables
from recoverable.report.page.verdicts import PROTECTIONS, together
from recoverable.report.wording import number
from recoverable.truth import Answer, Truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.report.page.rows import Row

#: Columns that are summed up, and what the sum is called.
_SUMMED = {
    "pitr": "can go back to any second",
    "plan": "are taken by a backup plan",
    "region": "survive the loss of their Region",
    "account": "survive the loss of their account",
    "locked": "have a backup that nobody can delete early",
    "tested": "have their restore tried",
}

#: So many tables are named, and the others counted.
_NAMED = 8

ANSWERS = ((Answer.YES, "yes"), (Answer.NO, "no"), (Answer.UNKNOWN, "unknown"))

_SPOKEN = {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: "not known"}

MARKS = {Answer.YES: "✓", Answer.NO: "✕", Answer.UNKNOWN: "?"}


def headline(rows: Sequence[Row]) -> Markup:
    """The answer, a bar of it, the tables that it names, and a tile for each protection."""
    things = [thing for thing in tables(rows) if not thing[0].row.table_class.spared]
    asked = [thing for thing in things if not thing[0].replica]
    backs = [together([row.back for row in thing]) for thing in asked]
    counted = _counted(backs)
    parts: list[Markup | None] = [element("p", *_answer(counted, len(asked)), class_="answer")]
    if asked:
        parts.append(_bar(counted, "big"))
        for answer, said in ((Answer.NO, "Could not: "), (Answer.UNKNOWN, "Not known: ")):
            named = [thing for thing, back in zip(asked, backs, strict=True) if back.answer is answer]
            parts.append(_named(said, named) if named else None)
    parts += [_replicas([thing for thing in things if thing[0].replica]), _spared(rows)]
    tiles = [_tile(key, asked) for key in _SUMMED] if asked else []
    return inside([*parts, element("ul", tiles, class_="tiles") if tiles else None, _cost(rows)])


def _answer(counted: dict[Answer, int], all_: int) -> list[Markup | str]:
    if not all_:
        return ["No production table was found."]
    yes, no, open_ = (counted[answer] for answer, _ in ANSWERS)
    if yes == all_:
        count = "The one production table" if all_ == 1 else f"All {all_} production tables"
        return [element("strong", count), " could be brought back."]
    said: list[Markup | str] = [
        element("strong", f"{yes} of {number(all_, 'production table')}"), " could be brought back"
    ]  # fmt: skip
    if no:
        said += ["; ", element("strong", str(no), class_="no"), " could not"]
    if open_:
        said += ["; for ", element("strong", str(open_), class_="unknown"), " it is not known"]
    return [*said, "."]


def _named(said: str, things: Sequence[Sequence[Row]]) -> Markup:
    parts: list[Markup | str] = []
    for thing in things[:_NAMED]:
        row = next((row for row in thing if row.back.answer is not Answer.YES), thing[0])
        parts += [", " if parts else "", element("a", row.title, href=f"#t{row.number}")]
        if len(thing) > 1 and thing[0].row.scenario:
            parts.append(
                f" (could, {'; '.join(one.row.scenario for one in thing if one.back.answer is Answer.YES)})"
                if any(one.back.answer is Answer.YES for one in thing)
                else ""
            )
    if len(things) > _NAMED:
        parts.append(f" and {len(things) - _NAMED} more")
    return element("p", said, parts, ".", class_="named")


def _replicas(things: Sequence[Sequence[Row]]) -> Markup | None:
    if not things:
        return None
    counted = _counted([together([row.back for row in thing]) for thing in things])
    said = f"{counted[Answer.YES]} of {len(things)} could be brought back"
    if counted[Answer.UNKNOWN]:
        said += f", for {counted[Answer.UNKNOWN]} it is not known"
    return element("p", f"Replicas, which share none of their table's restore points: {said}.", class_="aside")


def _spared(rows: Sequence[Row]) -> Markup | None:
    classes: dict[str, int] = {}
    for thing in tables(rows):
        table_class = thing[0].row.table_class
        if table_class.spared:
            classes[table_class.name] = classes.get(table_class.name, 0) + 1
    if not classes:
        return None
    said = ", ".join(f"{count} {name}" for name, count in sorted(classes.items()))
    return element("p", f"Not counted, because they may be lost: {said}.", class_="aside")


def _tile(key: str, asked: Sequence[Sequence[Row]]) -> Markup:
    column = next(column for column in PROTECTIONS if column.key == key)
    answers = [together([Truth(row.cells[key].answer) for row in thing]) for thing in asked]
    counted = _counted(answers)
    links = [
        element("a", f"{counted[answer]} {_SPOKEN[answer]}", href=f"#show={word}.{key}", class_=f"count {word}")
        for answer, word in ANSWERS
        if counted[answer] and answer is not Answer.YES
    ]  # fmt: skip
    return element(
        "li",
        element("p", element("strong", f"{counted[Answer.YES]} of {len(asked)}"), " ", _SUMMED[key]),
        _bar(counted, "small"),
        element("p", element("span", f"{column.heading}: ", class_="heard"), links or "none without", class_="counts"),
    )


def _bar(counted: dict[Answer, int], size: str) -> Markup:
    """The shares as widths; the counts stand in words next to it."""
    total = sum(counted.values())
    at = 0.0
    parts = []
    for answer, word in ANSWERS:
        share = 100 * counted[answer] / total
        if share:
            parts.append(element("rect", x=f"{at:.2f}%", width=f"{share:.2f}%", height="100%", class_=f"bar-{word}"))
            if answer is Answer.UNKNOWN:
                parts.append(
                    element("rect", x=f"{at:.2f}%", width=f"{share:.2f}%", height="100%", fill="url(#perhaps)")
                )
        at += share
    return element("svg", parts, class_=f"share {size}", aria_hidden="true")


def _cost(rows: Sequence[Row]) -> Markup | None:
    known = [thing[0].row.cost for thing in tables(rows) if len(thing) == 1]
    sums = [cost.monthly for cost in known if cost is not None and cost.monthly is not None]
    if not sums:
        return None
    all_ = number(len(tables(rows)), "table and replica", "tables and replicas")
    said = f" a month, as an estimate, for the restore points of {len(sums)} of {all_}: of the others it is not known."
    return element("p", "About ", element("strong", f"${sum(sums):,.2f}"), said, class_="aside")


def _counted(truths: Sequence[Truth]) -> dict[Answer, int]:
    return {answer: sum(truth.answer is answer for truth in truths) for answer, _ in ANSWERS}
