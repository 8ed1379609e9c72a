"""The ledger of the audits of one scope: when each finding was opened, last seen and closed, and why.

Pure: it is advanced by what an audit said, and never looks anything up. What an audit could not see is not fixed.
"""

from __future__ import annotations

from recoverable.typed import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from recoverable.estate import Subject
    from recoverable.rule import Finding

#: Changes when an older version could no longer read a ledger.
SCHEMA = "recoverable/ledger/1"

#: The ledger keeps so many of the newest audits and of the findings closed last; open ones it keeps for ever.
MOST_ROUNDS = 1_000
MOST_CLOSED = 5_000

#: How a finding ended: its rule is content, what it was about is no longer there, or somebody accepted it.
FIXED, GONE, ACCEPTED = "fixed", "gone", "accepted"

_SEVERITIES = ("high", "medium", "low", "info")

#: What identifies a thing from audit to audit: file or account, kind, address and part.
Identity = tuple[str, str, str, str]


class OrderError(Exception):
    """An audit that is older than the newest one in the ledger; the message says which."""


class Spell(NamedTuple):
    """A finding from when it was opened. Times are ISO 8601 in UTC, of the account as it was read, not of the run.

    `seen` is the last audit that found it: earlier than the newest one if that could not tell, and `doubt` says why.
    `closed` and `how` are empty while it is open.
    """

    fingerprint: str
    rule: str
    severity: str
    message: str
    identity: Identity
    region: str
    opened: str
    seen: str
    doubt: str = ""
    closed: str = ""
    how: str = ""


class Round(NamedTuple):
    """One audit in numbers. `complete` if nothing was denied, failed or could not be read."""

    taken: str
    high: int
    medium: int
    low: int
    info: int
    undetermined: int
    accepted: int
    errors: int
    tables: int
    complete: bool
    new: int
    fixed: int

    def total(self) -> int:
        return self.high + self.medium + self.low + self.info


class Ledger(NamedTuple):
    """All that is known of the audits of a scope: the rounds from old to new, open findings, and closed ones."""

    scope: str
    rounds: tuple[Round, ...] = ()
    open: tuple[Spell, ...] = ()
    closed: tuple[Spell, ...] = ()


class Said(NamedTuple):
    """What one audit said.

    `asked` are the rules it judged by, `present` all things it judged, `faulty` the accounts (or paths) of which not
    everything could be read, and `examined` those it was to look at.
    """

    taken: str
    findings: tuple[Finding, ...]
    undetermined: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    asked: Collection[str]
    present: Collection[Identity]
    faulty: Collection[str]
    examined: Collection[str]
    errors: int
    tables: int


class Changes(NamedTuple):
    """The newest audit against an earlier one: `since` is that one's time, empty where there is none.

    `unseen` are open still as far as anybody knows: the newest audit could not tell.
    """

    since: str
    new: tuple[Spell, ...]
    closed: tuple[Spell, ...]
    still: tuple[Spell, ...]
    unseen: tuple[Spell, ...]


class History(NamedTuple):
    """What a report knows of earlier audits: the ledger with this one in it, and what changed.

    `only_changes` if the report was asked for nothing else; `held_back` counts the findings left out for that.
    """

    ledger: Ledger
    changes: Changes
    only_changes: bool = False
    held_back: int = 0


def identity(subject: Subject) -> Identity:
    """What stays the same about a thing from one audit to the next."""
    return (subject.path or subject.account.known() or "", subject.kind, subject.address, subject.part)


def advance(ledger: Ledger, said: Said) -> Ledger:
    """The ledger after one more audit; the same one if it has that audit already.

    Raises OrderError if the ledger has a newer one.
    """
    newest = ledger.rounds[-1].taken if ledger.rounds else ""
    if said.taken == newest:
        return ledger
    if said.taken < newest:
        raise OrderError(f"the audit of {said.taken} is older than the newest in the store, of {newest}")
    before = {spell.fingerprint: spell for spell in ledger.open}
    accepted, undetermined = _about(said.accepted), _about(said.undetermined)
    now = {finding.fingerprint: finding for finding in said.findings}
    opened = [_opened(finding, said.taken) for mark, finding in now.items() if mark not in before]
    kept, closed = [], []
    for mark, spell in before.items():
        finding = now.get(mark)
        if finding is not None:
            kept.append(_opened(finding, said.taken)._replace(opened=spell.opened))
            continue
        if (spell.rule, spell.identity) in accepted:
            how, doubt = ACCEPTED, ""
        elif (spell.rule, spell.identity) in undetermined:
            how, doubt = "", "undetermined in the newest audit"
        else:
            how, doubt = _ended(spell, said)
        if how:
            closed.append(spell._replace(closed=said.taken, how=how, doubt=""))
        else:
            kept.append(spell._replace(doubt=doubt))
    levels = [finding.severity.value for finding in said.findings]
    round_ = Round(
        said.taken,
        levels.count("high"),
        levels.count("medium"),
        levels.count("low"),
        levels.count("info"),
        undetermined=len(said.undetermined),
        accepted=len(said.accepted),
        errors=said.errors,
        tables=said.tables,
        complete=not said.errors,
        new=len(opened),
        fixed=sum(spell.how in (FIXED, GONE) for spell in closed),
    )
    return Ledger(
        ledger.scope,
        (*ledger.rounds, round_)[-MOST_ROUNDS:],
        tuple(sorted((*kept, *opened), key=_by_age)),
        tuple(sorted((*ledger.closed, *closed), key=lambda spell: (spell.closed, spell.fingerprint)))[-MOST_CLOSED:],
    )


def changes(ledger: Ledger, since: str = "") -> Changes:
    """What changed after the audit of `since` (a time; the newest audit at or before it counts).

    Without `since`, the one before the newest.
    """
    taken = [each.taken for each in ledger.rounds]
    if not since:
        start = taken[-2] if len(taken) > 1 else ""
    else:
        start = max((each for each in taken[:-1] if each <= since), default="")
    newest = taken[-1] if taken else ""
    seen = [spell for spell in ledger.open if spell.seen == newest]
    return Changes(
        start,
        tuple(spell for spell in seen if spell.opened > start),
        tuple(spell for spell in ledger.closed if spell.closed > start) if start else (),
        tuple(spell for spell in seen if spell.opened <= start),
        tuple(spell for spell in ledger.open if spell.seen != newest),
    )


def days(spell: Spell, now: str) -> int:
    """For how many whole days a finding has been open at `now`, or was until it was closed."""
    from datetime import datetime  # noqa: PLC0415 (only where audits are kept)

    end = datetime.fromisoformat(spell.closed or now)
    return max((end - datetime.fromisoformat(spell.opened)).days, 0)


def _by_age(spell: Spell) -> tuple[str, int, str, str]:
    """The oldest first, of one age the worst."""
    return spell.opened, _SEVERITIES.index(spell.severity), spell.message, spell.fingerprint


def _opened(finding: Finding, taken: str) -> Spell:
    headline = finding.headline.rstrip(". ") or finding.rule.name
    return Spell(
        finding.fingerprint,
        finding.rule.name,
        finding.severity.value,
        f"{finding.subject.title()}: {headline[:1].lower()}{headline[1:]}"
        + (f", {finding.scenario}" * bool(finding.scenario)),
        identity(finding.subject),
        finding.subject.region.known() or "",
        taken,
        taken,
    )


def _ended(spell: Spell, said: Said) -> tuple[str, str]:
    """How a finding that was not found again has ended; or nothing, and why that cannot be told."""
    place = spell.identity[0]
    if spell.rule not in said.asked:
        return "", f"the newest audit did not ask {spell.rule}"
    if spell.identity in said.present:
        return FIXED, ""
    if place not in said.examined:
        return "", f"the newest audit did not look at {place}"
    if place in said.faulty:
        return "", f"the newest audit could not read all of {place}"
    return GONE, ""


def _about(findings: Iterable[Finding]) -> set[tuple[str, Identity]]:
    return {(each.rule.name, identity(each.subject)) for each in findings}


def as_data(ledger: Ledger) -> dict[str, object]:
    """The ledger as JSON holds it."""
    return {
        "schema": SCHEMA,
        "scope": ledger.scope,
        "rounds": [each._asdict() for each in ledger.rounds],
        "open": [each._asdict() for each in ledger.open],
        "closed": [each._asdict() for each in ledger.closed],
    }


def of_data(data: object) -> Ledger:
    """The ledger that `as_data` made into this. Raises ValueError for anything else, saying what is wrong."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        found = data.get("schema") if isinstance(data, dict) else type(data).__name__
        raise ValueError(f"{found} is no ledger that this version reads ({SCHEMA})")
    try:
        return Ledger(
            str(data["scope"]),
            tuple(Round(**each) for each in data["rounds"]),
            tuple(_spells(data["open"])),
            tuple(_spells(data["closed"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"the ledger is damaged: {error}") from error


def _spells(entries: Iterable[Any]) -> Iterator[Spell]:
    for entry in entries:
        place, kind, address, part = entry["identity"]
        yield Spell(**{**entry, "identity": (place, kind, address, part)})
