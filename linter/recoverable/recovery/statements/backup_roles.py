"""Roles that AWS Backup takes on: who else may, and what else they may do.

https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""

from __future__ import annotations

from recoverable.policy.guards import MFA_AGE, MFA_PRESENT, guarded, operator_of
from recoverable.policy.patterns import fits
from recoverable.recovery.statements.statement_reach import listed
from recoverable.text import Text
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.principals import Principal as Somebody
    from recoverable.policy.document import Condition, Policy, Principal, Statement

#: The service that takes such a role on, and those that are part of it.
AWS_BACKUP = "backup.amazonaws.com"
_PARTS = (AWS_BACKUP, "restore-testing.backup.amazonaws.com", "backup-storage.amazonaws.com")

#: Actions of a trust policy that make somebody the role.
_ASSUMING = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")

#: Keys that say for whom a service works.
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html
_SOURCES = {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"}


def lets_in_backup(trust: Policy) -> Truth:
    """Whether a trust policy lets AWS Backup take the role on."""
    found = some([_lets_in(statement, AWS_BACKUP) for statement in trust.statements])
    if found.answer is Answer.NO and trust.open:
        return unknown(f"the trust policy may hold more statements: {trust.open}", trust.origin)
    return found


def others_let_in(statement: Statement) -> Truth:
    """Whether a statement of a trust policy lets in anybody but AWS Backup."""
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO:
        return Truth(Answer.NO)
    if statement.not_principal:
        return every((yes("NotPrincipal lets in all but some", statement.origin), allows))
    found = [_is_other(principal) for principal in statement.principals]
    if statement.principals_open:
        found.append(unknown(f"whom it lets in is not known: {statement.principals_open}", statement.origin))
    return every((some(found), allows))


def is_taken_on_by_backup_alone(principal: Somebody) -> Truth:
    """Whether nobody but AWS Backup can take a role on."""
    trust = principal.trust.known()
    if trust is None:
        return ~principal.trust.holds(lambda policy: policy is None)
    others = some([others_let_in(statement) for statement in trust.statements])
    return every((lets_in_backup(trust), ~others))


def _lets_in(statement: Statement, service: str) -> Truth:
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO or statement.not_principal:
        return Truth(Answer.NO)
    found = [_is(principal, service) for principal in statement.principals if principal.type == "Service"]
    if statement.services_open:
        found.append(unknown(f"whom it lets in is not known: {statement.services_open}", statement.origin))
    return every((some(found), allows))


def _is(principal: Principal, service: str) -> Truth:
    answer = fits(Text((service,)), principal.name)
    if answer is Answer.UNKNOWN:
        return unknown(f"a service is not known: {principal.name.why_open()}", principal.origin)
    return Truth(answer, (Fact(f"{service} takes the role on", principal.origin),))


def _is_other(principal: Principal) -> Truth:
    said = f"{principal.type} {principal.name.shown()}" if principal.type != "*" else "everyone"
    if principal.type != "Service":
        return yes(f"{said} may take the role on", principal.origin)
    told = f"{said} may take the role on"
    part = _is_a_part(principal)
    if part is Answer.UNKNOWN:
        return unknown(f"a service is not known: {principal.name.why_open()}", principal.origin)
    return no(told, principal.origin) if part is Answer.YES else yes(told, principal.origin)


def _is_a_part(principal: Principal) -> Answer:
    """Whether a service is AWS Backup, or a part of it."""
    answers = {fits(Text((part,)), principal.name) for part in _PARTS}
    return next((answer for answer in (Answer.YES, Answer.UNKNOWN) if answer in answers), Answer.NO)


def assumable_by_others(statement: Statement, trust: Policy) -> Truth:
    """Whether a statement of the trust of a role of AWS Backup lets in somebody else, without a second factor."""
    others = others_let_in(statement)
    if others.answer is Answer.NO:
        return others
    assumes = some([Truth(listed(statement, action).answer) for action in _ASSUMING])
    return every((others, assumes, lets_in_backup(trust), ~guarded_by_factor(statement)))


def deputy_unguarded(statement: Statement, policy: Policy) -> Truth:
    """Whether a policy of a resource lets AWS Backup in for whomever it works, not for our own accounts alone."""
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO:
        return Truth(Answer.NO)
    found = [_is_deputy(principal) for principal in statement.principals]
    if statement.services_open:
        found.append(unknown(f"whom it lets in is not known: {statement.services_open}", statement.origin))
    deputy = some(found)
    if deputy.answer is Answer.NO:
        return deputy
    bound = [_names_source(condition) for condition in statement.conditions]
    if statement.conditions_open:
        bound.append(unknown(f"its conditions are not known: {statement.conditions_open}", statement.origin))
    bound.extend(_denies_others(other) for other in policy.statements)
    return every((deputy, allows, ~some(bound)))


def _is_deputy(principal: Principal) -> Truth:
    if principal.type != "Service":
        return Truth(Answer.NO)
    part = _is_a_part(principal)
    if part is Answer.UNKNOWN:
        return unknown(f"a service is not known: {principal.name.why_open()}", principal.origin)
    said = f"{principal.name.shown()} is let in for whomever it works"
    return yes(said, principal.origin) if part is Answer.YES else Truth(Answer.NO)


def _names_source(condition: Condition) -> Truth:
    """Whether a condition binds a service to what it works for; a value that is not known is still one value."""
    operator, key = operator_of(condition), condition.key.lower()
    if key not in _SOURCES or operator.holds_without_key or operator.name == "null":
        return Truth(Answer.NO)
    wide = [value for value in condition.values if not (value.literal() or "x").replace(":", "").strip("*")]
    if operator.name in ("stringlike", "arnlike", "arnequals") and wide:
        return Truth(Answer.NO)
    return yes(f"{condition.operator} on {condition.key} binds it", condition.origin)


def _denies_others(statement: Statement) -> Truth:
    """Whether a Deny keeps a service out that works for somebody else."""
    denies = statement.effect.equals("Deny")
    bound = any(
        operator_of(condition).negated and condition.key.lower() in _SOURCES for condition in statement.conditions
    )
    if bound or not statement.conditions_open:
        return denies if bound else Truth(Answer.NO)
    said = f"whether a Deny keeps it to its own accounts is not known: {statement.conditions_open}"
    return every((denies, unknown(said, statement.origin)))


def guarded_by_factor(statement: Statement) -> Truth:
    """Whether an Allow asks for a second factor."""
    conditions = tuple(each for each in statement.conditions if each.key.lower() in (MFA_PRESENT, MFA_AGE))
    return guarded(statement._replace(conditions=conditions))
