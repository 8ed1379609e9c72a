"""The order of results and faults, by place, and fingerprints that tell apart all that stands in it."""

from __future__ import annotations

from recoverable.fingerprint import again
from recoverable.source import Address, Call, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.estate import Subject
    from recoverable.rule import Fault, Finding
    from recoverable.source import Origin


def order(finding: Finding) -> tuple[object, ...]:
    """What results are sorted by: the worst first, then by place."""
    subject = finding.subject
    return (
        finding.severity.rank, *_place(finding.origin), finding.rule.name, subject.address, subject.part,
        finding.scenario, finding.fingerprint, tuple(fact.text for fact in finding.facts),
    )  # fmt: skip


def _place(origin: Origin) -> tuple[str, int, int, str]:
    match origin:
        case Span():
            return origin.path, origin.line, origin.column, ""
        case Address():
            return origin.path, 0, 0, origin.address
        case Call():
            return "", 0, 0, " ".join(origin)


def order_of_subject(subject: Subject) -> tuple[str, str, str, str]:
    """What things are sorted by."""
    return subject.path, subject.account.known() or "", subject.address, subject.part


def path_of(origin: Origin) -> str:
    """The file that something stands in, empty for an account."""
    return "" if isinstance(origin, Call) else origin.path


def sorted_faults(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Faults by place, each once."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (*_place(fault.origin), fault.kind, fault.message)))


def identified(results: list[Finding]) -> Iterator[Finding]:
    """The results with a fingerprint of its own for each, also where subjects cannot be told apart."""
    seen: dict[str, int] = {}
    for result in results:
        before = seen.get(result.fingerprint, 0)
        seen[result.fingerprint] = before + 1
        yield result._replace(fingerprint=again(result.fingerprint, before)) if before else result
