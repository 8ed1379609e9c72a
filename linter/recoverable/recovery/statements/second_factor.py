"""Multi-factor authentication: whether it is asked of who ends backups, and of who signs in with long-lived keys, too.

In requests that are signed with long-lived access keys the condition key is absent, not false.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

from __future__ import annotations

from recoverable.policy.guards import MFA_AGE, MFA_PRESENT, guarded, operator_of, unread_conditions
from recoverable.recovery.statements.backup_roles import guarded_by_factor
from recoverable.recovery.statements.beside import had_anyway
from recoverable.recovery.statements.harmful_actions import harm
from recoverable.recovery.statements.holding import holders_of
from recoverable.recovery.statements.relevance import bears_on_powers, powers
from recoverable.recovery.statements.resource_kinds import about, reached
from recoverable.recovery.statements.statement_faults import weighed
from recoverable.recovery.statements.statement_reach import (
    actions_of,
    has_wildcard,
    listed,
    meant_of,
    resources_of,
    tells_nothing,
)
from recoverable.recovery.statements.statement_width import Excess, Pair
from recoverable.truth import Answer, Fact, Truth, every, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyStatement
    from recoverable.estate.principals import Principal
    from recoverable.policy.document import Condition, Policy, Statement

#: What people are in IAM; roles are when a directory of people lets them in.
_PEOPLE = ("user", "group", "permission-set")


def ends_without_factor(item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a statement lets people end backups, by name, with nothing but their credentials."""
    statement = item.statement
    allows = statement.effect.equals("Allow")
    negated = statement.not_action or statement.not_resource
    if allows.answer is Answer.NO or negated or tells_nothing(statement):
        return Truth(Answer.NO)
    certain, open_ = named_ends(statement)
    if not certain and not open_:
        return Truth(Answer.NO)
    people = some([_is_person(principal) for principal, _ in holders_of(item.document, estate)])
    if people.answer is Answer.NO:
        return Truth(Answer.NO)
    asked = had_anyway(item, _asks_for_factor, estate)
    found = Truth(Answer.YES) if certain else some(open_)
    truth = every((found, allows, people, ~guarded(statement), ~asked))
    return weighed("destructive-without-mfa", Excess(truth, certain), item, estate)


def named_ends(statement: Statement) -> tuple[tuple[Pair, ...], list[Truth]]:
    """What ends backups or takes their protection off and is allowed by name: wildcards are told as such."""
    ending = (*harm().destroy, *harm().protection)
    certain: list[Pair] = []
    open_: list[Truth] = []
    for action in actions_of(statement):
        if has_wildcard(action.text):
            continue
        meant = meant_of(action.text, ending)
        for resource in resources_of(statement) if meant else ():
            answers = {
                each: every((Truth(named), Truth(reached(resource.text, about(each))))).answer
                for each, named in meant.items()
            }
            lets = tuple(each for each, answer in answers.items() if answer is Answer.YES)
            if lets:
                certain.append(Pair(action, resource, lets))
            elif Answer.UNKNOWN in answers.values():
                pattern = action if action.text.holes() else resource
                open_.append(
                    unknown(f"{pattern.shown()}, which is not known: {pattern.text.why_open()}", pattern.origin)
                )
        if meant and statement.resources_open:
            open_.append(unknown(f"a resource is not known: {statement.resources_open}", statement.origin))
    if statement.actions_open:
        open_.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    return tuple(certain), open_


def _is_person(principal: Principal) -> Truth:
    """Whether people act as a principal, and no second factor is asked of them when they become it."""
    if principal.subject.kind in _PEOPLE:
        return Truth(Answer.YES)
    trust = principal.trust.known()
    if trust is None:
        return ~principal.trust.holds(lambda policy: policy is None)
    found = [_lets_in_people(statement) for statement in trust.statements]
    return some(found)


def _lets_in_people(statement: Statement) -> Truth:
    allows = statement.effect.equals("Allow")
    saml = [
        each for each in statement.principals if each.type == "Federated" and ":saml-provider/" in each.name.shown()
    ]
    if allows.answer is Answer.NO or not saml:
        return Truth(Answer.NO)
    return every(
        (yes(f"people from {saml[0].name.shown()} take it on", saml[0].origin), allows, ~guarded_by_factor(statement))
    )


def _asks_for_factor(policy: Policy) -> Truth:
    """Whether a policy denies what ends backups to who has shown no second factor."""
    found = [
        every(
            (
                statement.effect.equals("Deny"),
                Truth(listed(statement, harm().destroy[0]).answer),
                _is_about_factor(statement),
            )
        )
        for statement in policy.statements
    ]
    return some(found)


def _is_about_factor(statement: Statement) -> Truth:
    keys = {condition.key.lower() for condition in statement.conditions}
    return Truth(Answer.YES if keys & {MFA_PRESENT, MFA_AGE} else Answer.NO)


# ---- Conditions that forget who has no such key.


def has_hole(item: PolicyStatement) -> Truth:
    """Whether a condition on the second factor lets through who signs in with long-lived keys."""
    statement = item.statement
    if tells_nothing(statement):
        return Truth(Answer.NO)
    found = [_has_hole(condition, item) for condition in statement.conditions if condition.key.lower() == MFA_PRESENT]
    truth = some([*found, unread_conditions(statement)])
    return truth if truth.answer is Answer.NO else every((truth, bears_on_powers(statement)))


def _has_hole(condition: Condition, item: PolicyStatement) -> Truth:
    operator = operator_of(condition)
    statement = item.statement
    if operator.name != "bool":
        return Truth(Answer.NO)
    shown = f"{condition.operator} on {condition.key}"
    if operator.if_exists:
        said = f"{shown} also allows it to requests without that key, which long-lived access keys make"
        better = Fact(f"write instead: Bool on {condition.key}")
        others = tuple(each for each in statement.conditions if each is not condition)
        alone = ~guarded(statement._replace(conditions=others))
        told = yes(said, condition.origin).because(better)
        return every((told, statement.effect.equals("Allow"), _says(condition, "true"), alone))
    if item.document.kind == "vault":
        # Of the policy of a vault, any such way around is told by `vault-denial-has-holes`.
        return Truth(Answer.NO)
    said = f"{shown} does not deny it to requests without that key, which long-lived access keys make"
    closed = some([_closes(other, statement) for other in item.document.policy.statements if other is not statement])
    told = yes(said, condition.origin).because(Fact(f"write instead: BoolIfExists on {condition.key}"))
    return every((told, statement.effect.equals("Deny"), _says(condition, "false"), ~closed))


def _says(condition: Condition, wanted: str) -> Truth:
    literals = [value.literal() for value in condition.values]
    if not literals or None in literals:
        return unknown(f"the value of {condition.key} is not known", condition.origin)
    return Truth(Answer.YES if all((literal or "").lower() == wanted for literal in literals) else Answer.NO)


def _closes(other: Statement, statement: Statement) -> Truth:
    """Whether another statement denies the same to requests without the key."""
    asks = [
        _says(condition, "true")
        for condition in other.conditions
        if condition.key.lower() == MFA_PRESENT and operator_of(condition).name == "null"
    ]
    if not asks:
        return Truth(Answer.NO)
    denied = [action for action in powers() if listed(statement, action).answer is not Answer.NO]
    same = every([Truth(listed(other, action).answer) for action in denied])
    return every((some(asks), other.effect.equals("Deny"), same))
