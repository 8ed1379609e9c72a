"""The customer managed key of a table is disabled, about to be deleted, or goes with its stack while the table stays.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
"""

from __future__ import annotations

from recoverable import Answer, Estate, Fact, Key, Replica, Severity, Table, Text, Truth, every, no, rule, some, unknown
from recoverable.text import Hole

_KEPT = {"Retain", "RetainExceptOnCreate"}


@rule(Severity.HIGH)
def table_key_unusable(table: Table | Replica, estate: Estate) -> Truth:
    written = table.key.known()
    if written is None:
        return ~table.key.holds(lambda key: key is None, "its key is one of AWS's own")
    hidden = any(not hole.stands_for for hole in written.holes())
    shown = f"not known: {written.why_open()}" if hidden else written.shown()
    said = Fact(f"{table.key.name} is {shown}", table.key.origin)
    from recoverable.recovery.backups.places import near  # noqa: PLC0415 (most tables have a key of AWS's own)

    lost = near(estate.keys, table.subject, estate).any(
        lambda key: every((_unusable(key, table), _meant(written, key))), "no such key is disabled or deleted"
    )
    return lost.because(said) if lost.answer is Answer.NO else lost.pointing(said)


def _unusable(key: Key, table: Table | Replica) -> Truth:
    going = key.deletion_date.holds(lambda date: date is not None)
    return some((_of(key, key.enabled.equals(False)), _of(key, going), _goes_with_stack(key, table)))


def _goes_with_stack(key: Key, table: Table | Replica) -> Truth:
    """Whether a stack takes the key away and leaves the table."""
    kept = (table.table if isinstance(table, Replica) else table).kept_on_delete
    if kept is None or key.kept_on_delete is None:
        return no("no stack lets go of both")
    lost = ~key.kept_on_delete.holds(lambda policy: policy in _KEPT)
    stays = kept.holds(lambda policy: policy in _KEPT)
    return every((_of(key, lost), Truth(stays.answer, tuple(_about("the table", fact) for fact in stays.facts))))


def _of(key: Key, truth: Truth) -> Truth:
    """The same truth, with facts that name the key."""
    return Truth(truth.answer, tuple(_about(key.subject.title(), fact) for fact in truth.facts))


def _about(whom: str, fact: Fact) -> Fact:
    return Fact(f"{whom}: {fact.text}", fact.origin)


def _meant(written: Text, key: Key) -> Truth:
    """Whether a table's key setting means this key."""
    names = [_meaning(name) for name in key.names]
    if _meaning(written) in names:
        return Truth(Answer.YES)
    for text in (written, *key.names):
        if any(not hole.stands_for for hole in text.holes()):
            said = f"whether {key.subject.title()} is the key of the table is not known: {text.why_open()}"
            return unknown(said, key.subject.origin)
    return Truth(Answer.NO)


def _meaning(text: Text) -> tuple[str, ...]:
    """A text by what its holes stand for, whatever the words that say why they are open."""
    return tuple(f"${{{part.stands_for or '?'}}}" if isinstance(part, Hole) else part for part in text.parts)
