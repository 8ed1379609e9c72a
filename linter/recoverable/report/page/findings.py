"""What was found, thing by thing: what is wrong, where, what it follows from, and what to do."""

from __future__ import annotations

from recoverable.report.page.markup import Markup, element, inside
from recoverable.report.page.places import place, reasons
from recoverable.report.wording import first_sentence, lowered, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.report.options import Options
    from recoverable.report.page.rows import Group
    from recoverable.rule import Finding


def findings(groups: Iterable[Group], options: Options) -> Markup:
    """A part for each thing of which something was found."""
    parts = list(_groups(groups, options))
    return inside(parts) if parts else element("p", "Nothing was found.", class_="aside")


def _groups(groups: Iterable[Group], options: Options) -> Iterator[Markup]:
    for group in groups:
        first = (*group.findings, *group.undetermined)[0].subject
        shown = [_finding(finding, options, open=False) for finding in group.findings]
        shown += [_finding(finding, options, open=True) for finding in group.undetermined]
        words = (first.title(), first.name.known() or "", first.path, first.region.known() or "")
        kind = "" if group.rows else f" ({first.kind.replace('-', ' ')})"
        yield element(
            "section",
            element("h3", first.title(), element("span", kind, class_="kind") if kind else None),
            element("ul", shown, class_="findings"),
            class_="group",
            id=f"f{group.number}",
            tabindex="-1",
            data_rows=" ".join(map(str, group.rows)),
            data_text=" ".join(filter(None, words)).lower(),
        )


def _finding(finding: Finding, options: Options, *, open: bool) -> Markup:
    document = options.help_of(finding.rule)
    said = finding.headline.rstrip(". ") or finding.rule.name
    when = f", {finding.scenario}" if finding.scenario else ""
    what = f"Cannot tell whether {lowered(said)}{when}" if open else f"{said}{when}"
    do = "" if open else first_sentence(plain(document.what_to_do))
    name = "open" if open else finding.severity.value
    return element(
        "li",
        element("span", "undetermined" if open else name, class_=f"severity {name}"),
        element(
            "div",
            element("p", element("strong", what), " ", element("code", finding.rule.name, class_="rule")),
            element("p", place(finding.origin)),
            element("p", element("b", "What to do: "), do) if do else None,
            _details(finding),
        ),
        data_severity=name,
    )


def _details(finding: Finding) -> Markup | None:
    why = reasons(finding.facts)
    return None if why is None else element("details", element("summary", "What it follows from"), why)
