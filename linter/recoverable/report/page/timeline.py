"""Restore points over their age: a lane for each kind of every table, on one scale from now to for ever."""

from __future__ import annotations

from math import log10

from recoverable.recovery.goals import kept
from recoverable.recovery.posture import PITR_LAG
from recoverable.report.page.headline import MARKS
from recoverable.report.page.markup import Markup, element, inside
from recoverable.report.page.places import place, reasons
from recoverable.report.page.verdicts import TOO_MANY
from recoverable.report.recovery_words import every, spaced
from recoverable.report.wording import raised
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from recoverable.recovery.classes import TableClass
    from recoverable.recovery.posture import Points, Posture
    from recoverable.report.page.rows import Row

MINUTE, HOUR, DAY = 60, 3600, 86_400
YEAR = 365 * DAY

#: The scale is logarithmic from a minute to thirty years; the shares of the width that this takes.
_NEWEST, _OLDEST = MINUTE, 30 * YEAR
_FIRST, _LAST = 3.0, 92.0

#: Marks on the scale: age in seconds, in words, and whether a narrow screen has room for it.
MARKED = (
    (0, "now", True), (5 * MINUTE, "5 min", False), (HOUR, "1 hour", False), (DAY, "1 day", True),
    (7 * DAY, "1 week", False), (35 * DAY, "35 days", True), (YEAR, "1 year", True), (7 * YEAR, "7 years", False),
)  # fmt: skip

#: Where the bar of a lane lies, in pixels from its top.
_TOP, _MIDDLE = 9, 13

#: Points that stand closer than this share of the width are not drawn one by one.
_CLOSE = 1.1


class Stretch(NamedTuple):
    """Where restore points lie on the scale, as shares of the width, in percent."""

    start: float
    end: float

    def width(self) -> float:
        return max(self.end - self.start, 0.4)


def position(seconds: float) -> float:
    """Where an age lies on the scale, in percent of the width."""
    if seconds < _NEWEST:
        return _FIRST * seconds / _NEWEST
    share = log10(min(seconds, _OLDEST) / _NEWEST) / log10(_OLDEST / _NEWEST)
    return _FIRST + (_LAST - _FIRST) * share


def timeline(rows: Sequence[Row]) -> Markup:
    """The scale, and the lanes of every row."""
    return inside([_legend(), _scale(), element("ol", (_lanes(row) for row in rows), class_="lanes")])


def definitions() -> Markup:
    """What other drawings of the page refer to: the grid and the hatchings."""
    grid = [
        element("line", x1=f"{position(age):.2f}%", x2=f"{position(age):.2f}%", y2="100%", class_="grid")
        for age, _, _ in MARKED[1:]
    ]
    grid.append(element("line", x1="96%", x2="96%", y2="100%", class_="grid"))
    cold = element(
        "pattern", element("path", d="M0 6L6 0", class_="cold"),
        id="cold", width=6, height=6, patternUnits="userSpaceOnUse",
    )  # fmt: skip
    perhaps = element(
        "pattern", element("path", d="M0 0L6 6", class_="perhaps"),
        id="perhaps", width=6, height=6, patternUnits="userSpaceOnUse",
    )  # fmt: skip
    symbol = element("symbol", grid, id="grid")
    return element("svg", element("defs", cold, perhaps, symbol), class_="definitions", aria_hidden="true")


def _scale() -> Markup:
    texts = [
        element(
            "text", words, x=f"{position(age):.2f}%", y=13, class_=None if narrow else "wide",
            text_anchor="start" if not age else "middle",
        )
        for age, words, narrow in MARKED
    ]  # fmt: skip
    texts.append(element("text", "for ever", x="100%", y=13, text_anchor="end"))
    words = element("span", "Age of the restore points", class_="scale-words")
    return element("div", words, element("svg", texts), class_="scale", aria_hidden="true")


def _legend() -> Markup:
    shown = (
        ("pitr", "any second"), ("backup", "backups"), ("copy", "copies"), ("declared", "declared, made outside"),
        ("cold-key", "in cold storage"), ("locked-key", "locked for good"),
        ("open", "not known whether it is there"), ("none", "none"),
    )  # fmt: skip
    keys = []
    for kind, words in shown:
        fill = element("rect", x="0", y="3", width="100%", height="8", rx="2", class_=f"points {kind}")
        over = None
        if kind == "cold-key":
            over = element("rect", x="0", y="3", width="100%", height="8", fill="url(#cold)")
        if kind == "locked-key":
            over = element("rect", x="0", y="12", width="100%", height="2", class_="locked")
        if kind == "none":
            fill = element("line", x1="0", x2="100%", y1="7", y2="7", class_="nothing")
        keys.append(element("li", element("svg", fill, over), words))
    keys.append(element("li", element("span", "◆", class_="late"), "the newest backup may be this old"))
    return element("ul", keys, class_="legend", aria_label="What the drawing shows")


def _lanes(row: Row) -> Markup:
    found = row.row.posture
    doubts: Markup | None = None
    if found is None:
        lanes = [_lane("Not known", [element("p", raised(TOO_MANY), class_="by")], [_open(Stretch(0, 100))], "open")]
    else:
        made = [points for points in found.points if points.kind != "pitr"]
        failing = [points for points in made if points.there.answer is Answer.NO]
        lanes = [_points(points) for points in found.points if points.there.answer is not Answer.NO]
        if found.coverage.truth.answer is Answer.UNKNOWN and not made:
            lanes.append(_lane("Perhaps: backups", [], [_open(Stretch(position(DAY), 100))], "open"))
        lanes += map(_failing, failing)
        if row.back.answer is Answer.NO:
            nothing = element("line", x1="0", x2="100%", y1=_MIDDLE, y2=_MIDDLE, class_="nothing")
            lanes.insert(0, _lane("No restore point", [], [nothing], "none"))
        elif found.pitr.answer is Answer.NO:
            lanes.insert(0, _lane("No point-in-time recovery", [], [], "off"))
        doubts = _doubts(found)
    looks = "table spared" if row.row.table_class.spared else "table"
    drawn = element("div", element("ul", lanes), doubts, class_="drawn")
    return element("li", _about(row), drawn, class_=looks, data_i=row.number, id=f"t{row.number}", tabindex="-1")


def _doubts(found: Posture) -> Markup | None:
    """Why some of it is not known: once for all lanes."""
    truths = [points.there for points in found.points]
    truths.append(found.coverage.truth)
    facts = dict.fromkeys(fact for truth in truths if truth.answer is Answer.UNKNOWN for fact in truth.facts)
    return element("div", element("p", "Not known, because:"), reasons(facts), class_="doubts") if facts else None


def _about(row: Row) -> Markup:
    table_class = row.row.table_class
    said = {Answer.YES: "could be brought back", Answer.NO: "could not be brought back"}.get(
        row.back.answer, "not known whether it could be brought back"
    )
    verdict = element("p", element("span", MARKS[row.back.answer], aria_hidden="true"), f" {said}",
                      class_=f"verdict {row.back.answer.value}")  # fmt: skip
    missed = [goal.said for goal in row.missed()]
    return element(
        "div",
        element("h3", row.title),
        element("p", row.row.scenario, class_="scenario") if row.row.scenario else None,
        verdict,
        element("p", "⚑ Missed: ", ", ".join(missed), class_="missed") if missed else None,
        element("p", _class(table_class), class_="class") if table_class.name != "production" else None,
        element("p", place(row.row.table.subject.origin)),
        class_="about",
    )


def _class(table_class: TableClass) -> str:
    said = f"class {table_class.name}"
    return f"{said}: it may be lost" if table_class.spared else said


def _lane(title: str, words: Iterable[Markup | str | None], drawn: Iterable[Markup], kind: str) -> Markup:
    drawing = element("svg", element("use", href="#grid"), drawn, class_="drawing", aria_hidden="true")
    said = element("div", element("p", title, class_="lane-title"), words, class_="words")
    return element("li", said, drawing, class_=f"lane {kind}")


def _points(points: Points) -> Markup:
    """One kind of restore point, from one source."""
    kind = {"air-gapped": "copy"}.get(points.kind, points.kind)
    sure = points.sure()
    title = _title(points) if sure else f"Perhaps: {_title(points)}"
    return _lane(title, [_source(points)], list(_drawn(points, kind, sure=sure)), kind if sure else "open")


def _title(points: Points) -> str:
    if points.kind == "pitr":
        days = "a time that is not known" if points.kept_days is None else f"{points.kept_days} days"
        return f"Any second of the last {days}"
    name = {"copy": "copies", "air-gapped": "copies"}.get(points.kind, "backups")
    often = "" if points.between is None else f"{every(points.between)} "
    if points.kind == "declared" or points.rule is None:
        return raised(f"{often}{name}, for how long is not known")
    return raised(f"{often}{name}, kept {kept(points)}")


def _source(points: Points) -> Markup | None:
    """What makes them, and what is worth knowing about where they lie."""
    if points.kind == "pitr":
        return None
    where = points.place
    said: list[Markup | str] = [raised(points.by)]
    if where is not None:
        said.append(f"vault {where.name}")
        if where.other_region.answer is Answer.YES:
            said.append(f"other Region: {where.region.known() or 'which is not known'}")
        if where.other_account.answer is Answer.YES:
            said.append(f"other account: {where.account.known() or 'which is not known'}")
        if Answer.UNKNOWN in (where.other_region.answer, where.other_account.answer):
            said.append("where it lies is not known in full")
    if points.immutable.answer is Answer.YES:
        said.append(element("b", "locked for good"))
    if points.cold_after is not None:
        said.append(f"cold after {points.cold_after} days")
    if points.loss is not None:
        said.append(f"loses at most {spaced(points.loss)}")
    return element("p", [[" · " if at else "", part] for at, part in enumerate(said)], class_="by")


def _drawn(points: Points, kind: str, *, sure: bool) -> Iterator[Markup]:
    stretch = _stretch(points)
    if not sure:
        yield _open(stretch)
        return
    if not points.for_ever and points.kept_days is None:
        yield _open(Stretch(stretch.start, _LAST))
        return
    start, width = f"{stretch.start:.2f}%", f"{stretch.width():.2f}%"
    yield element("rect", x=start, width=width, y=_TOP, height=8, rx=2, class_=f"points {kind}")
    if points.cold_after is not None:
        cold = max(position(points.cold_after * DAY), stretch.start)
        if cold < stretch.end:
            rest = f"{stretch.end - cold:.2f}%"
            yield element("rect", x=f"{cold:.2f}%", width=rest, y=_TOP, height=8, fill="url(#cold)")
    if points.kind != "pitr" and points.between is not None:
        yield from _single(points.between, stretch, kind)
    if points.immutable.answer is Answer.YES:
        yield element("rect", x=start, width=width, y=_TOP + 10, height=2, class_="locked")
    if points.kind != "pitr" and points.loss is not None and position(points.loss) < stretch.end:
        at = f"{position(points.loss):.2f}%"
        yield element("text", "◆", x=at, y=_MIDDLE + 4, text_anchor="middle", class_="late")


def _stretch(points: Points) -> Stretch:
    newest = PITR_LAG if points.kind == "pitr" else points.between or DAY
    start = position(newest)
    if points.for_ever:
        return Stretch(start, 100)
    if points.kept_days is None:
        return Stretch(start, _LAST)
    end = position(points.kept_days * DAY)
    return Stretch(min(start, end), end)


def _single(between: int, stretch: Stretch, kind: str) -> Iterator[Markup]:
    """Points one by one, as long as the eye can tell them apart."""
    before = -_CLOSE
    for count in range(1, 12):
        at = position(count * between)
        if at > stretch.end + 0.01 or at - before < _CLOSE:
            return
        yield element("line", x1=f"{at:.2f}%", x2=f"{at:.2f}%", y1=_MIDDLE - 7, y2=_MIDDLE + 7, class_=f"single {kind}")
        before = at


def _open(stretch: Stretch) -> Markup:
    return element(
        "rect", x=f"{stretch.start:.2f}%", width=f"{stretch.width():.2f}%", y=_TOP, height=8, rx=2, class_="points open"
    )


def _failing(points: Points) -> Markup:
    """A rule that selects the table and makes nothing."""
    words = [element("p", raised(points.by), class_="by"), reasons(points.there.facts[:2])]
    return _lane(
        "No backups, although a rule takes it"
        if points.kind == "backup"
        else "No copies, although a rule asks for them",
        words,
        [],
        "off",
    )
