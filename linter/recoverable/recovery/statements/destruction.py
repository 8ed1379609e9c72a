"""Single policies that let whoever has them destroy a table with every backup of it.

Where tables and principals were read, who can do so is worked out for each of them (`can-destroy-table-and-backups`).
This is for policies in files of their own, and where no table is in sight.
"""

from __future__ import annotations

from recoverable.policy.guards import guarded
from recoverable.recovery.access.entrusted import spared
from recoverable.recovery.statements.removal import denied
from recoverable.recovery.statements.resource_kinds import about
from recoverable.recovery.statements.statement_faults import NAMED
from recoverable.recovery.statements.statement_reach import actions_of, listed, names, reaches, tells_nothing
from recoverable.recovery.statements.statement_width import CLASSES, excess
from recoverable.truth import Answer, Fact, Truth, every, some, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyDocument
    from recoverable.policy.document import Policy, Statement

#: What it takes: one of each.
STEPS = (
    ("dynamodb:DeleteTable",),
    ("dynamodb:DeleteBackup",),
    ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"),
)

#: What says by itself that the policy allows it.
_TOLD = CLASSES[: CLASSES.index("delete-wildcard")]


def policy_destroys_all(document: PolicyDocument, estate: Estate) -> Truth:
    """Whether a policy allows to delete a table, the backups that DynamoDB keeps, and those of AWS Backup."""
    if document.holders and estate.tables.entries:
        return Truth(Answer.NO)
    policy = document.policy
    if all(map(tells_nothing, policy.statements)):
        # That nothing is known of a policy is told by `everything-allowed`.
        return Truth(Answer.NO)
    steps = every([some([_given(action, policy) for action in actions]) for actions in STEPS])
    if steps.answer is Answer.NO:
        return Truth(Answer.NO)
    told = some([excess(name, statement).truth for statement in policy.statements for name in _TOLD])
    found = every((steps, ~told))
    if found.answer is not Answer.YES:
        return found
    holders = [
        Fact(f"{each.subject.kind} {each.subject.title()} has it", each.subject.origin) for each in document.holders
    ]
    truth = Truth(Answer.YES, steps.facts).because(*holders[:NAMED])
    return spared("policy-destroys-table-and-backups", truth, document, estate)


def _given(action: str, policy: Policy) -> Truth:
    found = [_allows(statement, action, policy) for statement in policy.statements]
    if policy.open:
        found.append(unknown(f"the policy may hold more statements: {policy.open}", policy.origin))
    return some(found)


def _allows(statement: Statement, action: str, policy: Policy) -> Truth:
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO or tells_nothing(statement):
        return Truth(Answer.NO)
    named, reach = listed(statement, action), reaches(statement, about(action))
    if Answer.NO in (named.answer, reach.answer):
        return Truth(Answer.NO)
    by = next((each for each in actions_of(statement) if names(each.text, action) is Answer.YES), None)
    place = statement.origin if by is None else by.origin
    said = Truth(Answer.YES, (Fact(f"{action} is allowed", place),))
    return every(
        (
            said,
            allows if allows.answer is Answer.UNKNOWN else Truth(Answer.YES),
            named,
            reach,
            ~guarded(statement),
            ~denied(policy, statement, action),
        )
    )
