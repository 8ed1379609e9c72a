"""How the number of findings went from audit to audit: a drawing, its numbers as a table, and what changed last."""

from __future__ import annotations

from recoverable.history.ledger import days
from recoverable.report.changes import summary
from recoverable.report.page.markup import Markup, element, inside
from recoverable.report.wording import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.history.ledger import History, Round, Spell

#: Audits that are drawn; the store has the others.
_DRAWN = 60
#: Rows of the tables.
_LISTED, _OLDEST = 12, 20
#: Height of the drawing, in pixels.
_HEIGHT = 120

_LEVELS = ("high", "medium", "low", "info")


def trend(history: History) -> Markup:
    """What changed, a bar for each audit, and the findings that have been open for longest."""
    rounds = history.ledger.rounds
    now = rounds[-1].taken
    lines = [element("li", line) for line in summary(history)]
    return inside(
        [
            element("ul", lines, class_="changes"),
            _drawing(rounds[-_DRAWN:]),
            _numbers(rounds[-_LISTED:]),
            _oldest(history.ledger.open[:_OLDEST], now, len(history.ledger.open)),
        ]
    )


def _drawing(rounds: Sequence[Round]) -> Markup:
    highest = max((each.total() for each in rounds), default=0) or 1
    width = 100 / len(rounds)
    bars = []
    for at, each in enumerate(rounds):
        bottom = float(_HEIGHT)
        parts = []
        for level in _LEVELS:
            height = getattr(each, level) / highest * _HEIGHT
            if height:
                bottom -= height
                parts.append(
                    element(
                        "rect", x=f"{at * width + width * 0.1:.2f}%", width=f"{width * 0.8:.2f}%", y=f"{bottom:.1f}",
                        height=f"{height:.1f}", class_=f"bar-{level}{'' if each.complete else ' partial'}",
                    )
                )  # fmt: skip
        bars.append(element("g", parts))
    said = f"Findings of {number(len(rounds), 'audit')}, from {rounds[0].total()} to {rounds[-1].total()}"
    keys = [element("li", element("span", "", class_=f"key bar-{level}"), level) for level in _LEVELS]
    return element(
        "figure",
        element("svg", bars, class_="trend", role="img", aria_label=said, height=_HEIGHT),
        element(
            "figcaption",
            element("span", f"{rounds[0].taken} to {rounds[-1].taken}; pale bars are audits that were not complete"),
            element("ul", keys, class_="trend-keys"),
        ),
    )


def _numbers(rounds: Sequence[Round]) -> Markup:
    heads = ("Audit", "Findings", "High", "Medium", "Low", "New", "Fixed", "Undetermined", "Complete")
    rows = []
    for each in reversed(rounds):
        cells = (each.total(), each.high, each.medium, each.low, each.new, each.fixed, each.undetermined)
        rows.append(
            element(
                "tr",
                element("th", each.taken, scope="row"),
                [element("td", str(cell)) for cell in cells],
                element("td", "yes" if each.complete else f"no, {number(each.errors, 'error')}"),
            )
        )
    return _table("The newest audits", heads, rows)


def _oldest(spells: Sequence[Spell], now: str, count: int) -> Markup | None:
    if not spells:
        return None
    rows = [
        element(
            "tr",
            element("th", number(days(each, now), "day"), scope="row"),
            element("td", each.severity),
            element("td", each.message, f" [{each.rule}]", f" ({each.doubt})" if each.doubt else ""),
        )
        for each in spells
    ]
    title = "Open for longest" if count <= len(spells) else f"Open for longest ({len(spells)} of {count})"
    return _table(title, ("Open for", "Severity", "What is wrong"), rows)


def _table(title: str, heads: Sequence[str], rows: Sequence[Markup]) -> Markup:
    head = element("thead", element("tr", [element("th", each, scope="col") for each in heads]))
    return element(
        "div",
        element("table", element("caption", title), head, element("tbody", rows), class_="numbers"),
        class_="scrolled", tabindex="0", role="region", aria_label=title,
    )  # fmt: skip
