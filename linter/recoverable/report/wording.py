"""How a report says things: first lines, messages, counts."""

from __future__ import annotations

from recoverable.estate import Replica
from recoverable.source import Call
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.check import Report
    from recoverable.estate import Subject
    from recoverable.rule import Finding
    from recoverable.truth import Fact


def lowered(sentence: str) -> str:
    """A sentence as it goes on after a colon: `Point-in-time recovery is off` in lower case, `KMS key ...` as it is."""
    word = sentence.partition(" ")[0]
    return sentence[:1].lower() + sentence[1:] if word[1:].islower() or word == "A" else sentence


def title(finding: Finding, *, open: bool = False) -> str:
    """The sentence that stands alone: `Orders: point-in-time recovery is off, when IsProd is false`.

    `open` findings are those of which it cannot be told whether they hold.
    """
    headline = lowered(finding.headline.rstrip(". ")) or finding.rule.name
    said = f"cannot tell whether {headline}" if open else headline
    when = f", {finding.scenario}" if finding.scenario else ""
    return f"{_named(finding.subject)}: {said}{when}"


def _named(subject: Subject) -> str:
    """What a thing is called; an ARN with an id in it says nothing without the name."""
    title, name = subject.title(), subject.name.known()
    return f"{title} ({name})" if name and title.startswith("arn:") and name not in title else title


def arn(finding: Finding) -> str:
    """The ARN of what a finding is about, empty for what has none, as in files."""
    address = finding.subject.address
    if address.startswith("arn:"):
        return address
    return finding.origin.resource if isinstance(finding.origin, Call) else ""


def sentence(text: str) -> str:
    """With a capital letter, unless it starts with a name, and a full stop, if it does not end in one of its kind."""
    text = raised(text.strip())
    return text if not text or text[-1] in ".!?:…" else f"{text}."


def raised(text: str) -> str:
    """With a capital letter, unless the first word is a name such as `aws_dynamodb_table.orders` or `eu-west-1`."""
    word = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if word.isalpha() and word.islower() else text


def deciding(finding: Finding) -> tuple[list[Fact], list[Fact]]:
    """The facts at the place that the finding points to or without a place, and those with places of their own."""
    here = [fact for fact in finding.facts if fact.origin is None or fact.origin == finding.origin]
    return here, [fact for fact in finding.facts if fact.origin is not None and fact.origin != finding.origin]


def number(count: int, one: str, many: str = "") -> str:
    """`1 table`, `2 tables`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


class Counts(NamedTuple):
    """What was looked at and what became of it. A table that a report shows in several scenarios counts once."""

    files: int
    tables: int
    replicas: int
    rules: int
    findings: dict[str, int]
    undetermined: int
    accepted: int
    exempt: int
    errors: int
    notes: int
    principals: int = 0
    policies: int = 0

    def line(self) -> str:
        """The summary in one line."""
        looked = [number(self.files, "file"), number(self.tables, "table")]
        if self.replicas:
            looked.append(number(self.replicas, "replica"))
        if self.principals:
            looked.append(number(self.principals, "principal"))
        if self.policies:
            looked.append(number(self.policies, "policy", "policies"))
        looked.append(number(self.rules, "rule"))
        total = sum(self.findings.values())
        by_severity = ", ".join(f"{count} {severity}" for severity, count in self.findings.items() if count)
        found = number(total, "finding") + (f" ({by_severity})" if total else "")
        rest = (
            f"{self.undetermined} undetermined, {self.accepted} accepted, {self.exempt} exempt, "
            f"{number(self.errors, 'error')}"
        )
        return f"{', '.join(looked)}: {found}, {rest}"


def counts(report: Report) -> Counts:
    found = dict.fromkeys(("high", "medium", "low", "info"), 0)
    for finding in report.findings:
        found[finding.severity.value] += 1
    seen = {(row.table.subject.path, row.table.subject.address, row.table.subject.part): row for row in report.tables}
    replicas = sum(isinstance(row.table, Replica) for row in seen.values())
    return Counts(
        report.files,
        len(seen) - replicas,
        replicas,
        len(report.rules),
        found,
        len(report.undetermined),
        len(report.accepted),
        len(report.exempt),
        len(report.faults),
        len(report.notes),
        report.principals,
        report.policies,
    )


def estate_statement(report: Report) -> str:
    """On what the answers rest."""
    if report.estate_complete:
        return "What was scanned is taken as all there is."
    return "There may be more than what was scanned: the configuration says that the estate is open."


def plain(markdown: str) -> str:
    """The first paragraph of Markdown prose as one line, links reduced to their texts."""
    paragraph = markdown.strip().partition("\n\n")[0]
    return " ".join(unlinked(paragraph).split())


def first_sentence(text: str) -> str:
    """What comes before the first full stop that a capital letter follows, the stop included."""
    at = text.find(". ")
    while at >= 0 and not text[at + 2 : at + 3].isupper():
        at = text.find(". ", at + 1)
    return text if at < 0 else text[: at + 1]


def unlinked(markdown: str) -> str:
    """Prose in which `[text](https://...)` has become its text."""
    out: list[str] = []
    rest = markdown
    while True:
        before, bridge, after = rest.partition("](")
        words, bracket, label = before.rpartition("[")
        target, closing, later = after.partition(")")
        if not bridge or not closing:
            return "".join((*out, rest))
        out.append(words + label if bracket and " " not in target else before + bridge + target + closing)
        rest = later


def first_link(markdown: str) -> str:
    """The first address under `## References`, or nothing."""
    references = markdown.partition("\n## References")[2]
    at = references.find("https://")
    if at < 0:
        return ""
    return _until(references[at:], " \t\r\n)>]\"'`")


def _until(text: str, stops: Iterable[str]) -> str:
    end = min((at for at in map(text.find, stops) if at >= 0), default=len(text))
    return text[:end]
