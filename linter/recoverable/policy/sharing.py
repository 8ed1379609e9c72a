"""Whether a resource policy lets another account in.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT
from recoverable.policy.exposure import account_of
from recoverable.policy.patterns import fits_action
from recoverable.text import joined
from recoverable.truth import Answer, Truth, every, no, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Condition, Policy, Principal, Statement
    from recoverable.text import Text
    from recoverable.value import Value

#: Conditions on the organization hold for whoever may copy: copies stay within one.
_ORGANIZATION = {"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"}
_ACCOUNT = {"aws:principalaccount", "aws:sourceaccount"}
_POSITIVE = {"stringequals", "stringequalsignorecase", "stringlike"}


def lets_account_in(policy: Policy, account: Value[str], action: str = "") -> Truth:
    """Whether the policy allows `action`, or anything at all, to somebody of an account that is not the policy's own.

    An action with a wildcard counts where it fits. Denials are not looked at.
    """
    found = some([_lets_in(statement, account, action) for statement in policy.statements])
    if found.answer is not Answer.NO:
        return found
    if policy.open:
        return unknown(f"the policy may hold more statements: {policy.open}", policy.origin)
    whom = account.known()
    return no(f"nothing in the policy lets {f'account {whom}' if whom else 'another account'} in", policy.origin)


def exempts_own_organization(condition: Condition) -> bool:
    """Whether a condition of a denial leaves out the callers of an organization."""
    operator = condition.operator.lower().removeprefix("forallvalues:").removeprefix("foranyvalue:")
    return "not" in operator and condition.key.lower() in _ORGANIZATION


def _lets_in(statement: Statement, account: Value[str], action: str) -> Truth:
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO:
        return allows
    unread = unknown(f"a statement is not wholly known: {statement.unread}", statement.origin)
    if statement.not_principal:
        meant = unknown("NotPrincipal lets in whoever is not named", statement.origin)
    else:
        meant = some([_means(principal, account) for principal in statement.principals])
    named = Truth(Answer.YES)
    if action:
        named = some([_names(pattern, action) for pattern in statement.actions])
        named = ~named if statement.not_action else named
    if statement.unread:
        meant = some((meant, unread))
        named = some((named, unread))
    held = every([_holds(condition, account) for condition in statement.conditions])
    if statement.unread and statement.unread != statement.principals_open:
        held = every((held, unread))
    return every((allows, meant, named, held))


def _means(principal: Principal, account: Value[str]) -> Truth:
    """Whether a principal is somebody of the account, or everyone."""
    if principal.type not in {"*", "AWS"}:
        return Truth(Answer.NO)
    if principal.name.literal() == "*":
        return yes("it lets in everyone", principal.origin)
    named = account_of(principal.name)
    if named is None:
        return Truth(Answer.NO)
    return _is(named, account, principal)


def _is(named: Text, account: Value[str], where: Principal | Condition) -> Truth:
    literal = named.literal()
    if literal is not None:
        return account.equals(literal)
    if named.stands_for() == ACCOUNT:
        return no("it lets in its own account", where.origin)
    return unknown(f"whom it lets in is not known: {named.why_open()}", where.origin)


def _names(pattern: Text, action: str) -> Truth:
    answer = fits_action(pattern, joined(action))
    return unknown(f"an action is not known: {pattern.why_open()}") if answer is Answer.UNKNOWN else Truth(answer)


def _holds(condition: Condition, account: Value[str]) -> Truth:
    operator = condition.operator.lower().removesuffix("ifexists")
    operator = operator.removeprefix("forallvalues:").removeprefix("foranyvalue:")
    key = condition.key.lower()
    if operator in _POSITIVE and key in _ORGANIZATION:
        return yes(f"{condition.key} lets in an organization", condition.origin)
    if operator in {"stringequals", "stringequalsignorecase"} and key in _ACCOUNT:
        return some([_is(value, account, condition) for value in condition.values])
    return unknown(f"whether {condition.operator} on {condition.key} holds is not known", condition.origin)
