"""Denials that name one way to end a table or its backups, and forget the one beside it.

https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
"""

from __future__ import annotations

from recoverable.recovery.statements.beside import had_anyway, some_have
from recoverable.recovery.statements.resource_kinds import about
from recoverable.recovery.statements.statement_reach import actions_of, is_foreign, is_unread, listed, names, reaches
from recoverable.truth import Answer, Fact, Truth, every, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyStatement
    from recoverable.policy.document import Policy, Statement

#: What comes to the same as an action that is denied, and how.
BESIDE = {
    "dynamodb:DeleteBackup": (
        ("backup:DeleteRecoveryPoint", "deletes the backups that AWS Backup keeps of the same tables"),
    ),
    "backup:DeleteRecoveryPoint": (
        ("backup:UpdateRecoveryPointLifecycle", "makes a recovery point expire tomorrow"),
        ("dynamodb:DeleteBackup", "deletes the backups that DynamoDB keeps of tables"),
    ),
    "dynamodb:DeleteTable": (
        ("dynamodb:UpdateContinuousBackups", "discards the whole history of a table"),
    ),
    "backup:DeleteBackupVaultLockConfiguration": (
        ("backup:PutBackupVaultLockConfiguration", "makes a lock so loose that it holds nothing"),
    ),
    "backup:DeleteBackupVaultAccessPolicy": (
        ("backup:PutBackupVaultAccessPolicy", "puts another policy in the place of the vault's"),
    ),
}  # fmt: skip

#: Kinds of documents whose denials are for everybody below them, whatever these are allowed.
_GUARDRAILS = ("scp",)


def forgets(item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a Deny leaves out what comes to the same, where those who hold it may do that."""
    statement = item.statement
    denies = statement.effect.equals("Deny")
    if (
        denies.answer is Answer.NO
        or statement.not_action
        or statement.not_resource
        or is_unread(statement)
        or is_foreign(statement)
    ):
        return Truth(Answer.NO)
    found: list[Truth] = []
    for action, others in BESIDE.items():
        for pattern in actions_of(statement):
            named = names(pattern.text, action)
            if named is Answer.NO:
                continue
            reach = reaches(statement, about(action))
            for other, how in others:
                said = yes(f"{action} is denied and {other} is not, which {how}", pattern.origin)
                found.append(every((Truth(named), reach, _forgotten(item, said, other, estate))))
    if statement.actions_open:
        found.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    truth = some(found)
    return truth if truth.answer is Answer.NO else every((truth, denies))


def _forgotten(item: PolicyStatement, said: Truth, other: str, estate: Estate) -> Truth:
    """Whether what stands beside a denied action is allowed, and denied nowhere; `said` says so in words."""
    if item.document.kind in _GUARDRAILS:
        allowed = Truth(Answer.YES)
        denied = some([_denies(other)(item.document.policy), _by_guardrails(other, estate)])
    else:
        allowed = some_have(item, _allows(other), estate)
        denied = some(
            [
                _denies(other)(item.document.policy),
                had_anyway(item, _denies(other), estate),
                _by_guardrails(other, estate),
            ]
        )
    gap = every((said, allowed, ~denied))
    if gap.answer is not Answer.YES:
        return gap
    places = [fact for fact in allowed.facts if fact.origin is not None]
    return said.because(
        Fact(f"add to the denial: {other}"), *(Fact(f"{other} is allowed", places[0].origin) for _ in places[:1])
    )


def _by_guardrails(action: str, estate: Estate) -> Truth:
    """Whether the organization denies it, to whomever."""
    found = []
    for guardrail in estate.guardrails.present():
        denied = _denies(action)(guardrail.policy)
        if guardrail.kind == "scp" and denied.answer is not Answer.NO:
            found.append(denied)
    return some(found)


def _allows(action: str) -> Callable[[Policy], Truth]:
    return _by_statements(action, "Allow")


def _denies(action: str) -> Callable[[Policy], Truth]:
    return _by_statements(action, "Deny")


def _by_statements(action: str, effect: str) -> Callable[[Policy], Truth]:
    """The question whether some statement of a policy has an effect on an action, on any resource."""

    def test(policy: Policy) -> Truth:
        found = [_has(statement) for statement in policy.statements]
        if policy.open:
            found.append(unknown(f"a policy may hold more statements: {policy.open}", policy.origin))
        return some(found)

    def _has(statement: Statement) -> Truth:
        matters = statement.effect.equals(effect)
        if matters.answer is Answer.NO:
            return matters
        named = listed(statement, action)
        if named.answer is Answer.NO:
            return named
        return every((matters, named, reaches(statement, about(action))))

    return test
