"""GitHub Actions annotations: workflow commands in the log of a step.

Commands: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from recoverable.report.characters import printable
from recoverable.report.wording import counts, deciding, estate_statement, number, plain, sentence, title
from recoverable.source import Address, Call, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.check import Report
    from recoverable.report.options import Options
    from recoverable.rule import Fault, Finding
    from recoverable.source import Origin

#: GitHub shows this many annotations of each level from one step; the rest stay in its log.
SHOWN = 10

_LEVELS = {"high": "error", "medium": "warning", "low": "notice", "info": "notice"}


def render(report: Report, options: Options) -> str:
    """One command a line, worst first, then how many of them GitHub leaves out, and the summary."""
    lines = [_fault(fault) for fault in report.faults]
    lines += [_finding(finding, _LEVELS[finding.severity.value], options) for finding in report.findings]
    lines += [_finding(finding, "notice", options, open=True) for finding in report.undetermined]
    left = []
    for level in ("error", "warning", "notice"):
        count = sum(line.startswith(f"::{level} ") for line in lines) - SHOWN
        if count > 0:
            left.append(number(count, f"more {level}", f"more {level}s"))
    if left:
        lines.append(f"recoverable: GitHub shows {SHOWN} annotations of a kind; only in this log: {', '.join(left)}")
    lines.append(f"recoverable: {counts(report).line()}. {estate_statement(report)}")
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, level: str, options: Options, *, open: bool = False) -> str:
    here, elsewhere = deciding(finding)
    said = [f"{title(finding, open=open)}.", *(sentence(fact.text) for fact in here)]
    said += [sentence(f"{fact.text} ({fact.origin.start()})") for fact in elsewhere if fact.origin]
    if not open:
        said.append(sentence(plain(options.help_of(finding.rule).what_to_do)))
    name = f"{finding.rule.name} ({'undetermined' if open else finding.severity.value})"
    return _command(level, finding.origin, name, " ".join(filter(None, said)))


def _fault(fault: Fault) -> str:
    return _command("error", fault.origin, fault.kind, f"{sentence(fault.message)} {sentence(fault.do)}".strip())


def _command(level: str, origin: Origin, name: str, message: str) -> str:
    properties: list[tuple[str, str]] = []
    match origin:
        case Span(path, line, column, end_line, end_column):
            properties = [("file", path), ("line", str(line))]
            if line == end_line:
                # The runner drops columns of annotations that run over several lines, and warns.
                properties += [("col", str(column)), ("endLine", str(end_line)), ("endColumn", str(end_column))]
            else:
                properties.append(("endLine", str(end_line)))
        case Address(path, _):
            properties = [("file", path)]
        case Call():
            message = f"{message} ({origin.start()})"
    properties.append(("title", f"recoverable: {name}"))
    written = ",".join(f"{key}={_property(printable(value))}" for key, value in properties)
    return f"::{level} {written}::{_data(printable(message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
