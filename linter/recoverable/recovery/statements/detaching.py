"""Taking an organization's backup policy off its accounts.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup.html
"""

from __future__ import annotations

from recoverable.glob import matches
from recoverable.policy.guards import guarded, operator_of
from recoverable.recovery.statements.harmful_actions import DETACHING
from recoverable.recovery.statements.resource_kinds import about, is_everything, reached
from recoverable.recovery.statements.statement_faults import weighed
from recoverable.recovery.statements.statement_reach import (
    actions_of,
    meant_of,
    resources_of,
    takes_in_service,
    tells_nothing,
)
from recoverable.recovery.statements.statement_width import Excess, Pair
from recoverable.truth import Answer, Truth, every, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyStatement
    from recoverable.policy.document import Condition

_TYPE_KEY, _TYPE = "organizations:policytype", "BACKUP_POLICY"


def detaches_backup_policy(item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a statement allows to detach, change or delete backup policies, or to disable them altogether."""
    statement = item.statement
    allows = statement.effect.equals("Allow")
    negated = statement.not_action or statement.not_resource
    if allows.answer is Answer.NO or negated or tells_nothing(statement):
        return Truth(Answer.NO)
    certain: list[Pair] = []
    open_: list[Truth] = []
    for action in actions_of(statement):
        for resource in resources_of(statement):
            everything = takes_in_service(action.text, "*") is Answer.YES
            if everything and is_everything(resource.text) is Answer.YES:
                # That it allows everything is told as that.
                continue
            lets = []
            for each, named in meant_of(action.text, DETACHING).items():
                answer = every((Truth(named), Truth(reached(resource.text, about(each))))).answer
                if answer is Answer.YES:
                    lets.append(each)
                elif answer is Answer.UNKNOWN:
                    pattern = resource if resource.text.holes() else action
                    open_.append(unknown(f"{pattern.shown()}: {pattern.text.why_open()}", pattern.origin))
            if lets:
                certain.append(Pair(action, resource, tuple(lets)))
        if statement.resources_open and meant_of(action.text, DETACHING):
            open_.append(unknown(f"a resource is not known: {statement.resources_open}", statement.origin))
    if statement.actions_open:
        open_.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    if not certain and not open_:
        return Truth(Answer.NO)
    found = Truth(Answer.YES) if certain else some(open_)
    others = tuple(each for each in statement.conditions if each.key.lower() != _TYPE_KEY)
    elsewhere = some([_is_other(each) for each in statement.conditions if each.key.lower() == _TYPE_KEY])
    bound = some((elsewhere, guarded(statement._replace(conditions=others))))
    return weighed("may-detach-backup-policy", Excess(every((found, allows, ~bound)), tuple(certain)), item, estate)


def _is_other(condition: Condition) -> Truth:
    """Whether a condition leaves out backup policies."""
    operator = operator_of(condition)
    shown = f"{condition.operator} on {condition.key}"
    if operator.name not in {
        "stringequals",
        "stringequalsignorecase",
        "stringlike",
        "stringnotequals",
        "stringnotlike",
    }:
        return Truth(Answer.NO)
    literals = [value.literal() for value in condition.values]
    if not literals or None in literals:
        return unknown(f"the values of {shown} are not known", condition.origin)
    meant = any(matches((literal or "").upper(), _TYPE) for literal in literals)
    if meant is operator.negated:
        return yes(f"{shown} leaves out backup policies", condition.origin)
    return Truth(Answer.NO)
