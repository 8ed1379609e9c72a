"""The rules of a SARIF run, with what GitHub shows beside an alert."""

from __future__ import annotations

from recoverable.report.wording import first_link, plain, sentence, unlinked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.check import Report
    from recoverable.report.options import Options
    from recoverable.rule import Rule, Severity

    Object = dict[str, object]

#: SARIF has no level below `note` for results that count; the rest is in `security-severity`.
LEVELS = {"high": "error", "medium": "warning", "low": "note", "info": "note"}

#: In the middle of the bands that GitHub cuts: high from 7.0, medium from 4.0, low from 0.1. Facts have none.
SCORES = {"high": "8.0", "medium": "5.5", "low": "3.0"}

#: GitHub calls it critical from 9.0.
CRITICAL = "9.5"

#: GitHub takes at most so many characters of a description.
DESCRIPTION = 1024


def descriptors(report: Report, options: Options) -> tuple[list[Object], dict[str, int]]:
    """All rules that were asked, by name, and where each stands in the list.

    GitHub takes the severity of an alert from its rule, so a rule has the worst one that its findings have here.
    """
    severities: dict[str, Severity] = {}
    for finding in (*report.findings, *report.undetermined, *report.accepted):
        known = severities.get(finding.rule.name)
        if known is None or finding.severity.rank < known.rank:
            severities[finding.rule.name] = finding.severity
    rules = {finding.rule.name: finding.rule for finding in (*report.accepted, *report.undetermined, *report.findings)}
    rules |= {rule.name: rule for rule in report.rules}
    names = sorted(rules)
    return (
        [_descriptor(rules[name], severities.get(name, rules[name].severity).value, options) for name in names],
        {name: at for at, name in enumerate(names)},
    )


def _descriptor(rule: Rule, severity: str, options: Options) -> Object:
    document = options.help_of(rule)
    headline = sentence(unlinked(document.headline)) or sentence(rule.name)
    why = unlinked(document.why).strip()
    do = unlinked(document.what_to_do).strip()
    text = "\n\n".join(filter(None, (headline, why, do)))
    described: Object = {
        "id": rule.name,
        "shortDescription": {"text": _cut(headline)},
        "fullDescription": {"text": _cut(plain(document.why) or headline)},
        "help": {"text": text, "markdown": document.markdown.strip() or text},
    }
    uri = document.uri or first_link(document.markdown)
    if uri:
        described["helpUri"] = uri
    described["defaultConfiguration"] = {"level": LEVELS[severity]}
    properties: Object = {"precision": "high"}
    tags = ["aws", "backup", "dynamodb", rule.group, "security" if severity in SCORES else ""]
    if severity in SCORES:
        critical = rule.critical and severity == "high"
        properties["security-severity"] = CRITICAL if critical else SCORES[severity]
    properties["tags"] = sorted({tag for tag in tags if tag})
    return {**described, "properties": properties}


def _cut(text: str) -> str:
    """At most as long as GitHub allows, cut between words."""
    if len(text) <= DESCRIPTION:
        return text
    return text[: DESCRIPTION - 2].rpartition(" ")[0] + " …"
