"""Who can restore each table, and who can destroy which copy of it: principals by copies."""

from __future__ import annotations

from recoverable.report.blast_words import answer, destroyed_by, restored_by
from recoverable.report.page.markup import Markup, element, hidden, inside
from recoverable.report.wording import number, raised, sentence
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.recovery.access.blast_radius import BlastRadius, Copy, Destroyer

#: So many tables and principals are shown; the others are counted. The JSON has all.
MOST_TABLES, MOST_PRINCIPALS = 100, 50

#: Here *yes* is what is wrong.
_LOOKS = {Answer.YES: "no", Answer.NO: "yes", Answer.UNKNOWN: "unknown"}
_SAID = {Answer.YES: "can", Answer.NO: "cannot", Answer.UNKNOWN: "perhaps"}


def powers(radii: Sequence[BlastRadius]) -> Markup:
    """A table for each table: principals that can destroy something, by the copies there are."""
    alone = sum(answer(radius) is Answer.YES for radius in radii)
    nobody = sum(not radius.restorers and not radius.may_restore for radius in radii)
    said = [
        element("strong", f"{alone} of {number(len(radii), 'table')}"),
        " can be destroyed with every copy by one principal alone; ",
        element("strong", str(nobody)),
        " can be restored by nobody.",
    ]
    worst = sorted(radii, key=lambda radius: _ORDER[answer(radius)])
    shown = [_of_table(radius, open_=not at) for at, radius in enumerate(worst[:MOST_TABLES])]
    left = len(worst) - MOST_TABLES
    more = element("p", f"{left} more tables: recoverable posture --format json", class_="aside") if left > 0 else None
    return inside([element("p", said), *shown, more])


_ORDER = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


def _of_table(radius: BlastRadius, *, open_: bool) -> Markup:
    mark = element("span", _MARKS[answer(radius)], class_=f"severity {_SEVERITIES[answer(radius)]}")
    summary = element("summary", mark, " ", element("strong", radius.subject.title()), f": {destroyed_by(radius)}")
    label = f"Who can destroy which copy of {radius.subject.title()}; scrolls sideways on a narrow screen"
    shown = radius.destroyers[:MOST_PRINCIPALS]
    left = len(radius.destroyers) - len(shown)
    rows = [_row(destroyer, radius.copies) for destroyer in shown]
    table = element(
        "table",
        element("caption", hidden(f"Principals by copies of {radius.subject.title()}")),
        element(
            "thead",
            element(
                "tr",
                element("th", "Principal", scope="col"),
                [element("th", raised(copy.name), _notes(copy), scope="col") for copy in radius.copies],
            ),
        ),
        element("tbody", rows),
    )
    return element(
        "details",
        summary,
        element("p", sentence(raised(restored_by(radius)))),
        element("div", table, class_="scroller", role="region", aria_label=label, tabindex="0")
        if rows
        else element("p", "Nobody among what was looked at can destroy any copy of it."),
        element("p", f"{number(left, 'more principal')}: recoverable posture --format json", class_="aside")
        if left > 0
        else None,
        element("p", sentence(raised(radius.open)), class_="aside") if radius.open else None,
        open=open_,
        class_="powers",
    )


_MARKS = {Answer.YES: "1 is enough", Answer.UNKNOWN: "perhaps 1", Answer.NO: "more than 1"}
_SEVERITIES = {Answer.YES: "high", Answer.UNKNOWN: "open", Answer.NO: "info"}


def _notes(copy: Copy) -> Markup | None:
    said = []
    if copy.sealed.answer is Answer.YES:
        said.append("lock is final")
    if copy.elsewhere.answer is Answer.YES:
        said.append("other account")
    if copy.there.answer is Answer.UNKNOWN:
        said.append("perhaps there")
    return element("span", ", ".join(said), class_="class") if said else None


def _row(destroyer: Destroyer, copies: Sequence[Copy]) -> Markup:
    cells = [element("th", destroyer.title, scope="row")]
    for copy, found, ways in zip(copies, destroyer.answers, destroyer.by, strict=True):
        label = hidden(f"{copy.name}: ")
        by = element("span", ", ".join(ways), class_="class") if ways else None
        cells.append(element("td", label, _SAID[found], " ", by, class_=_LOOKS[found]))
    return element("tr", cells)
