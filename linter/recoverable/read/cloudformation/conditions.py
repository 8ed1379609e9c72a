"""Conditions and rules of a template: what holds in a scenario, following the choices that comparisons leave open.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from recoverable.read.cloudformation.choices import ANY_OTHER
from recoverable.read.cloudformation.template import function_of
from recoverable.read.cloudformation.walk import DEEPEST, identity
from recoverable.read.data import Datum, Fields, Items, Nothing, Open
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.scenario import Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.read.cloudformation.evaluate import Evaluation


def holds(evaluation: Evaluation, node: Node) -> bool | Open:
    """Whether a condition holds in this scenario."""
    walk = evaluation.walk
    if walk.depth > DEEPEST:
        return Open("it is made of too many conditions in conditions")
    walk.depth += 1
    try:
        return _holds(evaluation, node)
    finally:
        walk.depth -= 1


def _holds(evaluation: Evaluation, node: Node) -> bool | Open:
    called = function_of(node)
    if called is None:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        return Open("a condition is made of Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition")
    name, argument = called
    members = argument.items if isinstance(argument, Sequence) and not argument.tag else (argument,)
    match name:
        case "Condition":
            if isinstance(argument, Scalar):
                return evaluation.condition(argument.text)
        case "Fn::Not":
            if len(members) != 1:
                return Open("Fn::Not takes one condition")
            held = holds(evaluation, members[0])
            return held if isinstance(held, Open) else not held
        case "Fn::And" | "Fn::Or":
            if not 2 <= len(members) <= 10:
                return Open(f"{name} takes 2 to 10 conditions")
            return _fold((holds(evaluation, member) for member in members), decisive=name == "Fn::Or")
        case "Fn::Equals":
            if len(members) == 2:
                return _equal(evaluation, members[0], members[1])
        case "Fn::Contains" | "Fn::EachMemberIn":
            if len(members) == 2:
                return _contained(evaluation, name, members[0], members[1])
        case "Fn::EachMemberEquals":
            if len(members) == 2:
                value = evaluation.value(members[1])
                listed = evaluation.value(members[0]).list()
                if listed.open:
                    return Open(listed.open)
                return _fold((_same(evaluation, item, value) for item in listed), decisive=False)
    return Open(f"{name} is worked out only when the stack is deployed")


def may_be(evaluation: Evaluation) -> bool:
    """Whether the template's Rules allow this scenario. What they leave open is allowed."""
    for node in evaluation.stack.template.rules.values():
        if not isinstance(node, Mapping):
            continue
        applies = node.get("RuleCondition")
        if applies is not None and holds(evaluation, applies) is not True:
            continue
        assertions = node.get("Assertions")
        for assertion in assertions.items if isinstance(assertions, Sequence) else ():
            asserted = assertion.get("Assert") if isinstance(assertion, Mapping) else None
            if asserted is not None and holds(evaluation, asserted) is False:
                return False
    return True


def _fold(members: Iterable[bool | Open], *, decisive: bool) -> bool | Open:
    unsure: Open | None = None
    for member in members:
        if isinstance(member, Open):
            unsure = unsure or member
        elif member is decisive:
            return decisive
    return unsure if unsure is not None else not decisive


def _equal(evaluation: Evaluation, left: Node, right: Node) -> bool | Open:
    one, two = evaluation.value(left), evaluation.value(right)
    return _same(evaluation, one, two)


def _same(evaluation: Evaluation, one: Datum, two: Datum) -> bool | Open:
    if any(isinstance(side.content, Fields | Nothing) for side in (one, two)):
        return Open("two values that are no texts are compared")
    left, right = _whole(one), _whole(two)
    if left is not None and right is not None:
        return left == right
    walk = evaluation.walk
    names = identity(one), identity(two)
    if names[0] is not None and names[0] == names[1]:
        return True
    open_, name, other = (one, names[0], right) if left is None else (two, names[1], left)
    if other is not None:
        choice = open_.content.choice if isinstance(open_.content, Open) else None
        if choice is not None and other in choice.domain and walk.has_settled(choice, ANY_OTHER):
            return False
        if name in walk.equal:
            return walk.equal[name] == other
    # Neither side says enough: the deployment decides, so both outcomes are followed.
    shown = " = ".join(sorted((_shown(one), _shown(two))))
    value = walk.decide(Choice(evaluation.stack.scope, shown, ("false", "true")), shown)
    if value is None:
        return Open(f"there are too many choices to follow whether {shown}")
    if value == "true" and other is not None and name is not None:
        walk.equal[name] = other
    return value == "true"


def _whole(datum: Datum) -> str | None:
    if isinstance(datum.content, Items):
        parts = [_whole(item) for item in datum.content]
        return None if datum.content.open or None in parts else ",".join(part or "" for part in parts)
    return datum.text().literal()


def _shown(datum: Datum) -> str:
    if isinstance(datum.content, Items):
        return "a list"
    text = datum.text()
    shown = text.shown() or "empty"
    return shown if "${unknown}" not in shown else text.why_open()


def _contained(evaluation: Evaluation, name: str, left: Node, right: Node) -> bool | Open:
    one, two = evaluation.value(left), evaluation.value(right)
    within, members = (one, two) if name == "Fn::Contains" else (two, one)
    domain, listed = within.list(), members.list()
    if domain.open or listed.open:
        return Open(domain.open or listed.open)

    def known(member: Datum) -> bool | Open:
        text = _whole(member)
        if text is None:
            return Open(member.text().why_open())
        values = [_whole(item) for item in domain]
        if text in values:
            return True
        return Open("a list that is not wholly known") if None in values else False

    return _fold((known(member) for member in listed), decisive=False)
