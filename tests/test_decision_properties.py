"""What holds of every decision, whatever the policies: over the cases of `fixtures/decisions`, changed at random."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision_cases import FOLDER
from recoverable.policy.decision import Result, decide
from recoverable.policy.request import Present
from recoverable.read.cases import read_case
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer

if TYPE_CHECKING:
    from recoverable.read.cases import Case

LINES = [
    line
    for name in ("handwritten.jsonl", "further.jsonl", "random.jsonl")
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()
]
SINGLE = ("sessionPolicy", "resourcePolicy")
LISTS = ("identityPolicies", "permissionBoundaries")
LEVELS = ("serviceControlPolicies", "resourceControlPolicies")

CASES = st.sampled_from(LINES)
SEEDS = st.integers(0, 2**32)
FEW = settings(max_examples=100, deadline=None)


def read(case: dict[str, Any]) -> Case:
    return read_case(json.dumps(case), "case.jsonl", 1)


def answer(case: Case) -> Answer:
    return decide(case.request, case.layers).answer


def result(case: dict[str, Any]) -> Result:
    made = read(case)
    return decide(made.request, made.layers).result


def policies(case: dict[str, Any], *layers: str) -> list[dict[str, Any]]:
    """The policies of a case, of some layers or of all, as they stand in it."""
    wanted = layers or (*SINGLE, *LISTS, *LEVELS)
    found = [case[name] for name in SINGLE if name in wanted and case.get(name)]
    found += [policy for name in LISTS if name in wanted for policy in case.get(name) or ()]
    found += [policy for name in LEVELS if name in wanted for level in case.get(name) or () for policy in level]
    return found


def statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements of a policy, which has a list of them from now on."""
    if isinstance(policy["Statement"], dict):
        policy["Statement"] = [policy["Statement"]]
    found: list[dict[str, Any]] = policy["Statement"]
    return found


@FEW
@given(CASES, SEEDS)
def test_adding_a_deny_never_allows(line: str, seed: int) -> None:
    dice, case = random.Random(seed), json.loads(line)
    before = result(case)
    chosen = policies(case)
    if not chosen:
        return
    other = dice.choice(statements(dice.choice(policies(json.loads(dice.choice(LINES))) or chosen)))
    policy = dice.choice(chosen)
    statements(policy).insert(0, {**other, "Effect": "Deny"})

    after = result(case)
    assert before is Result.ALLOWED or after is not Result.ALLOWED
    assert before is not Result.EXPLICITLY_DENIED or after is Result.EXPLICITLY_DENIED


@FEW
@given(CASES, SEEDS)
def test_widening_an_allow_never_denies(line: str, seed: int) -> None:
    """Whatever is widened: action, resource, principal or condition."""
    dice, case = random.Random(seed), json.loads(line)
    before = result(case)
    allows = [each for policy in policies(case) for each in statements(policy) if each["Effect"] == "Allow"]
    if not allows:
        return
    chosen = dice.choice(allows)
    match dice.randrange(4):
        case 0:
            chosen.pop("NotAction", None)
            chosen["Action"] = "*"
        case 1 if "Resource" in chosen or "NotResource" in chosen:
            chosen.pop("NotResource", None)
            chosen["Resource"] = "*"
        case 2:
            chosen.pop("Condition", None)
        case _ if "Principal" in chosen and not case["request"]["principal"].endswith(".amazonaws.com"):
            chosen["Principal"] = "*"

    assert before is not Result.ALLOWED or result(case) is Result.ALLOWED


@FEW
@given(CASES, SEEDS)
def test_the_order_of_statements_and_policies_never_matters(line: str, seed: int) -> None:
    dice, case = random.Random(seed), json.loads(line)
    before = result(case)
    for policy in policies(case):
        dice.shuffle(statements(policy))
        for statement in statements(policy):
            for value in statement.values():
                if isinstance(value, list):
                    dice.shuffle(value)
    for name in (*LISTS, *LEVELS):
        dice.shuffle(case.get(name) or [])

    assert result(case) is before


@FEW
@given(CASES, SEEDS)
def test_a_key_that_becomes_unknown_never_turns_an_answer_round(line: str, seed: int) -> None:
    dice, case = random.Random(seed), json.loads(line)
    before = answer(read(case))
    keys = sorted({
        key for policy in policies(case) for each in statements(policy)
        for block in each.get("Condition", {}).values() for key in block
    } | set(case["request"]["context"]))  # fmt: skip
    if not keys:
        return
    unknown = dice.sample(keys, dice.randint(1, len(keys)))
    lowered = {key.lower() for key in unknown}
    request = case["request"]
    request["context"] = {key: value for key, value in request["context"].items() if key.lower() not in lowered}
    request["unknownContext"] = unknown
    after = answer(read(case))

    assert after in {before, Answer.UNKNOWN}


@FEW
@given(CASES, SEEDS)
def test_a_value_of_the_context_that_becomes_a_hole_never_turns_an_answer_round(line: str, seed: int) -> None:
    dice, made = random.Random(seed), read_case(line, "case.jsonl", 1)
    known = made.request.context.known
    if not known:
        return
    key = dice.choice(sorted(known))
    blurred = known[key]._replace(values=tuple(_blurred(value, dice) for value in known[key].values))
    context = made.request.context._replace(known={**known, key: Present(*blurred)})
    after = decide(made.request._replace(context=context), made.layers).answer

    assert after in {answer(made), Answer.UNKNOWN}


def _blurred(text: Text, dice: random.Random) -> Text:
    """A text of which a stretch is not known."""
    whole = text.literal() or ""
    first, last = sorted((dice.randint(0, len(whole)), dice.randint(0, len(whole))))
    return joined(whole[:first], Hole("it is not known"), whole[last:])


@FEW
@given(CASES, SEEDS)
def test_a_resource_of_which_a_part_is_open_is_answered_as_all_that_it_may_be(line: str, seed: int) -> None:
    """A yes or a no of the symbolic request is that of every concrete one."""
    dice, made = random.Random(seed), read_case(line, "case.jsonl", 1)
    whole = made.request.resource.literal() or ""
    # The fields before tell whose the resource is, which is another question.
    begin = whole.rfind(":") + 1 if whole.count(":") >= 5 else len(whole)
    if begin == len(whole):
        return
    first, last = sorted((dice.randint(begin, len(whole)), dice.randint(begin, len(whole))))
    symbolic = made.request._replace(resource=joined(whole[:first], Hole("any"), whole[last:]))
    found = decide(symbolic, made.layers).answer
    if found is Answer.UNKNOWN:
        return
    for filling in (whole[first:last], "", "x", "*", "prod-", "/backup/0", "a:b", "WebSeries"):
        concrete = made.request._replace(resource=joined(whole[:first], filling, whole[last:]))
        assert decide(concrete, made.layers).answer is found


@FEW
@given(CASES, SEEDS)
def test_a_part_of_a_policy_that_becomes_unknown_never_turns_an_answer_round(line: str, seed: int) -> None:
    dice, made = random.Random(seed), read_case(line, "case.jsonl", 1)
    if not made.layers.identity:
        return
    at = dice.randrange(len(made.layers.identity))
    attached = made.layers.identity[at]
    policy = attached.policy
    number = dice.randrange(len(policy.statements))
    old = policy.statements[number]
    match dice.randrange(6):
        case 0:
            new = old._replace(resources=tuple(_blurred(each, dice) for each in old.resources))
        case 1:
            new = old._replace(actions=tuple(_blurred(each, dice) for each in old.actions))
        case 2:
            new = old._replace(actions=old.actions[1:], actions_open="it is a parameter")
        case 3:
            new = old._replace(resources=old.resources[1:], resources_open="it is a parameter")
        case 4:
            new = old._replace(conditions=old.conditions[1:], conditions_open="it is a parameter")
        case _:
            new = old
            policy = policy._replace(version="", version_open="it is a parameter")
    statements_ = tuple(new if each is old else each for each in policy.statements)
    identity = list(made.layers.identity)
    identity[at] = attached._replace(policy=policy._replace(statements=statements_))
    after = decide(made.request, made.layers._replace(identity=tuple(identity))).answer

    assert after in {answer(made), Answer.UNKNOWN}


@pytest.mark.parametrize("layer", ["identity", "boundary", "session", "service_control", "resource"])
def test_that_a_layer_may_hold_more_never_turns_an_answer_round(layer: str) -> None:
    opened: dict[str, Any] = {f"{layer}_open": "it was not read"}
    for line in LINES[::20]:
        made = read_case(line, "case.jsonl", 1)
        after = decide(made.request, made.layers._replace(**opened)).answer

        assert after in {answer(made), Answer.UNKNOWN}
