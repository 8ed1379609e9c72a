"""Allows that never hold, because the action is about something else than the resources that they name.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html
"""

from __future__ import annotations

from functools import cache

from recoverable.policy.actions import snapshot
from recoverable.recovery.statements.beside import had_anyway
from recoverable.recovery.statements.harmful_actions import ON_TABLE_BACKUPS
from recoverable.recovery.statements.resource_kinds import TABLE_BACKUPS, TABLES, reached, takes_in_everywhere
from recoverable.recovery.statements.statement_faults import held_by
from recoverable.recovery.statements.statement_reach import (
    Pattern,
    actions_of,
    has_wildcard,
    listed,
    meant_of,
    reaches,
    resources_of,
    tells_nothing,
)
from recoverable.truth import Answer, Fact, Truth, every, some, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyStatement
    from recoverable.policy.document import Policy, Statement
    from recoverable.text import Text

#: Of what DynamoDB lists, only this is about backups. Of AWS Backup, everything is.
_LIST_BACKUPS = "dynamodb:ListBackups"


class _Void:
    """Actions that a statement allows in vain unless its resources are of these kinds, and why, in words."""

    def __init__(self, actions: tuple[str, ...], kinds: tuple[Text, ...], why: str) -> None:
        self.actions = actions
        self.kinds = kinds
        self.why = why


def misses_backups(item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a statement allows an action on backups for resources that are none, and nothing else allows it."""
    why = "the ARN of a backup is that of its table and /backup/ID, and none here fits one"
    return _is_void(item, estate, _Void(ON_TABLE_BACKUPS, (TABLE_BACKUPS,), why))


def misses_star(item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a statement allows an action that is about no resource for anything but a star."""
    if item.document.source.startswith("sam-"):
        # It comes out of a policy template or a connector, where nobody can write it otherwise.
        return Truth(Answer.NO)
    return _is_void(item, estate, _Void(_about_nothing(), (), "it is about no resource, and can be allowed on * only"))


@cache
def _about_nothing() -> tuple[str, ...]:
    known = snapshot()
    found = [known.action(name) for name in known.names("backup")]
    return (_LIST_BACKUPS, *(action.name for action in found if action is not None and action.wildcard_only))


def _is_void(item: PolicyStatement, estate: Estate, void: _Void) -> Truth:
    statement = item.statement
    allows = statement.effect.equals("Allow")
    negated = statement.not_action or statement.not_resource
    if allows.answer is Answer.NO or negated or tells_nothing(statement):
        return Truth(Answer.NO)
    found: list[Truth] = []
    for pattern in actions_of(statement):
        # What a wildcard takes in along with others was not asked for by name.
        if has_wildcard(pattern.text):
            continue
        for action, answer in meant_of(pattern.text, void.actions).items():
            missed = _missed(pattern, action, statement, void)
            anyway = had_anyway(item, _grants(action, void), estate)
            found.append(every((missed, _named(pattern, answer), allows, ~anyway)))
    if statement.actions_open:
        found.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    truth = some(found)
    return truth if truth.answer is Answer.NO else truth.because(*held_by(item, estate))


def _named(pattern: Pattern, answer: Answer) -> Truth:
    if answer is Answer.UNKNOWN:
        return unknown(f"an action is not known: {pattern.text.why_open()}", pattern.origin)
    return Truth(answer)


def _missed(pattern: Pattern, action: str, statement: Statement, void: _Void) -> Truth:
    """Whether no resource of the statement is one that the action can be about."""
    met = reaches(statement, void.kinds)
    resources = resources_of(statement)
    if met.answer is not Answer.NO:
        return ~met
    where = ", ".join(resource.text.shown() for resource in resources) or "nothing"
    if not void.kinds and action == _LIST_BACKUPS:
        loose = [each for each in resources if takes_in_everywhere(each.text, TABLES) is Answer.YES]
        if loose:
            told = f"AWS documents that {action} takes *, and not what it does with {loose[0].text.shown()}"
            return unknown(told, loose[0].origin)
    facts = [Fact(f"{pattern.text.shown()} is allowed on {where}: {void.why}", pattern.origin)]
    facts.extend(Fact(resource.shown(), resource.origin) for resource in resources[:1])
    facts.extend(_instead(action, resources, void))
    return Truth(Answer.YES, tuple(facts))


def _instead(action: str, resources: tuple[Pattern, ...], void: _Void) -> tuple[Fact, ...]:
    """What to write, as far as it follows from what is written: the backups of the tables that are named."""
    if not void.kinds:
        return (Fact(f"write instead, in a statement of its own: {action} on *"),)
    tables = [each.text.shown() for each in resources if _is_a_table(each.text)]
    if not tables:
        return ()
    return (Fact(f"write instead: {action} on {', '.join(f'{table}/backup/*' for table in tables)}"),)


def _is_a_table(text: Text) -> bool:
    """Whether a text is the ARN of one table, and nothing below it."""
    return reached(text, (TABLES,)) is Answer.YES and not has_wildcard(text)


def _grants(action: str, void: _Void) -> Callable[[Policy], Truth]:
    """The question whether a policy allows the action where it can hold."""

    def test(policy: Policy) -> Truth:
        found = [_allows(statement, action, void) for statement in policy.statements]
        if policy.open:
            found.append(unknown(f"a policy may hold more statements: {policy.open}", policy.origin))
        return some(found)

    return test


def _allows(statement: Statement, action: str, void: _Void) -> Truth:
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO:
        return allows
    named = listed(statement, action)
    return named if named.answer is Answer.NO else every((allows, named, reaches(statement, void.kinds)))
