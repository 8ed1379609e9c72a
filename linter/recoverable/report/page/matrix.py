"""Tables by protections: every cell says yes, no or not known, and tells why when it is asked."""

from __future__ import annotations

from recoverable.report.page.markup import Markup, element, hidden
from recoverable.report.page.places import reasons
from recoverable.report.page.verdicts import PROTECTIONS
from recoverable.report.wording import number
from recoverable.truth import Answer, Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.report.page.rows import Row
    from recoverable.report.page.verdicts import Protection, Verdict

#: Columns whose answer is a measure: its mark would say nothing that the measure does not.
_MEASURES = ("loss", "reach", "cost")


def matrix(rows: Sequence[Row]) -> Markup:
    """The whole table. It can be read without any script, which only filters, sorts and places the explanations."""
    headings = [element("th", "Table", scope="col", data_sort="text")]
    headings += [element("th", column.heading, scope="col", title=column.asked) for column in PROTECTIONS]
    headings.append(element("th", "Findings", scope="col", title="How much is wrong with it, by severity"))
    caption = element("caption", "What protects each table. Press a cell to see what it follows from.")
    table = element(
        "table", caption, element("thead", element("tr", headings)), element("tbody", map(_row, rows)), id="matrix"
    )
    label = "Tables by protections; scrolls sideways on a narrow screen"
    return element("div", table, class_="scroller", role="region", aria_label=label, tabindex="0")


def _row(row: Row) -> Markup:
    subject = row.row.table.subject
    cells = [_named(row)]
    cells += [_cell(row, column, row.cells[column.key]) for column in PROTECTIONS]
    cells.append(_findings(row))
    answers = {
        "no": [column.key for column in PROTECTIONS if not column.plain and row.cells[column.key].answer is Answer.NO],
        "unknown": [
            column.key for column in PROTECTIONS if not column.plain and row.cells[column.key].answer is Answer.UNKNOWN
        ],
    }
    words = (
        subject.title(), subject.name.known() or "", subject.path, subject.region.known() or "",
        subject.account.known() or "", subject.construct, row.row.scenario,
    )  # fmt: skip
    return element(
        "tr", cells, data_i=row.number, data_text=" ".join(filter(None, words)).lower(),
        data_class=row.row.table_class.name, data_no=" ".join(answers["no"]), data_unknown=" ".join(answers["unknown"]),
        data_severity=" ".join(dict.fromkeys(severity.value for severity in row.severities)),
        data_missed=bool(row.missed()), class_="spared" if row.row.table_class.spared else None,
    )  # fmt: skip


def _named(row: Row) -> Markup:
    table_class = row.row.table_class
    return element(
        "th",
        element("a", row.title, href=f"#t{row.number}"),
        element("span", table_class.name, class_="class") if table_class.name != "production" else None,
        element("span", row.row.scenario, class_="scenario") if row.row.scenario else None,
        scope="row",
        data_sort=row.title.lower(),
    )


def _cell(row: Row, column: Protection, verdict: Verdict) -> Markup:
    name = f"w{row.number}-{column.key}"
    quiet = column.plain and (verdict.answer is not Answer.UNKNOWN or column.key in _MEASURES)
    look = "measure" if quiet else verdict.answer.value
    measure = column.key in _MEASURES and verdict.answer is not Answer.UNKNOWN
    label = f"{column.heading}: {verdict.short}{', objective missed' if verdict.missed else ''}"
    flag = element("span", "⚑", class_="flag") if verdict.missed else None
    button = element("button", verdict.short, flag, type="button", popovertarget=name, aria_label=label)
    goal = None
    if verdict.missed:
        goal = element("p", "⚑ Objective missed: ", verdict.missed, class_="missed")
    elif verdict.doubtful:
        goal = element("p", "Not known whether the objective is met: ", verdict.doubtful)
    said = label if column.key == "cost" else f"{label[:1].lower()}{label[1:]}"
    title = element("h3", f"{row.title}: {said}")
    why = element("div", title, goal, reasons(verdict.facts), id=name, popover="auto", class_="why")
    return element("td", button, why, class_=f"{look} bare" if measure else look, data_sort=f"{verdict.order:.6g}")


def _findings(row: Row) -> Markup:
    counts: dict[str, int] = {}
    for severity in row.severities:
        counts[severity.value] = counts.get(severity.value, 0) + 1
    weight = sum({"high": 10**6, "medium": 10**4, "low": 100}.get(name, 1) * count for name, count in counts.items())
    if row.group is None:
        reason = row.row.table_class.reason
        return element("td", "spared" if row.row.table_class.spared and reason is not None else "none", data_sort=0,
                       class_="measure", title=_because(reason))  # fmt: skip
    said = [element("span", f"{count} {name}", class_=f"severity {name}") for name, count in counts.items()]
    if row.undetermined:
        said.append(element("span", f"{row.undetermined} undetermined", class_="severity open"))
    label = hidden(f"{number(len(row.severities), 'finding')}: ")
    return element("td", element("a", label, said, href=f"#f{row.group}"), data_sort=weight, class_="measure")


def _because(reason: Fact | None) -> str | None:
    return None if reason is None else reason.text
