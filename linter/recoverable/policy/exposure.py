"""Whom a resource policy lets in from outside: everyone, and which accounts.

A condition narrows who is let in only if it can hold for some callers and not for everyone else's: a positive operator
that fails when its key is absent, on a key that says who calls or on whose behalf. The keys are those that DynamoDB
itself trusts when it refuses public policies:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html
"""

from __future__ import annotations

from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Condition, Policy, Principal, Statement
    from recoverable.source import Origin

#: Keys that say who calls, or on whose behalf, with a fixed value for each caller.
_WHO = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:userid",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:ec2instancesourcevpc",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
}

#: Keys whose values are accounts, or ARNs that hold one.
_ACCOUNTS = {"aws:principalaccount", "aws:principalarn", "aws:sourceaccount", "aws:sourcearn", "aws:sourceowner"}

_EXACT = {"stringequals", "stringequalsignorecase"}
_LIKE = {"stringlike", "arnlike", "arnequals"}
_NEGATED = {"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotlike", "arnnotequals"}


class Grantee(NamedTuple):
    """An account that a statement lets in: its id, as far as that is known, and how the policy puts it."""

    account: Text
    shown: str
    origin: Origin | None


def open_to_everyone(policy: Policy) -> Truth:
    """Whether the policy lets in callers of any account, without a condition or a denial that keeps strangers out."""
    found = some([lets_everyone_in(statement, policy) for statement in policy.statements])
    if found.answer is Answer.NO and policy.open:
        return unknown(f"the policy may hold more statements: {policy.open}", policy.origin)
    return found if found.facts else no("the policy lets nobody in", policy.origin)


def accounts_let_in(statement: Statement) -> tuple[Grantee, ...]:
    """The accounts that a statement names: as principals, or in conditions on callers that it does not name."""
    if statement.not_principal:
        return ()
    grantees = [_grantee(principal.name, principal.origin) for principal in statement.principals if _names(principal)]
    if any(
        principal.type == "Service" or _everyone(principal).answer is not Answer.NO
        for principal in statement.principals
    ):
        for condition in statement.conditions:
            operator, _ = _operator(condition)
            if condition.key.lower() in _ACCOUNTS and (operator in _EXACT or operator in _LIKE):
                grantees.extend(_grantee(value, condition.origin) for value in condition.values)
    return tuple(grantee for grantee in grantees if grantee is not None)


def restricts(condition: Condition) -> Truth:
    """Whether a condition of an Allow keeps strangers out. The facts say why not.

    A value that is not known is still one value, and enough where the operator compares exactly. (That it might be a
    policy variable is not thought of.)
    """
    operator, known = _operator(condition)
    shown = f"{condition.operator} on {condition.key}"
    if not known:
        return no(f"{shown} holds also for callers without that key", condition.origin)
    if operator == "bool" and condition.key.lower() == "aws:principalisawsservice":
        return every([_is_true(value, condition) for value in condition.values])
    if condition.key.lower() not in _WHO:
        return no(f"{shown} does not say who may call", condition.origin)
    if operator in _LIKE and not condition.values:
        return unknown(f"the values of {shown} are not known", condition.origin)
    if operator in _EXACT:
        return every([~_is_the_callers_own(value, condition, shown) for value in condition.values])
    if operator in _LIKE:
        return every([_is_narrow(value, condition, shown) for value in condition.values])
    return no(f"{shown} does not name who may call", condition.origin)


def account_of(name: Text) -> Text | None:
    """The account in an account id or an ARN; None where there is none (a user's unique id, a wildcard, AWS itself).

    Something of the stack itself (`Role.Arn`) is of the stack's account: a hole that stands for `AWS::AccountId`.
    """
    segments = _segments(name)
    first = segments[0].holes()
    if len(segments) > 4 and not first:
        account = segments[4]
    elif first:
        account = Text(
            (Hole(first[0].reason, "AWS::AccountId" if "." in first[0].stands_for else first[0].stands_for),)
        )
    else:
        account = name
    literal = account.literal()
    return account if literal is None or (len(literal) == 12 and literal.isdigit()) else None


def lets_everyone_in(statement: Statement, policy: Policy) -> Truth:
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO:
        return Truth(Answer.NO)
    said = f"statement {statement.sid}" if statement.sid else "a statement"
    if statement.not_principal:
        anyone = yes(f"{said} lets in everyone but some (NotPrincipal)", statement.origin)
    else:
        anyone = some([_everyone(principal, said) for principal in statement.principals])
    if statement.principals_open and anyone.answer is not Answer.YES:
        more = unknown(f"whom {said} lets in is not known: {statement.principals_open}", statement.origin)
        anyone = some((anyone, more))
    if anyone.answer is Answer.NO:
        return Truth(Answer.NO)
    unguarded = every([~restricts(condition) for condition in statement.conditions])
    if statement.conditions_open:
        open_ = unknown(f"{said} is not wholly known: {statement.conditions_open}", statement.origin)
        unguarded = every((unguarded, open_))
    others = [other for other in policy.statements if other.effect.known() != "Allow"]
    denied = some([_keeps_strangers_out(other, statement) for other in others])
    return every((anyone, allows, unguarded, ~denied))


def _everyone(principal: Principal, said: str = "a statement") -> Truth:
    if principal.type not in {"*", "AWS"}:
        return Truth(Answer.NO)
    literal = principal.name.literal()
    if literal == "*":
        return yes(f"{said} lets in everyone (Principal *)", principal.origin)
    if literal is None and all(isinstance(part, Hole) and not part.stands_for for part in principal.name.parts):
        return unknown(f"whom {said} lets in is not known: {principal.name.why_open()}", principal.origin)
    return Truth(Answer.NO)


def _keeps_strangers_out(statement: Statement, allowing: Statement) -> Truth:
    """Whether a Deny applies to every stranger in all that `allowing` allows."""
    denies = statement.effect.equals("Deny")
    if denies.answer is Answer.NO or statement.not_principal or statement.not_action or statement.not_resource:
        return Truth(Answer.NO)
    unread = unknown(f"a denial is not wholly known: {statement.unread}", statement.origin)
    everyone = some([_everyone(principal) for principal in statement.principals])
    if statement.principals_open:
        everyone = some((everyone, unread))
    actions = some([_covers(pattern, allowing.actions, allowing) for pattern in statement.actions])
    resources = some([_covers(pattern, allowing.resources, allowing) for pattern in statement.resources])
    if statement.unread and not (statement.actions and statement.resources):
        actions, resources = some((actions, unread)), some((resources, unread))
    if allowing.not_action and all(action.literal() not in {"*", "dynamodb:*"} for action in statement.actions):
        actions = Truth(Answer.NO)
    if allowing.not_resource and all(resource.literal() != "*" for resource in statement.resources):
        resources = Truth(Answer.NO)
    strangers = every([_holds_for_strangers(condition) for condition in statement.conditions])
    if statement.unread != statement.principals_open:
        strangers = every((strangers, unread))
    return every((denies, everyone, actions, resources, strangers))


def _covers(pattern: Text, others: tuple[Text, ...], allowing: Statement) -> Truth:
    """Whether a pattern of a Deny covers all patterns of an Allow, by being the same or by what is before its `*`."""
    wide = pattern.literal()
    if wide is None:
        same = all(other == pattern for other in others)
        return Truth(Answer.YES if same else Answer.UNKNOWN, () if same else (Fact(pattern.why_open()),))
    if wide == "*":
        return Truth(Answer.YES)
    answers = [] if others else [unknown(f"what is allowed is not wholly known: {allowing.unread}", allowing.origin)]
    for other in others:
        narrow = other.literal()
        if narrow is None:
            answers.append(unknown(other.why_open()))
        else:
            stem = wide.removesuffix("*").lower()
            inside = narrow.lower().startswith(stem) if wide.endswith("*") else narrow.lower() == stem
            answers.append(Truth(Answer.YES if inside and "*" not in stem else Answer.NO))
    return every(answers)


def _holds_for_strangers(condition: Condition) -> Truth:
    """Whether a condition of a Deny holds for every caller that it does not name, those without the key included."""
    operator = condition.operator.lower().removesuffix("ifexists")
    key = condition.key.lower()
    if operator in _NEGATED and key in _WHO:
        if operator in {"stringnotequals", "stringnotequalsignorecase"}:
            return Truth(Answer.YES)
        shown = f"{condition.operator} on {condition.key}"
        return every([_is_narrow(value, condition, shown) for value in condition.values])
    if operator == "bool" and key == "aws:principalisawsservice":
        if condition.operator.lower() == "bool" and not condition.values:
            return Truth(Answer.NO)
        return every([~_is_true(value, condition) for value in condition.values])
    return Truth(Answer.NO)


def _operator(condition: Condition) -> tuple[str, bool]:
    """The plain operator in lower case, and whether it needs the key to be there."""
    operator = condition.operator.lower()
    if operator.startswith("forallvalues:") or operator.endswith("ifexists"):
        return operator, False
    return operator.removeprefix("foranyvalue:"), True


def _is_true(value: Text, condition: Condition) -> Truth:
    literal = value.literal()
    if literal is None:
        return unknown(f"{condition.key} is not known: {value.why_open()}", condition.origin)
    said = f"{condition.operator} {condition.key} is {literal}"
    return yes(said, condition.origin) if literal.lower() == "true" else no(said, condition.origin)


def _is_the_callers_own(value: Text, condition: Condition, shown: str) -> Truth:
    """Whether a value is a policy variable that every caller fills with its own."""
    literal = (value.literal() or "").lower()
    own = any(name in literal for name in ("${aws:principal", "${aws:source", "${aws:userid", "${aws:username"))
    said = f"{shown} compares the caller with itself" if own else f"{shown} names who may call"
    return Truth(Answer.YES if own else Answer.NO, (Fact(said, condition.origin),))


def _is_narrow(value: Text, condition: Condition, shown: str) -> Truth:
    """Whether a pattern is bound to somebody: no wildcard before the account, the organisation or the id is over."""
    if _is_the_callers_own(value, condition, shown).answer is Answer.YES:
        return no(f"{shown} compares the caller with itself", condition.origin)
    key = condition.key.lower()
    if key in {"aws:principalarn", "aws:sourcearn"}:
        segments = _segments(value)
        bound = segments[4] if len(segments) > 5 and segments[4].parts else value
    elif key.endswith("orgpaths") or key == "aws:userid":
        bound = _segments(value, "/" if key.endswith("orgpaths") else ":")[0]
    else:
        bound = value
    if any(isinstance(part, str) and ("*" in part or "?" in part) for part in bound.parts):
        return no(f"{shown} has a wildcard where it would name somebody: {value.shown()}", condition.origin)
    if any(not hole.stands_for for hole in bound.holes()):
        return unknown(f"{shown} is not known: {bound.why_open()}", condition.origin)
    return yes(f"{shown} names who may call", condition.origin)


def _names(principal: Principal) -> bool:
    """Whether a principal may be an account, or somebody in one."""
    return principal.type == "AWS" and principal.name.literal() != "*"


def _grantee(name: Text, origin: Origin | None) -> Grantee | None:
    account = account_of(name)
    return None if account is None else Grantee(account, name.shown(), origin)


def _segments(name: Text, mark: str = ":") -> list[Text]:
    """The parts of a text between marks; holes stay within one part."""
    segments: list[list[str | Hole]] = [[]]
    for part in name.parts:
        if isinstance(part, Hole):
            segments[-1].append(part)
            continue
        first, *rest = part.split(mark)
        segments[-1].append(first)
        segments.extend([piece] for piece in rest)
    return [joined(*segment) for segment in segments]
