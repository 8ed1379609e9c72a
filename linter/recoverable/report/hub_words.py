"""What hubs that gather findings of many tools are told of one: the words that ASFF and OCSF share."""

from __future__ import annotations

from recoverable.report.characters import printable
from recoverable.report.wording import arn, first_link, plain, sentence, title
from recoverable.source import Call
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.check import Report
    from recoverable.report.options import Options
    from recoverable.rule import Finding


class Told(NamedTuple):
    """A finding and what became of it: `open` if it cannot be told whether it holds, `accepted` if somebody said so."""

    finding: Finding
    open: bool = False
    accepted: bool = False

    def title(self) -> str:
        return printable(title(self.finding, open=self.open))

    def severity(self) -> str:
        """`critical` for the worst of those that are high; `info` for what is open, which accuses nobody."""
        if self.open:
            return "info"
        severity = self.finding.severity.value
        return "critical" if severity == "high" and self.finding.rule.critical else severity

    def description(self) -> str:
        """The sentence that stands alone, then all facts, with their places where these are no calls to AWS."""
        facts = [
            fact.text
            if fact.origin is None or isinstance(fact.origin, Call)
            else f"{fact.text} ({fact.origin.start()})"
            for fact in self.finding.facts
        ]
        return printable(" ".join([f"{self.title()}.", *map(sentence, facts)]))

    def resource(self) -> str:
        """The ARN of what it is about; its address where there is no ARN, as in files."""
        return printable(arn(self.finding) or self.finding.subject.address)


def told(report: Report) -> Iterator[Told]:
    """All that a hub can hold, worst first. Errors are no findings: the exit code tells of them."""
    yield from (Told(finding) for finding in report.findings)
    yield from (Told(finding, open=True) for finding in report.undetermined)
    yield from (Told(finding, accepted=True) for finding in report.accepted)


def advice(finding: Finding, options: Options) -> tuple[str, str]:
    """What to do, as one line, and where to read on; empty where the rule has no document."""
    document = options.help_of(finding.rule)
    return printable(plain(document.what_to_do)), document.uri or first_link(document.markdown)


def partition(region: str) -> str:
    """The partition of AWS that a Region lies in.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    for beginning, name in (
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("us-iso-", "aws-iso"),
        ("eu-isoe-", "aws-iso-e"),
        ("eusc-", "aws-eusc"),
    ):
        if region.startswith(beginning):
            return name
    return "aws"


def cut(text: str, most: int) -> str:
    """At most `most` characters, cut between words."""
    if len(text) <= most:
        return text
    start = text[: most - 2]
    return (start.rpartition(" ")[0] or start) + " …"
