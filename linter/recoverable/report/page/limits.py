"""What the page rests on, and what it does not know."""

from __future__ import annotations

from recoverable.report.page.markup import Markup, element, inside
from recoverable.report.page.places import place
from recoverable.report.wording import counts, estate_statement, number, raised, sentence
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recoverable.check import Report
    from recoverable.report.page.rows import Row
    from recoverable.rule import Fault, Finding


def limits(report: Report, rows: Sequence[Row]) -> Markup:
    """What was looked at, what could not be read, and how much is not known."""
    count = counts(report)
    cells = [verdict for row in rows for key, verdict in row.cells.items() if key != "cost"]
    open_ = sum(verdict.answer is Answer.UNKNOWN for verdict in cells)
    looked = (
        f"{number(count.files, 'file')}, {number(count.tables, 'table')}, {number(count.replicas, 'replica')}, "
        f"{number(count.rules, 'rule')}."
    )
    parts: list[Markup | None] = [
        element("p", sentence(estate_statement(report)), " Looked at: ", looked),
        element("p", _open(open_, len(cells))),
        _faults("Errors: what could not be read or judged", report.faults, "error"),
        _faults("Notes", report.notes, "note"),
        _set_aside("Accepted by somebody, with a reason", report.accepted),
        _set_aside("Exempt, with the reason", report.exempt),
        element(
            "ul",
            element("li", "Whether a restore works is known only to those who tried one."),
            element("li", "What is made by hand, or by files that were not looked at, is not on this page."),
            element("li", _who(report)),
            element("li", "Costs are estimates, by the sizes in the configuration and the list prices of a day."),
            class_="plain",
        ),
    ]  # fmt: skip
    if report.examined:
        files = element("ul", (element("li", element("code", path)) for path in report.examined), class_="plain")
        parts.append(
            element("details", element("summary", f"The {number(len(report.examined), 'file')} examined"), files)
        )
    return inside(parts)


def _who(report: Report) -> str:
    if not report.radii:
        return "Who may restore and who may destroy is not on this page."
    return (
        "Native backups that were made by hand, and principals of other accounts, are in no answer on who can destroy."
    )


def _open(open_: int, all_: int) -> str:
    if not all_:
        return "There is no table to say anything of."
    if not open_:
        return "Every answer in the matrix is known."
    return f"{open_} of {all_} answers in the matrix are not known; each cell says what would have to be known."


def _faults(title: str, faults: Iterable[Fault], word: str) -> Markup | None:
    shown = [
        element(
            "li",
            element("span", word, class_=f"severity {'high' if word == 'error' else 'info'}"),
            element(
                "div",
                element("p", element("strong", raised(fault.message.rstrip(". "))), " ", place(fault.origin)),
                element("p", element("b", "What to do: "), sentence(fault.do)) if fault.do else None,
            ),
        )
        for fault in faults
    ]
    return element("section", element("h3", title), element("ul", shown, class_="findings")) if shown else None


def _set_aside(title: str, findings: Iterable[Finding]) -> Markup | None:
    spared: dict[tuple[str, str], dict[str, None]] = {}
    for finding in findings:
        spared.setdefault((finding.subject.title(), finding.reason), {})[finding.rule.name] = None
    shown = [
        element("li", element("strong", name), f": {reason or 'no reason given'} ", element("code", ", ".join(rules)))
        for (name, reason), rules in spared.items()
    ]
    if not shown:
        return None
    return element("details", element("summary", f"{title}: {len(shown)}"), element("ul", shown, class_="plain"))
