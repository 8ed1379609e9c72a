"""What changed since an earlier audit, in words, as data, and as a drawing of how the number of findings went."""

from __future__ import annotations

from recoverable.history.ledger import FIXED, GONE, days
from recoverable.report.characters import printable
from recoverable.report.wording import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.history.ledger import History, Ledger, Round, Spell

    Object = dict[str, object]

#: Bars of a drawing made of characters, from nothing to most.
_BARS = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"

_ENDS = {FIXED: "fixed", GONE: "gone", "accepted": "accepted"}


def summary(history: History) -> list[str]:
    """The lines that a report ends with: how it compares with the earlier audit, and what was closed."""
    ledger, found = history.ledger, history.changes
    if not found.since:
        return [f"This is the first audit of {printable(ledger.scope)} in the store."]
    now = ledger.rounds[-1].taken
    ended = [spell for spell in found.closed if spell.how in (FIXED, GONE)]
    accepted = len(found.closed) - len(ended)
    said = [f"{len(found.new)} new", f"{len(ended)} fixed"]
    said += [f"{accepted} accepted"] if accepted else []
    oldest = max((days(spell, now) for spell in found.still), default=0)
    said.append(
        f"{len(found.still)} still open" + (f" (the oldest for {number(oldest, 'day')})" if found.still else "")
    )
    said += [f"{len(found.unseen)} that this audit could not tell"] if found.unseen else []
    lines = [f"Since {found.since}: {', '.join(said)}."]
    lines += [closed_line(spell) for spell in found.closed]
    lines += [f"not told {printable(spell.message)} [{spell.rule}]: {printable(spell.doubt)}" for spell in found.unseen]
    if history.held_back:
        lines.append(f"{number(history.held_back, 'finding')} that {_were(history.held_back)} open before left out.")
    return lines


def closed_line(spell: Spell) -> str:
    """One line for a finding that is closed."""
    return f"{_ENDS[spell.how]} {printable(spell.message)} [{spell.rule}], open since {spell.opened}"


def history_object(history: History | None) -> Object | None:
    """The history as the JSON report has it, None where no audits are kept."""
    if history is None:
        return None
    ledger, found = history.ledger, history.changes
    now = ledger.rounds[-1].taken
    return {
        "scope": ledger.scope,
        "taken": now,
        "since": found.since or None,
        "new": [spell_object(spell, now) for spell in found.new],
        "closed": [spell_object(spell, now) for spell in found.closed],
        "still_open": [spell_object(spell, now) for spell in found.still],
        "unseen": [spell_object(spell, now) for spell in found.unseen],
        "rounds": rounds_object(ledger),
    }


def rounds_object(ledger: Ledger) -> list[Object]:
    """The audits of a ledger, from old to new."""
    return [dict(each._asdict()) for each in ledger.rounds]


def spell_object(spell: Spell, now: str) -> Object:
    """One finding with its history."""
    return {
        "fingerprint": spell.fingerprint,
        "rule": spell.rule,
        "severity": spell.severity,
        "message": spell.message,
        "opened": spell.opened,
        "seen": spell.seen,
        "closed": spell.closed or None,
        "how": spell.how or None,
        "doubt": spell.doubt or None,
        "open_days": days(spell, now),
    }


def bars(rounds: Sequence[Round], most: int = 60) -> str:
    """The number of findings of the newest audits, each as a bar of one character."""
    shown = rounds[-most:]
    highest = max((each.total() for each in shown), default=0)
    if not highest:
        return _BARS[1] * len(shown)
    return "".join(_BARS[1 + round(each.total() * (len(_BARS) - 2) / highest)] for each in shown)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
