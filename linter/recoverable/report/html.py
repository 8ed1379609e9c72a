"""The recovery picture as one page: no network, no other file, readable without scripts, printable."""

from __future__ import annotations

import os
from base64 import b64encode
from hashlib import sha256

from recoverable.report.page.findings import findings
from recoverable.report.page.headline import headline
from recoverable.report.page.limits import limits
from recoverable.report.page.markup import Markup, element
from recoverable.report.page.matrix import matrix
from recoverable.report.page.rows import grouped, numbered
from recoverable.report.page.timeline import definitions, timeline
from recoverable.report.page.verdicts import PROTECTIONS
from recoverable.report.wording import counts, estate_statement, number
from recoverable.rule import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.check import Report
    from recoverable.report.options import Options
    from recoverable.report.page.rows import Group, Row

#: The parts of the page: where links lead to, and as its navigation and its headings call them.
_PARTS = (
    ("answer", "Answer", "The answer"),
    ("restore-points", "Restore points", "Restore points, by their age"),
    ("protections", "Protections", "What protects each table"),
    ("findings", "Findings", "What was found, and what to do"),
    ("not-known", "Not known", "What this page does not know"),
)

#: The part that is there only where audits are kept.
_CHANGES = ("changes", "Changes", "What changed since earlier audits")


def render(report: Report, options: Options) -> str:
    """One HTML document. Styles and script are allowed by their hashes, and nothing else is: see its first `meta`."""
    groups = grouped(report)
    rows = numbered(report, groups)
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src 'sha256-{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="robots", content="noindex"),
        element("meta", name="generator", content=f"recoverable {options.version}".rstrip()),
        element("title", "Could we get these tables back?"),
        element("style", Markup(style)),
    )
    body = element(
        "body",
        element("a", "Skip to the answer", href="#answer", class_="skip"),
        definitions(),
        _header(report, options),
        _tools(rows),
        element("main", _sections(report, rows, tuple(groups.values()), options)),
        element("p", role="status", id="status", class_="heard"),
        element("script", Markup(script)),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


_POWERS = ("powers", "Who can", "Who can restore it, and who can destroy it")


def _parts(report: Report) -> tuple[tuple[str, str, str], ...]:
    found = _PARTS if not report.radii else (*_PARTS[:3], _POWERS, *_PARTS[3:])
    return found if report.history is None else (found[0], _CHANGES, *found[1:])


def _header(report: Report, options: Options) -> Markup:
    count = counts(report)
    looked = f"{number(count.files, 'file')}, {number(count.tables, 'table')}"
    if count.replicas:
        looked += f", {number(count.replicas, 'replica')}"
    by = f"recoverable {options.version}".rstrip()
    links = [element("li", element("a", words, href=f"#{name}")) for name, words, _ in _parts(report)]
    theme = element("button", "Dark", type="button", id="theme", aria_pressed="false", hidden=True)
    return element(
        "header",
        element("h1", "Could we get these tables back?"),
        element("p", f"{by} looked at {looked}. {estate_statement(report)}", class_="aside"),
        element("nav", element("ul", links), theme, aria_label="Parts of the page"),
    )


def _tools(rows: Sequence[Row]) -> Markup:
    """The filters, which the script shows: without it they would do nothing."""
    classes = sorted({row.row.table_class.name for row in rows})
    asked = [column for column in PROTECTIONS if not column.plain]
    answers = [
        element("option", "all tables", value=""),
        element("option", "with findings", value="findings"),
        element("option", "an objective missed", value="missed"),
        element("option", "any answer is no", value="no."),
        element("option", "any answer is not known", value="unknown."),
        element("optgroup", (_option(column.heading, "no", column.key) for column in asked), label="No"),
        element("optgroup", (_option(column.heading, "unknown", column.key) for column in asked), label="Not known"),
    ]
    return element(
        "form",
        _labelled(
            "Find", element("input", type="search", id="q", autocomplete="off", placeholder="name, path, Region")
        ),
        _labelled("Class", element("select", _options("all classes", classes), id="class")),
        _labelled("Show", element("select", answers, id="show")),
        _labelled("Severity", element("select", _options("any", [each.value for each in Severity]), id="severity")),
        element("button", "Clear", type="reset", id="clear"),
        element("output", id="shown"),
        id="tools",
        role="search",
        aria_label="Filter the tables",
        hidden=True,
    )


def _labelled(words: str, control: Markup) -> Markup:
    return element("label", element("span", words), control)


def _option(heading: str, answer: str, key: str) -> Markup:
    said = "not known" if answer == "unknown" else answer
    return element("option", f"{heading}: {said}", value=f"{answer}.{key}")


def _options(every: str, names: Sequence[str]) -> list[Markup]:
    return [element("option", every, value=""), *(element("option", name, value=name) for name in names)]


def _sections(report: Report, rows: Sequence[Row], groups: Sequence[Group], options: Options) -> list[Markup]:
    contents = [headline(rows), timeline(rows), matrix(rows), findings(groups, options), limits(report, rows)]
    if report.radii:
        from recoverable.report.page.powers import powers  # noqa: PLC0415 (only where there are principals)

        contents.insert(3, powers(report.radii))
    if report.history is not None:
        from recoverable.report.page.trend import trend  # noqa: PLC0415 (only where audits are kept)

        contents.insert(1, trend(report.history))
    none = element("p", "There is no table in what was looked at.", class_="aside")
    made = []
    for (name, _, heading), content in zip(_parts(report), contents, strict=True):
        shown = content if rows or name not in ("restore-points", "protections") else none
        title = element("h2", heading, id=f"{name}-heading")
        made.append(
            element("section", title, shown, id=name, aria_labelledby=f"{name}-heading", class_="part", tabindex="-1")
        )
    return made


def _asset(name: str) -> str:
    """A file of the page that is not HTML."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "page", name)  # noqa: PTH100, PTH118, PTH120
    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123
        return file.read().replace("\r\n", "\n")


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode("ascii")
