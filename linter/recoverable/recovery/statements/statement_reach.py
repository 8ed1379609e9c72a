"""What a statement is about: the actions that its patterns mean, and the kinds of resources that they reach.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from functools import lru_cache

from recoverable.policy.patterns import contains_action, fits_action
from recoverable.recovery.statements.resource_kinds import EVERYTHING, reached, takes_in
from recoverable.text import Text
from recoverable.truth import Answer, Truth, every, some, unknown
from recoverable.typed import NamedTuple
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Statement
    from recoverable.source import Origin

#: Services that some action of interest is of.
_SERVICES = {"backup", "backup-storage", "dynamodb", "iam", "kms", "organizations"}


class Pattern(NamedTuple):
    """One text of an Action or Resource element, and where it stands. `element` is what the element is called."""

    text: Text
    origin: Origin | None
    element: str

    def shown(self) -> str:
        return f"{self.element} is {self.text.shown()}"


def is_unread(statement: Statement) -> bool:
    """Whether nothing at all is known of a statement. That is told once, by `everything-allowed`."""
    nothing = not (statement.actions or statement.resources or statement.conditions)
    return nothing and bool(statement.actions_open) and isinstance(statement.effect.state, Unknown)


def is_foreign(statement: Statement) -> bool:
    """Whether all that a statement names is of services that have nothing to do with tables, backups, keys and roles:
    most statements of a repository are, and no rule need look closer.
    """
    if statement.not_action or statement.actions_open:
        return False
    literals = [action.literal() for action in statement.actions]
    return all(literal is not None and _is_foreign(literal) for literal in literals)


@lru_cache(maxsize=8192)
def _is_foreign(written: str) -> bool:
    service, colon, _ = written.lower().partition(":")
    return bool(colon) and "*" not in service and "?" not in service and service not in _SERVICES


def tells_nothing(statement: Statement) -> bool:
    """Whether there is nothing in a statement to look at: nothing is known of it, or it is about other services."""
    return is_unread(statement) or is_foreign(statement)


def actions_of(statement: Statement) -> tuple[Pattern, ...]:
    element = "NotAction" if statement.not_action else "Action"
    return _placed(statement.actions, statement.action_origins, statement.origin, element)


def resources_of(statement: Statement) -> tuple[Pattern, ...]:
    element = "NotResource" if statement.not_resource else "Resource"
    return _placed(statement.resources, statement.resource_origins, statement.origin, element)


def _placed(
    texts: tuple[Text, ...], origins: tuple[Origin, ...], whole: Origin | None, element: str
) -> tuple[Pattern, ...]:
    if len(origins) != len(texts):
        return tuple(Pattern(text, whole, element) for text in texts)
    return tuple(Pattern(text, origin, element) for text, origin in zip(texts, origins, strict=True))


def names(pattern: Text, action: str) -> Answer:
    """Whether a pattern of an Action element means an action."""
    written = pattern.literal()
    if written is None:
        return fits_action(pattern, Text((action,)))
    return _names(written, action)


@lru_cache(maxsize=8192)
def _names(written: str, action: str) -> Answer:
    if written == "*":
        return Answer.YES
    if "*" not in written and "?" not in written:
        return Answer.YES if written.lower() == action.lower() else Answer.NO
    return fits_action(Text((written,)), Text((action,)))


def meant_of(pattern: Text, actions: tuple[str, ...]) -> dict[str, Answer]:
    """Those of some actions that a pattern means or may mean, each with which of the two."""
    written = pattern.literal()
    return _meant(pattern, actions) if written is None else _meant_literally(written, actions)


@lru_cache(maxsize=8192)
def _meant_literally(written: str, actions: tuple[str, ...]) -> dict[str, Answer]:
    return _meant(Text((written,) if written else ()), actions)


def _meant(pattern: Text, actions: tuple[str, ...]) -> dict[str, Answer]:
    found = {action: names(pattern, action) for action in actions}
    return {action: answer for action, answer in found.items() if answer is not Answer.NO}


def takes_in_service(pattern: Text, service: str) -> Answer:
    """Whether a pattern means every action of a service; `*` for every service."""
    written = pattern.literal()
    if written is None:
        return contains_action(pattern, Text((f"{service}:?*",)))
    return _takes_in_service(written, service)


@lru_cache(maxsize=8192)
def _takes_in_service(written: str, service: str) -> Answer:
    if "*" not in written:
        return Answer.NO
    return contains_action(Text((written,)), Text((f"{service}:?*",)))


def has_wildcard(text: Text) -> bool:
    return any(isinstance(part, str) and ("*" in part or "?" in part) for part in text.parts)


def listed(statement: Statement, action: str) -> Truth:
    """Whether the Action or NotAction of a statement takes in an action."""
    found = some([Truth(names(pattern.text, action)) for pattern in actions_of(statement)])
    if statement.actions_open and found.answer is not Answer.YES:
        found = unknown(f"an action is not known: {statement.actions_open}", statement.origin)
    elif found.answer is Answer.UNKNOWN:
        found = some(
            [_why(pattern) for pattern in actions_of(statement) if names(pattern.text, action) is Answer.UNKNOWN]
        )
    return ~found if statement.not_action else found


def _why(pattern: Pattern) -> Truth:
    element = "a resource" if "Resource" in pattern.element else "an action"
    return unknown(f"{element} is not known: {pattern.text.why_open()}", pattern.origin)


def reaches(statement: Statement, kinds: tuple[Text, ...]) -> Truth:
    """Whether the Resource or NotResource of a statement takes in something of these kinds."""
    patterns = resources_of(statement)
    if statement.not_resource:
        found = ~every(
            [Truth(_any([takes_in(each.text, kind) for each in patterns])) for kind in kinds or (EVERYTHING,)]
        )
        if statement.resources_open and found.answer is not Answer.NO:
            return unknown(f"a resource is not known: {statement.resources_open}", statement.origin)
        return found
    answers = [(pattern, reached(pattern.text, kinds)) for pattern in patterns]
    if any(answer is Answer.YES for _, answer in answers):
        return Truth(Answer.YES)
    open_ = [_why(pattern) for pattern, answer in answers if answer is Answer.UNKNOWN]
    if statement.resources_open:
        open_.append(unknown(f"a resource is not known: {statement.resources_open}", statement.origin))
    return some(open_)


def _any(answers: list[Answer]) -> Answer:
    return next((answer for answer in (Answer.YES, Answer.UNKNOWN) if answer in answers), Answer.NO)
