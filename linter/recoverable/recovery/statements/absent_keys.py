"""Conditions on keys that the requests of an action never have, so that an Allow never holds and a Deny never protects.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html#amazondynamodb-policy-keys
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html#awsbackup-policy-keys
"""

from __future__ import annotations

from functools import cache

from recoverable.policy.actions import snapshot
from recoverable.policy.guards import operator_of, unread_conditions
from recoverable.recovery.statements.beside import had_anyway
from recoverable.recovery.statements.harmful_actions import MAKING, ON_TABLE_BACKUPS, harm
from recoverable.recovery.statements.resource_kinds import about
from recoverable.recovery.statements.statement_reach import (
    Pattern,
    actions_of,
    has_wildcard,
    listed,
    reaches,
    tells_nothing,
)
from recoverable.truth import Answer, Fact, Truth, every, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyStatement
    from recoverable.policy.document import Condition, Policy, Statement

#: Keys of requests that carry tags, and of resources that have them.
_REQUEST_TAG, _TAG_KEYS, _RESOURCE_TAG = "aws:requesttag/", "aws:tagkeys", "aws:resourcetag/"


def never_applies(item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a statement names an action for backups, under a condition on a key that its requests never have."""
    statement = item.statement
    if statement.not_action or tells_nothing(statement):
        return Truth(Answer.NO)
    found = [
        _is_absent(pattern, condition, item, estate)
        for condition in statement.conditions
        for pattern in actions_of(statement)
    ]
    if statement.actions_open and any(map(_asks, statement.conditions)):
        found.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    unread = unread_conditions(statement)
    if unread.answer is not Answer.NO:
        named = {(pattern.text.literal() or "?").lower() for pattern in actions_of(statement)}
        found.append(unread if named & {"?", *_ours()} else Truth(Answer.NO))
    return some(found)


def _asks(condition: Condition) -> bool:
    """Whether a condition needs a key that some requests may not have at all."""
    operator, key = operator_of(condition), condition.key.lower()
    if operator.name == "null" or operator.holds_without_key:
        return False
    tags = key.startswith((_REQUEST_TAG, _RESOURCE_TAG)) or key == _TAG_KEYS
    service = key.partition(":")[0]
    return tags or (service != "aws" and snapshot().is_service(service))


def _is_absent(pattern: Pattern, condition: Condition, item: PolicyStatement, estate: Estate) -> Truth:
    written = pattern.text.literal()
    if not _asks(condition) or (written is not None and has_wildcard(pattern.text)):
        return Truth(Answer.NO)
    if written is None:
        return unknown(f"an action is not known: {pattern.text.why_open()}", pattern.origin)
    action = _ours().get(written.lower())
    if action is None or _has_key(action, condition.key.lower()):
        return Truth(Answer.NO)
    statement = item.statement
    denies = statement.effect.equals("Deny")
    void = "it is never denied by this" if denies.answer is Answer.YES else "it is never allowed by this"
    said = yes(f"requests of {action} have no {condition.key}, so that {void}", condition.origin)
    said = said.because(Fact(f"give {action} a statement of its own, without {condition.key}"))
    anyway = every((~denies, had_anyway(item, _allows(action), estate)))
    return every((said, ~anyway))


@cache
def _ours() -> dict[str, str]:
    """The actions that are looked at, by their names in lower case."""
    actions = (*harm().ending, *MAKING, *ON_TABLE_BACKUPS)
    return {action.lower(): action for action in actions if not action.startswith("organizations:")}


def _has_key(action: str, key: str) -> bool:
    known = snapshot().action(action)
    if known is None:
        return True
    if key.startswith(_RESOURCE_TAG) and action in ON_TABLE_BACKUPS:
        # The tags of a table are not those of its backups, which have none.
        return False
    keys = {each.lower().partition("/")[0] for each in known.keys}
    return key.partition("/")[0] in keys


def _allows(action: str) -> Callable[[Policy], Truth]:
    """The question whether a policy allows an action under other conditions, or none."""

    def test(policy: Policy) -> Truth:
        return some([_has(statement, action) for statement in policy.statements])

    return test


def _has(statement: Statement, action: str) -> Truth:
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO:
        return allows
    named = listed(statement, action)
    if named.answer is Answer.NO or any(
        _asks(each) and not _has_key(action, each.key.lower()) for each in statement.conditions
    ):
        return Truth(Answer.NO)
    return every((allows, named, reaches(statement, about(action))))
