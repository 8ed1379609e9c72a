"""Many requests decided at once, which has to say of each what is said of it alone."""

from __future__ import annotations

import pytest

from decision_cases import cases
from recoverable.policy.bits import Bits, all_of, bits_of
from recoverable.policy.compiled import Matrix, Question, request_of
from recoverable.policy.decision import decide
from recoverable.policy.targets import Target, Targets
from recoverable.truth import Answer

ANSWERS = (Answer.YES, Answer.NO, Answer.UNKNOWN)


@pytest.mark.parametrize("name", ["handwritten.jsonl", "further.jsonl", "random.jsonl"])
def test_a_matrix_says_of_every_case_what_is_decided_of_it(name: str) -> None:
    wrong = {}
    for _, case in cases(name):
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
