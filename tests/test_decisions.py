"""Decisions about requests: the cases in `fixtures/decisions`, and what holds of all of them."""

from __future__ import annotations

import pytest

from decision_cases import ALICE, allow, cases, decided, deny, policy, request
from recoverable.policy.decision import Result, decide
from recoverable.truth import Answer


@pytest.mark.parametrize("name", ["handwritten.jsonl", "further.jsonl", "random.jsonl"])
def test_every_case_is_decided_as_aws_does(name: str) -> None:
    wrong = {}
    for written, case in cases(name):
        found = decide(case.request, case.layers).result.value
        wanted = written.get("expect") or written["expected"]
        if found != wanted:
            wrong[case.id] = f"{found}, not {wanted}: {written['why']}"

    assert wrong == {}


def test_a_decision_names_the_statements_that_decide() -> None:
    found = decided(
        request=request(),
        identityPolicies=[policy(allow(Sid="All")), policy(allow("s3:*"), deny("dynamodb:Create*", Sid="No"))],
    )

    assert found.result is Result.EXPLICITLY_DENIED
    assert [(each.layer, each.policy, each.number, each.statement.sid) for each in found.deciding] == [
        ("identity policy", 1, 1, "No")
    ]
    assert found.blocked_by == ("identity policy",)


def test_the_layer_that_does_not_allow_is_named() -> None:
    found = decided(
        request=request(),
        identityPolicies=[policy(allow())],
        permissionBoundaries=[policy(allow("s3:*"))],
        serviceControlPolicies=[[policy(allow())]],
    )

    assert (found.result, found.blocked_by) == (Result.IMPLICITLY_DENIED, ("permissions boundary",))


def test_what_is_not_known_of_the_request_is_what_the_answer_depends_on() -> None:
    found = decided(
        request=request(unknownContext=["aws:SourceIp"]),
        identityPolicies=[policy(allow(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}))],
    )

    assert found.answer is Answer.UNKNOWN
    assert [fact.text for fact in found.depends_on] == [
        "IpAddress aws:SourceIp depends on the request: the case leaves it open"
    ]
    assert ALICE.endswith("alice")
