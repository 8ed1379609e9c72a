"""Whether the conditions of a statement restrict what it allows, or only look as if they did.

A guard is a condition that a thief of the caller's credentials does not meet: it asks for multi-factor authentication,
a place on the network, a tag of the caller, a service in between. What the caller chooses (the Region, the name of a
tool) and what all calls from the account have in common guard nothing, and neither does an operator that holds where
the key is absent.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from recoverable.truth import Answer, Fact, Truth, no, some, unknown, yes
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Condition, Statement
    from recoverable.text import Text

#: Keys whose value the caller chooses, or which have one value for all calls from an account.
_FREE = {
    "aws:principalaccount",
    "aws:principaltype",
    "aws:referer",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:securetransport",
    "aws:tagkeys",
    "aws:useragent",
}

#: Keys of the time of the call, which guard only between two bounds.
_TIME = {"aws:currenttime", "aws:epochtime"}

#: Keys that every request has.
ALWAYS_PRESENT = {
    "aws:currenttime",
    "aws:epochtime",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:userid",
    "iam:passedtoservice",  # of the only action that asks for it
}

#: Keys that say that somebody signed in with a second factor.
MFA_PRESENT, MFA_AGE = "aws:multifactorauthpresent", "aws:multifactorauthage"

_EXACT = {"stringequals", "stringequalsignorecase", "binaryequals", "dateequals", "numericequals"}
_LIKE = {"stringlike", "arnlike", "arnequals"}
_BOUNDS = {
    "numericlessthan", "numericlessthanequals", "numericgreaterthan", "numericgreaterthanequals",
    "datelessthan", "datelessthanequals", "dategreaterthan", "dategreaterthanequals",
}  # fmt: skip


class Operator(NamedTuple):
    """An operator in parts: `StringEquals` in lower case, its set (`foranyvalue`, `forallvalues`), and `IfExists`."""

    name: str
    quantifier: str
    if_exists: bool

    @property
    def negated(self) -> bool:
        return "not" in self.name

    @property
    def holds_without_key(self) -> bool:
        """Whether a condition holds for a request that has not got its key."""
        return self.if_exists or self.quantifier == "forallvalues" or self.negated


def operator_of(condition: Condition) -> Operator:
    written = condition.operator.lower()
    quantifier, colon, name = written.rpartition(":")
    return Operator(name.removesuffix("ifexists"), quantifier if colon else "", name.endswith("ifexists"))


def guarded(statement: Statement) -> Truth:
    """Whether some condition of an Allow is a guard. The facts of a *no* say why the conditions are none."""
    if not statement.conditions and not statement.conditions_open:
        return Truth(Answer.NO)
    found = [is_guard(condition, statement) for condition in statement.conditions]
    window = _window(statement)
    if window is not None:
        found.append(window)
    if statement.conditions_open:
        found.append(unknown(f"its conditions are not known: {statement.conditions_open}", statement.origin))
    return some(found)


def unread_conditions(statement: Statement) -> Truth:
    """Unknown where a statement may have conditions of which not even the key is known; else no."""
    if not statement.conditions_open or any(not condition.values for condition in statement.conditions):
        # What is not known are the values of a condition.
        return Truth(Answer.NO)
    return unknown(f"its conditions are not known: {statement.conditions_open}", statement.origin)


def is_guard(condition: Condition, statement: Statement) -> Truth:
    """Whether one condition of an Allow is a guard."""
    operator, key = operator_of(condition), condition.key.lower()
    shown = f"{condition.operator} on {condition.key}"
    if key in _FREE or key in _TIME:
        return no(f"{shown} does not keep out who has the caller's credentials", condition.origin)
    if operator.name == "null":
        return _asks_for(condition, shown)
    if operator.negated:
        return no(f"{shown} leaves out some and lets in all others", condition.origin)
    if operator.holds_without_key and key not in ALWAYS_PRESENT:
        present = some([is_present(other, key) for other in statement.conditions])
        if present.answer is Answer.NO:
            return no(f"{shown} also holds for requests without that key", condition.origin)
        return present if present.answer is Answer.UNKNOWN else _narrows(condition, operator, shown)
    return _narrows(condition, operator, shown)


def _narrows(condition: Condition, operator: Operator, shown: str) -> Truth:
    """Whether the values of a positive operator leave anything out."""
    if not condition.values:
        return unknown(f"the values of {shown} are not known", condition.origin)
    if operator.name == "bool":
        wanted = condition.key.lower() not in {MFA_PRESENT, "aws:viaawsservice", "aws:principalisawsservice"}
        return some([_is_true(value, condition, shown, wanted) for value in condition.values])
    if operator.name in _EXACT or operator.name in _BOUNDS:
        return yes(f"{shown} restricts it", condition.origin)
    wide = some([_is_everything(value, operator, condition, shown) for value in condition.values])
    return ~wide if wide.answer is not Answer.NO else yes(f"{shown} restricts it", condition.origin)


def _is_true(value: Text, condition: Condition, shown: str, either: bool) -> Truth:
    literal = value.literal()
    if either:
        return yes(f"{shown} restricts it", condition.origin)
    if literal is None:
        return unknown(f"the value of {shown} is not known: {value.why_open()}", condition.origin)
    said = f"{shown} is {literal}"
    return yes(said, condition.origin) if literal.lower() == "true" else no(said, condition.origin)


def _is_everything(value: Text, operator: Operator, condition: Condition, shown: str) -> Truth:
    """Whether a value of StringLike, ArnLike or IpAddress fits all there is."""
    literal = value.literal()
    if literal is None:
        rest = "".join(part for part in value.parts if isinstance(part, str))
        if rest.strip("*?:"):
            return Truth(Answer.NO)
        return unknown(f"the value of {shown} is not known: {value.why_open()}", condition.origin)
    every = literal in {"0.0.0.0/0", "::/0"} if operator.name == "ipaddress" else not literal.strip("*")
    if not every and operator.name in _LIKE and literal.lower().startswith("arn:"):
        every = not "".join(literal.split(":")[2:]).strip("*")
    return Truth(Answer.YES if every else Answer.NO, (Fact(f"{shown} is {literal}", condition.origin),))


def _asks_for(condition: Condition, shown: str) -> Truth:
    """Whether a Null condition asks for a key that only guarded requests have."""
    key = condition.key.lower()
    telling = key in {MFA_AGE, "aws:sourcevpce", "aws:sourcevpc", "aws:calledvia", "aws:calledviafirst"}
    if not (telling or key.startswith("aws:principaltag/")):
        return no(f"{shown} restricts nothing", condition.origin)
    found = is_present(condition, key)
    return found if found.answer is not Answer.NO else no(f"{shown} restricts nothing", condition.origin)


def is_present(condition: Condition, key: str) -> Truth:
    """Whether a condition makes sure that requests have a key: `Null` and `false`."""
    if condition.key.lower() != key or operator_of(condition).name != "null":
        return Truth(Answer.NO)
    shown = f"{condition.operator} on {condition.key}"
    literals = [value.literal() for value in condition.values]
    if not literals or None in literals:
        return unknown(f"the value of {shown} is not known", condition.origin)
    asked = all((literal or "").lower() == "false" for literal in literals)
    return Truth(Answer.YES if asked else Answer.NO, (Fact(f"{shown} is {literals[0]}", condition.origin),))


def _window(statement: Statement) -> Truth | None:
    """Whether the time of the call must lie between two bounds; None if no condition is about it."""
    above = below = False
    origin = None
    for condition in statement.conditions:
        operator = operator_of(condition)
        if condition.key.lower() in _TIME:
            origin = condition.origin
            above = above or "greater" in operator.name
            below = below or "less" in operator.name
    if origin is None:
        return None
    if above and below:
        return yes("it is allowed for some time only", origin)
    return no("the time that it is allowed for has no two bounds", origin)


__all__ = [
    "ALWAYS_PRESENT",
    "MFA_AGE",
    "MFA_PRESENT",
    "Operator",
    "guarded",
    "is_guard",
    "is_present",
    "operator_of",
    "unread_conditions",
]
