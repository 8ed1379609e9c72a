"""Roles that AWS Backup takes on: who else may, and what else they may do.

https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""

from __future__ import annotations

from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.principals import Principal as Somebody
    from recoverable.policy.document import Policy, Principal, Statement

#: The service that takes such a role on, and those that are part of it.
AWS_BACKUP = "backup.amazonaws.com"
_PARTS = (AWS_BACKUP, "restore-testing.backup.amazonaws.com", "backup-storage.amazonaws.com")


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
    if statement.principals_open:
        found.append(unknown(f"whom it lets in is not known: {statement.principals_open}", statement.origin))
    return every((some(found), allows))


def _is(principal: Principal, service: str) -> Truth:
    name = principal.name.literal()
    if name is None:
        return unknown(f"a service is not known: {principal.name.why_open()}", principal.origin)
    fact = Fact(f"{service} takes the role on", principal.origin)
    return Truth(Answer.YES, (fact,)) if name == service else Truth(Answer.NO)


def _is_other(principal: Principal) -> Truth:
    name = principal.name.literal()
    said = f"{principal.type} {principal.name.shown()}" if principal.type != "*" else "everyone"
    if principal.type != "Service":
        return yes(f"{said} may take the role on", principal.origin)
    if name is None:
        return unknown(f"a service is not known: {principal.name.why_open()}", principal.origin)
    told = f"{said} may take the role on"
    return no(told, principal.origin) if name in _PARTS else yes(told, principal.origin)
