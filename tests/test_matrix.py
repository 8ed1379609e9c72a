"""Many requests decided at once, which has to say of each what is said of it alone."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision_cases import cases
from recoverable.policy.bits import Bits, all_of, bits_of
from recoverable.policy.compiled import Matrix, Question, request_of
from recoverable.policy.decision import decide
from recoverable.policy.request import Present
from recoverable.policy.targets import Target, Targets
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer

if TYPE_CHECKING:
    from recoverable.policy.document import Policy

CASES = [case for name in ("further.jsonl", "random.jsonl") for _, case in cases(name)]
ANSWERS = (Answer.YES, Answer.NO, Answer.UNKNOWN)


@pytest.mark.parametrize("name", ["handwritten.jsonl", "further.jsonl", "random.jsonl"])
def test_a_matrix_says_of_a_case_what_is_decided_of_it(name: str) -> None:
    wrong = {}
    read = [case for _, case in cases(name)]
    for case in read[:: 1 + len(read) // 300]:
        request, layers = case.request, case.layers
        target = Target(request.resource, request.context, request.others, request.account, layers.resource)
        (found,) = Matrix([Question(request.action, Targets([target]))]).row(request.caller, layers)
        if found[0] is not decide(request, layers).answer:
            wrong[case.id] = found[0]

    assert wrong == {}


def test_a_matrix_of_all_cases_agrees_cell_by_cell() -> None:
    """Every caller with its policies, against every resource with its own, over all actions."""
    read = [case for _, case in cases("random.jsonl")][::50]
    targets = Targets(
        [
            Target(each.request.resource, each.request.context, (), each.request.account, each.layers.resource)
            for each in read
        ]
    )
    matrix = Matrix([Question(action, targets) for action in sorted({each.request.action for each in read})])
    wrong = []
    for each in read[::2]:
        for question, row in zip(matrix.questions, matrix.row(each.request.caller, each.layers), strict=True):
            for at, target in enumerate(targets.items):
                request = request_of(question.action, target, each.request.caller)
                alone = decide(request, each.layers._replace(resource=target.policy)).answer
                if row[at] is not alone:
                    wrong.append((each.id, question.action, at, row[at], alone))

    assert wrong == []


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_not_known_is_not_known_in_a_matrix_either(seed: int) -> None:
    """Of resources, callers, policies and layers, some part is a hole, in doubt, or left open."""
    dice = random.Random(seed)
    chosen = dice.sample(CASES, 5)
    items = [
        Target(
            _blurred(each.request.resource, dice),
            each.request.context if dice.random() < 0.5 else each.request.context._replace(open="it is open"),
            (Text((Hole("", f"app.yaml#T{at}.Arn", type="AWS::DynamoDB::Table"),)),) if dice.random() < 0.3 else (),
            each.request.account,
            each.layers.resource,
            "there may be more" if dice.random() < 0.2 else "",
        )
        for at, each in enumerate(chosen)
    ]
    targets, others = Targets(items), Targets(items[:2])
    matrix = Matrix([Question(dice.choice(chosen).request.action, dice.choice((targets, others))) for _ in range(4)])
    for each in chosen:
        who = each.request.caller
        if dice.random() < 0.3:
            who = who._replace(arn=_blurred(who.arn, dice), keys={"aws:principaltag/env": Present((joined("dev"),))})
        layers = each.layers._replace(
            identity=tuple(
                one._replace(
                    doubt="it may not hang there" if dice.random() < 0.2 else "", policy=_opened(one.policy, dice)
                )
                for one in each.layers.identity
            ),
            identity_open="more" if dice.random() < 0.2 else "",
            boundary_open="more" if dice.random() < 0.2 else "",
            service_control_open="more" if dice.random() < 0.2 else "",
            resource_control_open="more" if dice.random() < 0.2 else "",
            management=dice.choice(ANSWERS),
        )
        for question, row in zip(matrix.questions, matrix.row(who, layers), strict=True):
            for at, target in enumerate(question.targets.items):
                whole = layers._replace(resource=target.policy, resource_open=target.policy_open)
                assert row[at] is decide(request_of(question.action, target, who), whole).answer


def _blurred(text: Text, dice: random.Random) -> Text:
    whole = text.literal() or ""
    first, last = sorted((dice.randint(0, len(whole)), dice.randint(0, len(whole))))
    return joined(whole[:first], Hole("it is not known"), whole[last:]) if dice.random() < 0.4 else text


def _opened(policy: Policy, dice: random.Random) -> Policy:
    statements = tuple(
        each._replace(
            resources=tuple(_blurred(one, dice) for one in each.resources),
            actions=tuple(_blurred(one, dice) for one in each.actions),
            resources_open="a parameter" if dice.random() < 0.1 else "",
            actions_open="a parameter" if dice.random() < 0.1 else "",
            conditions_open="a parameter" if dice.random() < 0.1 else "",
        )
        for each in policy.statements
    )
    return policy._replace(statements=statements, version_open="a parameter" if dice.random() < 0.1 else "")


@pytest.mark.parametrize("one", ANSWERS)
@pytest.mark.parametrize("other", ANSWERS)
def test_bits_are_kleenes(one: Answer, other: Answer) -> None:
    order = {Answer.NO: 0, Answer.UNKNOWN: 1, Answer.YES: 2}
    first, second = bits_of([one], 1), bits_of([other], 1)

    assert (first & second)[0] is min(one, other, key=order.__getitem__)
    assert (first | second)[0] is max(one, other, key=order.__getitem__)
    assert (~first)[0] is {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(one, one)
    assert first == all_of(one, 1)
    assert first.only(other) == Bits((first & second).sure, (first & second).possible, 1)
