"""Which statements rules about conditions look at: those that are about tables, backups, keys and roles.

A condition that is wrong in a policy for something else is for another tool to find.
"""

from __future__ import annotations

from functools import cache

from recoverable.policy.actions import groups
from recoverable.policy.patterns import meets_action
from recoverable.recovery.statements.harmful_actions import MAKING, TABLE, harm
from recoverable.recovery.statements.statement_reach import actions_of, is_unread, listed, meant_of
from recoverable.text import Text
from recoverable.truth import Answer, Truth, some, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Statement

#: Services that hold tables, their backups and the keys of both.
_SERVICES = tuple(Text((f"{service}:*",)) for service in ("dynamodb", "backup", "backup-storage", "kms"))


@cache
def powers() -> tuple[str, ...]:
    """Actions that end, expose or weaken tables and backups, or give somebody a role that may; not those on items and
    tags, which applications need."""
    known = groups()
    listed_ = (*harm().ending, *TABLE, *known["KEY"], *known["EXFIL"], *known["ROLE"], *MAKING)
    return tuple(dict.fromkeys(name for name in listed_ if not name.endswith(":UntagResource")))


def bears_on_powers(statement: Statement) -> Truth:
    """Whether a statement is about one of `powers`."""
    return _bears(statement, powers())


def _bears(statement: Statement, actions: tuple[str, ...]) -> Truth:
    if is_unread(statement):
        return Truth(Answer.NO)
    if statement.not_action:
        return some([Truth(listed(statement, action).answer) for action in actions])
    found = [Truth(_or(meant_of(pattern.text, actions))) for pattern in actions_of(statement)]
    if statement.actions_open:
        found.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    return some(found)


def is_about_tables(statement: Statement) -> Truth:
    """Whether a statement is about any action of the services that hold tables, backups and keys."""
    if is_unread(statement):
        return Truth(Answer.NO)
    if statement.not_action:
        return Truth(Answer.YES)
    found = []
    for pattern in actions_of(statement):
        answers = {service: meets_action(pattern.text, service) for service in _SERVICES}
        found.append(Truth(_or(answers)))
    if statement.actions_open:
        found.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    return some(found)


def _or(answers: dict[str, Answer] | dict[Text, Answer]) -> Answer:
    values = answers.values()
    if Answer.YES in values:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in values else Answer.NO
