"""The report for people: by table and worst first, each finding with its line, why it matters and what to do."""

from __future__ import annotations

from recoverable.report.characters import columns, printable, wrapped
from recoverable.report.frames import Sources, frame
from recoverable.report.wording import counts, deciding, estate_statement, first_sentence, plain, title
from recoverable.source import Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from recoverable.check import Report
    from recoverable.report.options import Options
    from recoverable.rule import Fault, Finding
    from recoverable.source import Origin

_COLOURS = {
    "high": "1;31",
    "medium": "33",
    "low": "36",
    "info": "34",
    "?": "35",
    "error": "1;31",
    "note": "34",
    "strong": "1",
}

_NARROWEST = 40

#: From so many on, things of which the same is not known for the same reasons are told once.
_MANY = 4
#: So many of the others are named.
_NAMED = 5


def render(report: Report, options: Options) -> str:
    """Text for a terminal of `options.width` columns. Nothing in it comes from the input as a control character."""
    page = _Page(report, options)
    blocks: list[list[str]] = []
    alike = {} if options.quiet else _alike(report.undetermined)
    told: set[Hashable] = set()
    for found, undetermined in _by_table(report):
        blocks.extend(page.finding(finding) for finding in found)
        for finding in undetermined:
            reasons = _reasons(finding)
            if reasons not in told:
                others = [other for other in alike.get(reasons, ()) if other is not finding]
                blocks.append(page.finding(finding, others, open=True))
            if reasons in alike:
                told.add(reasons)
    if not options.quiet:
        blocks.append([*page.set_aside("exempt", report.exempt), *page.set_aside("accepted", report.accepted)])
        blocks.extend(page.fault(note, "note") for note in report.notes)
    blocks.extend(page.fault(fault, "error") for fault in report.faults)
    summary = page.paint("strong", counts(report).line())
    changed = _changes(report)
    if options.quiet:
        return "\n".join([line for block in blocks for line in block] + [*changed[:1], summary, ""])
    blocks.append(changed)
    blocks.append([estate_statement(report), summary])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _changes(report: Report) -> list[str]:
    if report.history is None:
        return []
    from recoverable.report.changes import summary  # noqa: PLC0415 (only where audits are kept)

    return [_inert(line) for line in summary(report.history)]


def _by_table(report: Report) -> Iterable[tuple[list[Finding], list[Finding]]]:
    """Findings and undetermined ones by resource. The report is in order, so the worst resource comes first."""
    groups: dict[tuple[str, str], tuple[list[Finding], list[Finding]]] = {}
    for at, findings in enumerate((report.findings, report.undetermined)):
        for finding in findings:
            subject = finding.subject
            groups.setdefault((subject.path, subject.address), ([], []))[at].append(finding)
    return groups.values()


def _alike(undetermined: Iterable[Finding]) -> dict[Hashable, list[Finding]]:
    """What is not known for the same reasons, together if it is much: one policy that was not read may leave open what
    each of a thousand principals can do.
    """
    groups: dict[Hashable, list[Finding]] = {}
    for finding in undetermined:
        groups.setdefault(_reasons(finding), []).append(finding)
    return {reasons: group for reasons, group in groups.items() if len(group) >= _MANY}


def _reasons(finding: Finding) -> Hashable:
    """The rule, and the facts with their places; a fact about the thing itself has the place of that."""
    own = finding.subject.origin
    facts = tuple((fact.text, None if fact.origin == own else fact.origin) for fact in finding.facts)
    return finding.rule.name, finding.scenario, facts


class _Page:
    """The report while it is written: a rule's reasons stand where it comes up first, what to do about it each time."""

    def __init__(self, report: Report, options: Options) -> None:
        self._options = options
        self._width = max(options.width, _NARROWEST)
        self._sources = Sources(report.sources)
        self._explained: set[str] = set()

    def paint(self, style: str, text: str) -> str:
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self._options.colour else text

    def finding(self, finding: Finding, others: Sequence[Finding] = (), *, open: bool = False) -> list[str]:
        style = "?" if open else finding.severity.value
        lines = [self._head(finding.origin, style, f"{title(finding, open=open)} [{finding.rule.name}]")]
        if self._options.quiet:
            return lines
        here, elsewhere = deciding(finding)
        framed, labelled = self._frame(finding.origin, here[0].text if here else "", style)
        lines += framed
        for fact in here[1:] if labelled else here:
            lines += self._note("also" if labelled else "fact", fact.text)
        if isinstance(finding.origin, Call):
            lines += self._note("read", finding.origin.start())
        for fact in elsewhere:
            assert fact.origin is not None
            lines += self._note("also", f"{fact.text} ({fact.origin.start()})")
        if others:
            named = [f"{each.subject.title()} ({each.subject.origin.start()})" for each in others[:_NAMED]]
            more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
            lines += self._note("same", f"it is so for {len(others)} others: {', '.join(named)}{more}")
        if finding.subject.construct:
            lines += self._note("from", f"CDK construct {finding.subject.construct}")
        if not open:
            document = self._options.help_of(finding.rule)
            if finding.rule.name in self._explained:
                lines += self._note("do", first_sentence(plain(document.what_to_do)))
            else:
                self._explained.add(finding.rule.name)
                lines += self._note("why", plain(document.why))
                lines += self._note("do", plain(document.what_to_do))
        # On a line of its own, so that it can be copied.
        return [*lines, f"  = more: recoverable explain {finding.rule.name}"]

    def fault(self, fault: Fault, style: str) -> list[str]:
        lines = [self._head(fault.origin, style, f"{fault.message.rstrip('. ')} [{fault.kind}]", colon=True)]
        if not self._options.quiet:
            lines += self._frame(fault.origin, "", style)[0]
            lines += self._note("do", fault.do)
        return lines

    def set_aside(self, word: str, findings: Iterable[Finding]) -> list[str]:
        """One line for all that one subject is spared for one reason."""
        groups: dict[tuple[str, str, str], list[Finding]] = {}
        for finding in findings:
            key = (finding.subject.path, finding.subject.title(), finding.reason)
            groups.setdefault(key, []).append(finding)
        lines = []
        for (_, subject, reason), group in groups.items():
            places = {finding.origin for finding in group}
            origin = group[0].origin if len(places) == 1 else group[0].subject.origin
            rules = ", ".join(dict.fromkeys(finding.rule.name for finding in group))
            said = f"{subject} [{rules}]: {reason or 'no reason given'}"
            lines.append(f"{_inert(printable(origin.start()))} {word} {printable(said)}")
        return lines

    def _head(self, origin: Origin, style: str, said: str, *, colon: bool = False) -> str:
        word = self.paint(style, style) + (":" if colon else "")
        # What was read of an account has no line; its title is the ARN.
        place = f"{origin.account} {origin.region}" if isinstance(origin, Call) else origin.start()
        return f"{_inert(printable(place))} {word} {printable(said)}"

    def _frame(self, origin: Origin, label: str, style: str) -> tuple[list[str], bool]:
        """The frame, none without a source, and whether there was room in it for the label."""
        lines = frame(self._sources, origin, printable(label), self._width)
        fits = bool(lines) and columns(lines[-1]) <= self._width
        if not fits:
            lines = frame(self._sources, origin, "", self._width)
        if lines:
            before, bar, marks = lines[-1].partition("| ")
            lines[-1] = before + bar + self.paint(style, marks)
        return lines, fits

    def _note(self, name: str, text: str) -> list[str]:
        """`  = name: text`, wrapped under itself; nothing for no text."""
        start = f"  = {name}: ".ljust(10)
        width = max(self._width - columns(start), _NARROWEST // 2)
        lines = wrapped(printable(text), width)
        return [(start if at == 0 else " " * len(start)) + _inert(line) for at, line in enumerate(lines)]


def _inert(line: str) -> str:
    """A line that is no workflow command: GitHub Actions obeys those that open with `::`, wherever they come from."""
    return f"\\x3a{line[1:]}" if line.startswith("::") else line
