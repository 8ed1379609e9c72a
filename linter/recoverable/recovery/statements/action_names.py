"""Actions that AWS has not got: what a misspelt one is to allow is not allowed, and what it is to deny is not denied.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

from recoverable.policy.actions import snapshot
from recoverable.recovery.statements.statement_reach import Pattern, actions_of, has_wildcard, is_unread, names
from recoverable.spelling import nearest
from recoverable.truth import Answer, Fact, Truth, some, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Statement

#: How much alike two words are of which one is misspelt.
LIKE = 0.8

#: Services that matter for tables and backups, and of which all actions are known.
_OURS = ("dynamodb", "backup", "backup-storage", "kms")


def unknown_action(statement: Statement) -> Truth:
    """Whether an action or a pattern of a statement means none of those services."""
    if is_unread(statement):
        return Truth(Answer.NO)
    found = [_is_unknown(pattern, statement) for pattern in actions_of(statement)]
    if statement.actions_open:
        found.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    return some(found)


def _is_unknown(pattern: Pattern, statement: Statement) -> Truth:
    written = pattern.text.literal()
    if written is None:
        return _of_parts(pattern)
    service, colon, _ = written.lower().partition(":")
    if service in _OURS and colon:
        if _means_something(pattern, service):
            return Truth(Answer.NO)
        near = _like(written, snapshot().names(service))
        return _told(pattern, statement, f"AWS has no action {written} (as of {snapshot().date})", near)
    if colon and not has_wildcard(pattern.text) and not snapshot().is_service(service):
        near = _like(service, _OURS[:2])
        if near:
            told = f"AWS has no service {service} (as of {snapshot().date})"
            return _told(pattern, statement, told, f"{near}:{written.partition(':')[2]}")
    return Truth(Answer.NO)


def _like(word: str, names_: tuple[str, ...]) -> str:
    """The name that a word is surely meant to be, empty where it is not that like one."""
    from difflib import SequenceMatcher  # noqa: PLC0415 (only a mistake needs it)

    near = nearest(word, names_)
    bare, other = word.rpartition(":")[2].lower(), near.rpartition(":")[2].lower()
    return near if near and SequenceMatcher(None, bare, other).ratio() >= LIKE else ""


def _means_something(pattern: Pattern, service: str) -> bool:
    if not has_wildcard(pattern.text):
        return snapshot().action(pattern.text.literal() or "") is not None
    return any(names(pattern.text, name) is Answer.YES for name in snapshot().names(service))


def _of_parts(pattern: Pattern) -> Truth:
    """Of a pattern that is not wholly known: whether it may mean one of those services."""
    first = pattern.text.parts[0]
    service, colon, _ = first.lower().partition(":") if isinstance(first, str) else ("", "", "")
    if colon and service not in _OURS:
        return Truth(Answer.NO)
    return unknown(f"{pattern.element} is not known: {pattern.text.why_open()}", pattern.origin)


def _told(pattern: Pattern, statement: Statement, said: str, near: str) -> Truth:
    denies = statement.effect.known() == "Deny"
    void = "the Deny protects nothing from it" if denies != statement.not_action else "it allows nothing by it"
    if statement.not_action:
        void = "NotAction leaves out nothing by it"
    meant = (Fact(f"it is spelt almost like {near}"),) if near else ()
    return Truth(Answer.YES, (Fact(f"{said}: {void}", pattern.origin), *meant))
