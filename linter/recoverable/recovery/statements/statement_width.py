"""Statements that allow more than anybody needs for backups: by the width of their actions, then of their resources.

Every pattern of a statement belongs to one class, so that one cause is one finding: what allows everything is not told
again as what allows all of AWS Backup. `CLASSES` has the classes in their order.
"""

from __future__ import annotations

from recoverable.arn import resource_of
from recoverable.policy.guards import guarded
from recoverable.recovery.statements.harmful_actions import ON_TABLE_BACKUPS, Harm, harm, shown
from recoverable.recovery.statements.resource_kinds import (
    PLANS,
    RECOVERY_POINTS,
    TABLE_BACKUPS,
    VAULTS,
    about,
    is_everything,
    reached,
    resolved,
    takes_in,
    takes_in_everywhere,
)
from recoverable.recovery.statements.statement_reach import (
    Pattern,
    actions_of,
    has_wildcard,
    is_foreign,
    is_unread,
    listed,
    meant_of,
    reaches,
    resources_of,
    takes_in_service,
)
from recoverable.text import Text
from recoverable.truth import Answer, Fact, Truth, every, some, unknown
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.policy.document import Statement

#: What a statement may allow too much of, the widest first. One with NotAction is in that class and no other, one with
#: NotResource likewise. Else every pair of an action and a resource is in the first class that it fits.
CLASSES = (
    "allow-with-not-action",
    "allow-with-not-resource",
    "everything-allowed",
    "backup-service-wildcard",
    "dynamodb-service-wildcard",
    "delete-wildcard",
    "backup-actions-on-everything",
    "pattern-reaches-backups",
)


class Pair(NamedTuple):
    """Patterns that together let something happen. `resource` is None where the statement says which are left out."""

    action: Pattern
    resource: Pattern | None
    lets: tuple[str, ...]


class Excess(NamedTuple):
    """What is at fault in a statement: whether something is, which actions it lets happen, and by which patterns.

    `truth` has facts only where it is not *yes*; those of a *yes* are told by `facts`. `guards` are facts about
    conditions that restrict nothing.
    """

    truth: Truth
    pairs: tuple[Pair, ...] = ()
    guards: tuple[Fact, ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(action for pair in self.pairs for action in pair.lets))

    def facts(self, left: tuple[str, ...]) -> tuple[Fact, ...]:
        """What is at fault, in words: by which patterns `left`, which is some of the actions, can happen."""
        facts: list[Fact] = []
        resource: Fact | None = None
        for pair in self.pairs:
            lets = tuple(action for action in pair.lets if action in left)
            if not lets:
                continue
            text = pair.action.text.shown()
            where = "" if pair.resource is None else f" on {pair.resource.text.shown()}"
            verb = "leaves" if pair.action.element.startswith("Not") else "allows"
            what = "" if pair.action.text.literal() in lets else f", which {verb} {shown(lets)}"
            facts.append(Fact(f"{pair.action.element} is {text}{where}{what}", pair.action.origin))
            if resource is None and pair.resource is not None:
                resource = Fact(pair.resource.shown(), pair.resource.origin)
        return (*facts[:1], *(() if resource is None else (resource,)), *facts[1:], *self.guards)


NOTHING = Excess(Truth(Answer.NO))


def excess(name: str, statement: Statement) -> Excess:
    """What `statement` allows too much of in the class `name`. What others deny is not thought of here."""
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO or is_foreign(statement):
        return NOTHING
    if is_unread(statement):
        unread = unknown(f"nothing of it is known: {statement.unread}", statement.origin)
        return Excess(unread) if name == "everything-allowed" else NOTHING
    if statement.not_action or statement.not_resource:
        negated = CLASSES[0] if statement.not_action else CLASSES[1]
        found = _negated(statement) if name == negated else NOTHING
    elif name in CLASSES[:2]:
        found = NOTHING
    else:
        found = _pairs(name, statement)
    if found.truth.answer is Answer.NO:
        return NOTHING
    guard = guarded(statement)
    return found._replace(truth=every((found.truth, allows, ~guard)), guards=guard.facts)


def _negated(statement: Statement) -> Excess:
    """What is left when NotAction or NotResource has taken its part away."""
    left = [(action, every((listed(statement, action), reaches(statement, about(action))))) for action in harm().ending]
    found = some([truth for _, truth in left])
    if found.answer is not Answer.YES:
        return Excess(found)
    patterns = actions_of(statement) if statement.not_action else resources_of(statement)
    lets = tuple(action for action, truth in left if truth.answer is Answer.YES)
    element = "NotAction" if statement.not_action else "NotResource"
    where = patterns[0].origin if patterns else statement.origin
    all_ = Text((", ".join(pattern.text.shown() for pattern in patterns) or "empty",))
    return Excess(Truth(Answer.YES), (Pair(Pattern(all_, where, element), None, lets),))


def _pairs(name: str, statement: Statement) -> Excess:
    """The first pair of an action and a resource that is surely in a class, else whether there may be one."""
    fits, harmful = _test(name)
    actions, resources = actions_of(statement), resources_of(statement)
    certain: list[Pair] = []
    open_: list[Truth] = []
    for action in actions:
        meant = meant_of(action.text, harmful)
        if not meant:
            continue
        for resource in resources:
            answer = fits(action, resource)
            if answer is Answer.NO:
                continue
            happens = {each: _and(named, reached(resource.text, about(each))) for each, named in meant.items()}
            match _and(answer, _or(*happens.values())):
                case Answer.YES:
                    lets = tuple(each for each, said in happens.items() if said is Answer.YES)
                    certain.append(Pair(action, resource, lets))
                case Answer.UNKNOWN:
                    open_.append(_why(action, resource))
    if certain:
        return Excess(Truth(Answer.YES), tuple(certain))
    open_.extend(_unread(name, statement))
    return Excess(some(open_)) if open_ else NOTHING


def _why(action: Pattern, resource: Pattern) -> Truth:
    unclear = [pattern for pattern in (action, resource) if pattern.text.holes()]
    return some(
        [unknown(f"{each.shown()}, which is not known: {each.text.why_open()}", each.origin) for each in unclear]
    )


def _unread(name: str, statement: Statement) -> list[Truth]:
    """Actions and resources that could not be read, where they could be of the class."""
    reasons = []
    harmful = _test(name)[1]
    if statement.resources_open and any(meant_of(pattern.text, harmful) for pattern in actions_of(statement)):
        reasons.append(unknown(f"a resource is not known: {statement.resources_open}", statement.origin))
    if statement.actions_open:
        reasons.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    return reasons


# ---- What makes a pair one of a class.


def _is_all(action: Pattern, resource: Pattern) -> Answer:
    return _and(takes_in_service(action.text, "*"), is_everything(resource.text))


def _is_backup(action: Pattern, resource: Pattern) -> Answer:
    wide = _or(*(takes_in_service(action.text, service) for service in ("backup", "backup-storage")))
    return _and(wide, _not(_is_all(action, resource)), _not(_is_of_tables(action, resource)))


def _is_dynamodb(action: Pattern, resource: Pattern) -> Answer:
    wide = takes_in_service(action.text, "dynamodb")
    backups = reached(resource.text, (TABLE_BACKUPS,))
    # A star that reaches AWS Backup as well is told there.
    of_backup = _and(takes_in_service(action.text, "backup"), _not(_is_of_tables(action, resource)))
    return _and(wide, backups, _not(_is_all(action, resource)), _not(of_backup))


def _is_of_tables(action: Pattern, resource: Pattern) -> Answer:
    """Whether a star for all services is bound to tables, so that it is told as one of DynamoDB."""
    of_backup = reached(resource.text, (VAULTS, RECOVERY_POINTS, PLANS))
    return _and(takes_in_service(action.text, "dynamodb"), _not(of_backup))


def _is_wide(action: Pattern) -> Answer:
    """Whether an action belongs to one of the classes for whole services."""
    return _or(*(takes_in_service(action.text, service) for service in ("backup", "backup-storage", "dynamodb")))


def _is_wild(action: Pattern, _: Pattern | None = None) -> Answer:
    """Whether a wildcard takes in what ends backups, without taking in a whole service."""
    meant = _or(*meant_of(action.text, harm().destroy).values())
    wild = Answer.YES if has_wildcard(action.text) else Answer.UNKNOWN if action.text.holes() else Answer.NO
    return _and(meant, wild, _not(_is_wide(action)))


def _is_plain(action: Pattern) -> Answer:
    return _and(_not(_is_wide(action)), _not(_is_wild(action)))


def _is_broad(action: Pattern, resource: Pattern) -> Answer:
    """Whether it is allowed on all there is. What ends backups is too much on all of one account, too; recovery points
    of AWS Backup cannot be told apart by their ARN.
    """
    found = []
    for each, named in meant_of(action.text, harm().bindable).items():
        ending = each in harm().destroy or each in harm().protection
        for kind in about(each):
            everywhere = ending and kind is not RECOVERY_POINTS
            wide = takes_in_everywhere(resource.text, kind) if everywhere else takes_in(resource.text, kind)
            found.append(_and(named, wide))
    return _and(_or(*found), _is_plain(action))


def _is_prefix(action: Pattern, resource: Pattern) -> Answer:
    """Whether a name with a star behind it (`table/Orders*`) also fits the backups of tables that are called so."""
    meant = _or(*meant_of(action.text, ON_TABLE_BACKUPS).values())
    reach = reached(resource.text, (TABLE_BACKUPS,))
    return _and(meant, reach, _is_plain(action), _ends_in_name(resource.text), _not(_is_broad(action, resource)))


def _ends_in_name(text: Text) -> Answer:
    """Whether the name of a table is left open at its end, and nothing is said of what comes behind it."""
    own = resource_of(resolved(text))
    if own is None:
        return Answer.UNKNOWN if text.holes() and not isinstance(text.parts[0], str) else Answer.NO
    first = own.parts[0] if own.parts else ""
    if not isinstance(first, str) or not first.startswith("table/"):
        return Answer.UNKNOWN if own.holes() and not isinstance(first, str) else Answer.NO
    name = first[len("table/") :] + "".join(part for part in own.parts[1:] if isinstance(part, str))
    if not own.parts[1:] and not name.strip("*"):
        return Answer.NO
    if "/" in name or not (isinstance(own.parts[-1], str) and own.parts[-1].endswith("*")):
        loose = isinstance(own.parts[-1], str) or "/" in name
        return Answer.NO if loose else Answer.UNKNOWN
    return Answer.UNKNOWN if any(not hole.stands_for for hole in own.holes()) else Answer.YES


def _and(*answers: Answer) -> Answer:
    if Answer.NO in answers:
        return Answer.NO
    return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.YES


def _or(*answers: Answer) -> Answer:
    if Answer.YES in answers:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.NO


def _not(answer: Answer) -> Answer:
    return {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(answer, answer)


def _test(name: str) -> tuple[Callable[[Pattern, Pattern], Answer], tuple[str, ...]]:
    """What makes a pair one of a class, and what the class may let happen."""
    fits, harmful = _TESTS[name]
    return fits, harmful(harm())


_TESTS: dict[str, tuple[Callable[[Pattern, Pattern], Answer], Callable[[Harm], tuple[str, ...]]]] = {
    "everything-allowed": (_is_all, lambda harm: harm.everything),
    "backup-service-wildcard": (_is_backup, lambda harm: harm.backup),
    "dynamodb-service-wildcard": (_is_dynamodb, lambda harm: harm.dynamodb),
    "delete-wildcard": (_is_wild, lambda harm: harm.destroy),
    "backup-actions-on-everything": (_is_broad, lambda harm: harm.bindable),
    "pattern-reaches-backups": (_is_prefix, lambda _: ON_TABLE_BACKUPS),
}
