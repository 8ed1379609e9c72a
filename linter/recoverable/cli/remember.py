"""Keeping audits: `--store` and `--since`, from a report to a report that knows of earlier ones."""

from __future__ import annotations

from recoverable.cli.options import UsageError
from recoverable.rule import Fault
from recoverable.source import Address, Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.check import Report
    from recoverable.cli.options import Arguments
    from recoverable.source import Origin

#: The scope of what was read from files.
FILES = "files"


def asks(arguments: Arguments) -> bool:
    """Whether earlier audits matter to this run. Raises UsageError for options that go together and do not."""
    if arguments.given("since") and not arguments.given("store"):
        raise UsageError("--since compares with audits that were kept: name where, with --store")
    if arguments.given("store") and arguments.takes("estate") and arguments.given("estate"):
        raise UsageError("--store keeps whole audits, and --estate reports on parts: use one of them")
    return arguments.given("store")


def remembered(report: Report, arguments: Arguments, now: str) -> Report:
    """The report with its history, kept in the store; with --since only what changed is left of its findings.

    A store that cannot be used is a fault, and the report is as it was: nothing is lost.
    """
    from recoverable.history.ledger import History, OrderError, Said, advance, changes
    from recoverable.history.stores import StoreError, open_store

    place = arguments.one("store")
    said = Said(
        report.taken or now,
        report.findings,
        report.undetermined,
        report.accepted,
        frozenset(rule.name for rule in report.rules) - _crashed(report),
        frozenset(report.subjects),
        frozenset(_places(report)),
        frozenset(_examined(report)),
        len(report.faults),
        len({row.table.subject.address for row in report.tables}),
    )
    try:
        ledger = open_store(place).update(report.scope or FILES, lambda before: advance(before, said))
    except (StoreError, OrderError) as error:
        fault = Fault(
            "store", str(error), Address(place, "--store"), "mend or move it, or name another place with --store"
        )
        return report._replace(faults=(*report.faults, fault))
    since = arguments.one("since")
    found = changes(ledger, "" if since == "last" else since)
    if not since:
        return report._replace(history=History(ledger, found))
    # What the ledger has not heard of is left in: a snapshot that is judged again, by other rules, adds nothing to it.
    before = {spell.fingerprint for spell in found.still}
    left = tuple(finding for finding in report.findings if finding.fingerprint not in before)
    held = len(report.findings) - len(left)
    return report._replace(findings=left, history=History(ledger, found, only_changes=True, held_back=held))


def _crashed(report: Report) -> frozenset[str]:
    """Rules that stopped somewhere: what they did not find may be there all the same."""
    return frozenset(
        rule.name
        for rule in report.rules
        for fault in report.faults
        if fault.kind == "rule-crashed" and f"rule {rule.name} crashed" in fault.message
    )


def _places(report: Report) -> Iterator[str]:
    """The accounts and files of which not everything could be read. A fault of no place is one of all."""
    for fault in report.faults:
        place = _place(fault.origin)
        if place:
            yield place
        else:
            yield from _examined(report)


def _place(origin: Origin) -> str:
    return origin.account if isinstance(origin, Call) else origin.path


def _examined(report: Report) -> Iterator[str]:
    yield from report.examined
    # An account by itself was looked at even if nothing is left in it.
    yield report.scope
    yield from {subject[0] for subject in report.subjects}
