"""`recoverable history`: the audits that were kept."""

from __future__ import annotations

import json
import os
import sys

from recoverable.cli.options import UsageError, no_such
from recoverable.cli.terminal import colours, publish, say
from recoverable.cli.verdict import CLEAN, INCOMPLETE, NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.cli.options import Arguments
    from recoverable.history.ledger import Ledger

#: Audits that the text shows of a scope.
SHOWN = 12

_STRONG = "1"


def run(arguments: Arguments) -> int:
    from recoverable.history.ledger import changes
    from recoverable.history.stores import StoreError, open_store
    from recoverable.report.changes import rounds_object, spell_object

    place = arguments.one("store")
    if not place.startswith("s3://") and not os.path.exists(place):
        say(f"recoverable: nothing was kept in {place}: run recoverable audit --store {place}, or name another --store")
        return NOTHING
    try:
        store = open_store(place)
        scopes = store.scopes()
        wanted = arguments.one("scope")
        if wanted and wanted not in scopes:
            raise UsageError(no_such("scope", wanted, scopes) if scopes else f"{place} holds no audits")
        ledgers = [store.latest(scope) for scope in scopes if wanted in ("", scope)]
    except StoreError as error:
        say(f"recoverable: {error}")
        return INCOMPLETE
    if not ledgers:
        say(f"recoverable: {place} holds no audits yet")
        return NOTHING
    since = "" if arguments.one("since") == "last" else arguments.one("since")
    if arguments.one("format") == "json":
        document = [
            {
                "scope": ledger.scope,
                "rounds": rounds_object(ledger),
                "since": changes(ledger, since).since or None,
                "new": [each.fingerprint for each in changes(ledger, since).new],
                "open": [spell_object(each, ledger.rounds[-1].taken) for each in ledger.open],
                "closed": [spell_object(each, ledger.rounds[-1].taken) for each in ledger.closed],
            }
            for ledger in ledgers
        ]
        publish(json.dumps(document, indent=2) + "\n", exact=True)
        return CLEAN
    strong = _STRONG if colours(arguments.one("color"), sys.stdout) else ""
    blocks = ["\n".join(_told(ledger, since, strong)) for ledger in ledgers]
    publish("\n\n".join(blocks) + "\n", exact=False)
    return CLEAN


def _told(ledger: Ledger, since: str, strong: str) -> Iterator[str]:
    from recoverable.history.ledger import History, changes, days
    from recoverable.report.changes import bars, summary
    from recoverable.report.characters import printable
    from recoverable.report.wording import number

    title = f"{printable(ledger.scope)}: {number(len(ledger.rounds), 'audit')}, {bars(ledger.rounds)}"
    yield f"\x1b[{strong}m{title}\x1b[0m" if strong else title
    for each in ledger.rounds[-SHOWN:]:
        yield (
            f"  {each.taken}  {each.total():>4} open ({each.high} high, {each.medium} medium, {each.low} low), "
            f"{each.new} new, {each.fixed} fixed, {each.undetermined} undetermined"
            + ("" if each.complete else f"; not complete: {number(each.errors, 'error')}")
        )
    now = ledger.rounds[-1].taken
    yield ""
    for line in summary(History(ledger, changes(ledger, since))):
        yield f"  {line}"
    if ledger.open:
        yield ""
        yield "  open, the oldest first:"
    for spell in ledger.open:
        doubt = f" ({printable(spell.doubt)})" if spell.doubt else ""
        yield (f"  {days(spell, now):>5} d  {spell.severity:<6}  {printable(spell.message)} [{spell.rule}]{doubt}")
