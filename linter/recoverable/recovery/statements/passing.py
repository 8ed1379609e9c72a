"""Passing roles on: who may hand the role of AWS Backup, and others with it, to any service.

Whoever may pass a role to a service that runs their code does what the role may do.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, PARTITION, REGION
from recoverable.glob import matches
from recoverable.policy.guards import guarded, operator_of
from recoverable.policy.patterns import fits_arn
from recoverable.recovery.statements.backup_roles import lets_in_backup
from recoverable.recovery.statements.resource_kinds import ROLES, is_everything, resolved, takes_in_everywhere
from recoverable.recovery.statements.statement_faults import weighed
from recoverable.recovery.statements.statement_reach import (
    Pattern,
    actions_of,
    has_wildcard,
    names,
    resources_of,
    takes_in_service,
    tells_nothing,
)
from recoverable.recovery.statements.statement_width import Excess, Pair
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyStatement
    from recoverable.estate.principals import Principal
    from recoverable.policy.document import Condition

PASS_ROLE = "iam:PassRole"
PASSED_TO = "iam:passedtoservice"

#: The role that the console of AWS Backup makes.
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
_DEFAULT = "arn:*:iam::*:role/service-role/AWSBackupDefaultServiceRole"


def passes_too_much(item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a statement lets its holder pass the role of AWS Backup and others to any service."""

    def fits(resource: Pattern) -> Truth:
        everything = Truth(takes_in_everywhere(resource.text, ROLES))
        if everything.answer is Answer.YES or not (has_wildcard(resource.text) or resource.text.holes()):
            return everything
        wild = Truth(Answer.YES if has_wildcard(resource.text) else Answer.UNKNOWN)
        return some((everything, every((wild, _fits_a_role(resource, estate)))))

    return _passes("pass-role-too-wide", item, estate, fits)


def passes_anywhere(item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a statement lets its holder pass the role of AWS Backup, and it alone, to any service."""

    def fits(resource: Pattern) -> Truth:
        if has_wildcard(resource.text):
            return Truth(Answer.NO)
        written = resource.text.literal()
        if written is not None and matches(_DEFAULT, written):
            return yes(f"{resource.shown()}, the role that AWS Backup makes", resource.origin)
        return _of_roles(estate, lambda role: role.is_meant(resource.text))

    return _passes("pass-role-without-service", item, estate, fits)


def _passes(name: str, item: PolicyStatement, estate: Estate, fits: Callable[[Pattern], Truth]) -> Truth:
    statement = item.statement
    allows = statement.effect.equals("Allow")
    negated = statement.not_action or statement.not_resource
    if allows.answer is Answer.NO or negated or tells_nothing(statement):
        return Truth(Answer.NO)
    certain: list[Pair] = []
    open_: list[Truth] = []
    for action in actions_of(statement):
        named = names(action.text, PASS_ROLE)
        if named is Answer.NO:
            continue
        for resource in resources_of(statement):
            if takes_in_service(action.text, "*") is Answer.YES and is_everything(resource.text) is Answer.YES:
                # That it allows everything is told as that.
                continue
            found = every((Truth(named), fits(resource)))
            if found.answer is Answer.YES:
                certain.append(Pair(action, resource, (PASS_ROLE,)))
            elif found.answer is Answer.UNKNOWN:
                open_.append(unknown(f"whether {resource.text.shown()} is such a role is not known", resource.origin))
        if statement.resources_open:
            open_.append(unknown(f"a resource is not known: {statement.resources_open}", statement.origin))
    if statement.actions_open:
        open_.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    if not certain and not open_:
        return Truth(Answer.NO)
    found = Truth(Answer.YES) if certain else some(open_)
    bound = some((some([_is_bound(condition) for condition in statement.conditions]), guarded(statement)))
    better = Fact('name the role, and add: "StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}')
    return weighed(name, Excess(every((found, allows, ~bound)), tuple(certain), (better,)), item, estate)


def _is_bound(condition: Condition) -> Truth:
    """Whether a condition says which services the role may be passed to."""
    operator = operator_of(condition)
    if condition.key.lower() != PASSED_TO or operator.negated or operator.name == "null":
        return Truth(Answer.NO)
    shown = f"{condition.operator} on {condition.key}"
    if not condition.values:
        return unknown(f"the values of {shown} are not known", condition.origin)
    wild = [
        value for value in condition.values if operator.name == "stringlike" and not (value.literal() or "x").strip("*")
    ]
    if wild:
        return no(f"{shown} is {wild[0].shown()}", condition.origin)
    if operator.name == "stringlike" and any(value.literal() is None for value in condition.values):
        return unknown(f"the values of {shown} are not known", condition.origin)
    return yes(f"{shown} says where it may be passed to", condition.origin)


def _fits_a_role(resource: Pattern, estate: Estate) -> Truth:
    """Whether a pattern fits the ARN of a role that AWS Backup takes on."""
    pattern = resolved(resource.text)

    def fits(role: Principal) -> Truth:
        arns = [name for name in role.names if isinstance(name.parts[0], str) and name.parts[0].startswith("arn:")]
        return some([Truth(fits_arn(pattern, _with_some_name(name))) for name in arns])

    return _of_roles(estate, fits)


def _with_some_name(arn: Text) -> Text:
    """The ARN of a role with a name that nobody writes in the place of the one that AWS makes up."""
    own = (PARTITION, REGION, ACCOUNT)
    return joined(
        *(
            "\u2039name\u203a" if isinstance(part, Hole) and part.stands_for and part.stands_for not in own else part
            for part in arn.parts
        )
    )


def _of_roles(estate: Estate, test: Callable[[Principal], Truth]) -> Truth:
    """Whether `test` holds of a role that AWS Backup takes on. What was scanned is all there is."""

    def is_one(principal: Principal) -> Truth:
        trust = principal.trust.known() if principal.subject.kind == "role" else None
        if trust is None:
            return Truth(Answer.NO)
        serves = lets_in_backup(trust)
        return serves if serves.answer is Answer.NO else every((serves, test(principal)))

    found = estate.principals._replace(incomplete="").any(is_one, "no role of AWS Backup is so")
    return found if found.answer is not Answer.NO else Truth(Answer.NO)
