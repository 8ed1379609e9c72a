"""Whether the Condition block of a statement holds for a request: yes, no, or unknown with what it depends on.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

from recoverable.policy.comparisons import COMPARISONS
from recoverable.policy.request import MANY, Present
from recoverable.policy.variables import filled
from recoverable.text import Hole, Text
from recoverable.truth import Answer, Fact, Truth, every
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.comparisons import Comparison
    from recoverable.policy.document import Condition, Statement
    from recoverable.policy.request import Context

_YES, _NO, _UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


class Operator(NamedTuple):
    """`StringNotLikeIfExists` under `ForAllValues:`, taken apart. `comparison` is None for Null."""

    quantifier: str
    comparison: Comparison | None
    negated: bool
    if_exists: bool


def holds(statement: Statement, context: Context, *, variables: Answer) -> Truth:
    """Whether all conditions of a statement hold. `variables`: whether its policy has variables."""
    truths = [
        condition_holds(condition, context, variables=variables)
        for condition in statement.conditions
        # What could not be read of the conditions may be the values of one that has none.
        if condition.values or not statement.conditions_open
    ]
    if statement.conditions_open:
        said = f"the conditions are not all known: {statement.conditions_open}"
        truths.append(Truth(_UNKNOWN, (Fact(said, statement.origin),)))
    return every(truths)


def condition_holds(condition: Condition, context: Context, *, variables: Answer) -> Truth:
    """Whether one line of a Condition block holds; the fact names operator, key and place."""
    shown = f"{condition.operator} {condition.key}"
    operator = read_operator(condition.operator)
    if operator is None:
        return Truth(_UNKNOWN, (Fact(f"{condition.operator} is no condition operator of IAM", condition.origin),))
    found = context.find(condition.key)
    if isinstance(found, str):
        answer = _of_open_key(operator, condition, context, variables=variables)
        said = f"{shown} depends on the request: {found}"
    elif found is None:
        answer = _of_absent_key(operator, condition, context, variables=variables)
        said = f"{shown}: the request has no such key"
    else:
        answer = _of_present_key(operator, condition, found, context, variables=variables)
        said = f"{shown}: the request has {', '.join(value.shown() for value in found.values)}"
    if answer is _UNKNOWN and not isinstance(found, str):
        said = f"{said}; what it is compared with is not known"
    return Truth(answer, (Fact(said, condition.origin),))


def read_operator(written: str) -> Operator | None:
    """An operator taken apart, None if IAM has no such operator."""
    name = written.lower()
    quantifier = ""
    for prefix in ("forallvalues", "foranyvalue"):
        if name.startswith(f"{prefix}:"):
            quantifier, name = prefix, name[len(prefix) + 1 :]
    if name == "null":
        return None if quantifier else Operator("", None, negated=False, if_exists=False)
    if_exists = name.endswith("ifexists")
    known = COMPARISONS.get(name.removesuffix("ifexists"))
    return None if known is None else Operator(quantifier, known[0], known[1], if_exists)


def _of_absent_key(operator: Operator, condition: Condition, context: Context, *, variables: Answer) -> Answer:
    if operator.comparison is None:
        return _null(condition, context, absent=True, variables=variables)
    if operator.if_exists or operator.quantifier == "forallvalues":
        return _YES
    if operator.quantifier == "foranyvalue":
        return _NO
    return _YES if operator.negated else _NO


def _of_open_key(operator: Operator, condition: Condition, context: Context, *, variables: Answer) -> Answer:
    """What holds whether the key is there or not, and whatever its value is."""
    some = Present((Text((Hole("its value is not known"),)),), many=bool(operator.quantifier))
    there = _of_present_key(operator, condition, some, context, variables=variables)
    if there is _YES and not operator.quantifier and operator.comparison is not None and condition.key.lower() in MANY:
        there = _UNKNOWN
    away = _of_absent_key(operator, condition, context, variables=variables)
    return there if there is away else _UNKNOWN


def _of_present_key(
    operator: Operator, condition: Condition, present: Present, context: Context, *, variables: Answer
) -> Answer:
    comparison = operator.comparison
    if comparison is None:
        return _null(condition, context, absent=False, variables=variables)
    if present.many and not operator.quantifier:
        return _NO  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    wanted = [filled(value, context, variables=variables, wild=comparison.wild) for value in condition.values]
    answers = []
    for value in present.values:
        # A variable without a value equals nothing, so that a negated operator holds.
        answer = _any([_NO if pattern is None else comparison.compare(pattern, value) for pattern in wanted])
        answers.append(_not(answer) if operator.negated else answer)
    return _all(answers) if operator.quantifier == "forallvalues" else _any(answers)


def _null(condition: Condition, context: Context, *, absent: bool, variables: Answer) -> Answer:
    answers = []
    for value in condition.values:
        pattern = filled(value, context, variables=variables, wild=False)
        whole = pattern[0] if pattern and len(pattern) == 1 and isinstance(pattern[0], str) else None
        if whole is None or whole.lower() not in {"true", "false"}:
            answers.append(_NO if pattern is None else _UNKNOWN)
        else:
            answers.append(_YES if (whole.lower() == "true") is absent else _NO)
    return _any(answers)


def _any(answers: list[Answer]) -> Answer:
    return _YES if _YES in answers else _UNKNOWN if _UNKNOWN in answers else _NO


def _all(answers: list[Answer]) -> Answer:
    return _NO if _NO in answers else _UNKNOWN if _UNKNOWN in answers else _YES


def _not(answer: Answer) -> Answer:
    return _NO if answer is _YES else _YES if answer is _NO else _UNKNOWN
