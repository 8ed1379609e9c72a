"""Conditions that do not do what they seem to: that always hold, never hold, or are read letter by letter.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

import re

from recoverable.policy.guards import ALWAYS_PRESENT, MFA_PRESENT, guarded, is_present, operator_of, unread_conditions
from recoverable.recovery.statements.relevance import bears_on_powers, is_about_tables
from recoverable.recovery.statements.statement_reach import resources_of, tells_nothing
from recoverable.truth import Answer, Fact, Truth, every, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Condition, Policy, Statement
    from recoverable.source import Origin
    from recoverable.text import Text

#: A variable of IAM (`${aws:username}`), and what stands for a star, a question mark or a dollar itself.
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
_VARIABLE = re.compile(r"\$\{(?!AWS::)[A-Za-z0-9.-]+:[^{}]*\}|\$\{[*?$]\}")
_ITSELF = re.compile(r"\$\{[*?$]\}")

_OLD_VERSION = "2008-10-17"
_LETTER_BY_LETTER = {"stringequals", "stringnotequals", "stringequalsignorecase", "stringnotequalsignorecase"}


def always_true(statement: Statement) -> Truth:
    """Whether the conditions of an Allow hold for everybody: an operator that holds where the key is absent, alone."""
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO or tells_nothing(statement):
        return Truth(Answer.NO)
    void = some([*(_is_void(each, statement) for each in statement.conditions), unread_conditions(statement)])
    if void.answer is Answer.NO:
        return void
    return every((void, allows, bears_on_powers(statement), ~guarded(statement)))


def _is_void(condition: Condition, statement: Statement) -> Truth:
    operator, key = operator_of(condition), condition.key.lower()
    if operator.name == "null" or not operator.holds_without_key or key in ALWAYS_PRESENT or key == MFA_PRESENT:
        return Truth(Answer.NO)
    if operator.negated and key.startswith("aws:resourcetag/"):
        # "All but those that are tagged as protected" means what has no tag, too.
        return Truth(Answer.NO)
    shown = f"{condition.operator} on {condition.key}"
    present = some([is_present(other, key) for other in statement.conditions])
    said = yes(f"{shown} also holds for requests without that key", condition.origin)
    return every((said.because(Fact(_instead(condition))), ~present))


def _instead(condition: Condition) -> str:
    """What to write in the place of an operator that holds without its key."""
    operator = operator_of(condition)
    if operator.if_exists and not operator.negated:
        return f"write instead: {condition.operator[: -len('IfExists')]} on {condition.key}"
    if operator.negated:
        return f"write instead who may, with a positive operator on {condition.key}"
    return f'add: "Null": {{"{condition.key}": "false"}}'


def variable_in_old_version(statement: Statement, policy: Policy) -> Truth:
    """Whether a statement has policy variables, and its policy a version in which they are mere text."""
    if tells_nothing(statement):
        return Truth(Answer.NO)
    found = [_has_variable(text, where) for text, where in _texts(statement)]
    for why in filter(None, (statement.resources_open, statement.conditions_open)):
        found.append(unknown(f"a text of it is not known: {why}", statement.origin))
    variable = some(found)
    if variable.answer is Answer.NO:
        return Truth(Answer.NO)
    if policy.version_open:
        old = unknown(f"the version of the policy is not known: {policy.version_open}", policy.origin)
    elif policy.version in ("", _OLD_VERSION):
        said = f"its Version is {policy.version}" if policy.version else "it has no Version, which means 2008-10-17"
        old = yes(f"{said}: variables are not replaced", policy.origin).because(
            Fact('write instead: "Version": "2012-10-17"')
        )
    else:
        return Truth(Answer.NO)
    return every((variable, old, is_about_tables(statement)))


def _texts(statement: Statement) -> list[tuple[Text, Origin | None]]:
    found = [(pattern.text, pattern.origin) for pattern in resources_of(statement)]
    found.extend((value, condition.origin) for condition in statement.conditions for value in condition.values)
    return found


def _has_variable(text: Text, origin: Origin | None) -> Truth:
    for part in text.parts:
        variable = _VARIABLE.search(part) if isinstance(part, str) and "${" in part else None
        if variable is not None:
            return yes(f"{variable[0]} in {text.shown()} is a policy variable", origin)
    if any(not hole.stands_for for hole in text.holes()):
        return unknown(f"{text.shown()} is not known: {text.why_open()}", origin)
    return Truth(Answer.NO)


def wildcard_without_like(statement: Statement) -> Truth:
    """Whether a condition compares letter by letter with a text that has a star or a question mark."""
    if tells_nothing(statement):
        return Truth(Answer.NO)
    found = [
        _has_wildcard(value, condition, statement)
        for condition in statement.conditions
        if operator_of(condition).name in _LETTER_BY_LETTER
        for value in condition.values
    ]
    found.extend(
        unknown(f"the values of {condition.operator} on {condition.key} are not known", condition.origin)
        for condition in statement.conditions
        if operator_of(condition).name in _LETTER_BY_LETTER and not condition.values
    )
    truth = some([*found, unread_conditions(statement)])
    return truth if truth.answer is Answer.NO else every((truth, is_about_tables(statement)))


def _has_wildcard(value: Text, condition: Condition, statement: Statement) -> Truth:
    letters = "".join(_ITSELF.sub("", part) for part in value.parts if isinstance(part, str))
    shown = f"{condition.operator} on {condition.key}"
    if "*" in letters or "?" in letters:
        fact = Fact(f"{shown} is {value.shown()}, in which a wildcard is a letter like any other", condition.origin)
        return Truth(Answer.YES, (fact, *_what_comes_of_it(condition, statement)))
    if any(not hole.stands_for for hole in value.holes()):
        return unknown(f"the value of {shown} is not known: {value.why_open()}", condition.origin)
    return Truth(Answer.NO)


def _what_comes_of_it(condition: Condition, statement: Statement) -> tuple[Fact, ...]:
    effect, negated = statement.effect.known(), operator_of(condition).negated
    said = {
        ("Allow", False): "no request has that value, so that nothing is allowed by it",
        ("Allow", True): "every request has another value, so that it restricts nothing",
        ("Deny", False): "no request has that value, so that nothing is denied by it",
        ("Deny", True): "every request has another value, so that nobody is exempt from the denial",
    }.get((effect or "", negated))
    better = condition.operator.replace("EqualsIgnoreCase", "Like").replace("Equals", "Like")
    return (*(() if said is None else (Fact(said),)), Fact(f"write instead: {better} on {condition.key}"))
