"""Conditions on addresses that end a restore: DynamoDB fills the restored table in the caller's name, from elsewhere.

"IAM policies involving source IP restrictions for accessing the target restore table should have the aws:ViaAWSService
key set to false ... Otherwise, the restore will be canceled":
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Restore.Tutorial.html
"""

from __future__ import annotations

from recoverable.policy.guards import operator_of, unread_conditions
from recoverable.recovery.statements.beside import had_anyway, some_have
from recoverable.recovery.statements.resource_kinds import TABLES
from recoverable.recovery.statements.statement_reach import listed, reaches, tells_nothing
from recoverable.truth import Answer, Fact, Truth, every, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyStatement
    from recoverable.policy.document import Condition, Policy, Statement

_ADDRESS, _VIA = "aws:sourceip", "aws:viaawsservice"

RESTORING = ("dynamodb:RestoreTableFromBackup", "dynamodb:RestoreTableToPointInTime")

#: What DynamoDB does with the restored table for whoever restores.
FILLING = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
)


def ends_restores(item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a statement keeps DynamoDB from filling a table that a holder of it restores."""
    statement = item.statement
    if tells_nothing(statement):
        return Truth(Answer.NO)
    stops = some([*(_stops(condition, statement) for condition in statement.conditions), unread_conditions(statement)])
    if stops.answer is Answer.NO:
        return Truth(Answer.NO)
    filling = some([every((listed(statement, action), reaches(statement, (TABLES,)))) for action in FILLING])
    if filling.answer is Answer.NO:
        return Truth(Answer.NO)
    restores = some_have(item, _restores, estate)
    # What is allowed from some addresses may be allowed from all by another statement; a denial stays one.
    anyway = every((~statement.effect.equals("Deny"), had_anyway(item, _fills, estate)))
    return every((stops, Truth(filling.answer), restores, ~anyway))


def _stops(condition: Condition, statement: Statement) -> Truth:
    """Whether a condition on the address is one that calls of DynamoDB itself do not pass."""
    operator = operator_of(condition)
    if condition.key.lower() != _ADDRESS or operator.name not in ("ipaddress", "notipaddress"):
        return Truth(Answer.NO)
    effect = "Deny" if operator.negated else "Allow"
    shown = f"{condition.operator} on {condition.key}"
    said = f"{shown} also meets the calls that DynamoDB makes for whoever restores, which come from its own addresses"
    literals = [value.literal() for value in condition.values]
    if not literals or None in literals:
        return unknown(f"the values of {shown} are not known", condition.origin)
    if all(literal in ("0.0.0.0/0", "::/0") for literal in literals):
        return Truth(Answer.NO)
    spared = some([_is_not_via(other) for other in statement.conditions])
    add = 'add to the denial: "Bool": {"aws:ViaAWSService": "false"}'
    better = add if operator.negated else 'allow the same where "Bool": {"aws:ViaAWSService": "true"}'
    return every((yes(said, condition.origin).because(Fact(better)), statement.effect.equals(effect), ~spared))


def _is_not_via(condition: Condition) -> Truth:
    """Whether a Deny leaves out the calls that a service makes for the caller."""
    if condition.key.lower() != _VIA or operator_of(condition).name != "bool":
        return Truth(Answer.NO)
    literals = [value.literal() for value in condition.values]
    if not literals or None in literals:
        return unknown(f"the value of {condition.key} is not known", condition.origin)
    return Truth(Answer.YES if all((literal or "").lower() == "false" for literal in literals) else Answer.NO)


def _restores(policy: Policy) -> Truth:
    """Whether a policy allows to restore tables."""
    found = []
    for statement in policy.statements:
        allows = statement.effect.equals("Allow")
        if allows.answer is Answer.NO:
            continue
        for action in RESTORING:
            named = listed(statement, action)
            if named.answer is not Answer.NO:
                fact = yes(f"{action} is allowed", statement.origin)
                found.append(every((fact, allows, named)))
    return some(found)


def _fills(policy: Policy) -> Truth:
    """Whether a policy allows all that fills a table, from any address."""
    plain = [each for each in policy.statements if not each.conditions]
    return every(
        [
            some(
                [every((each.effect.equals("Allow"), listed(each, action), reaches(each, (TABLES,)))) for each in plain]
            )
            for action in FILLING
        ]
    )
