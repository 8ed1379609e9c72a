"""Decisions about requests: the cases in `fixtures/decisions`, and what holds of all of them."""

from __future__ import annotations

import pytest

from decision_cases import TABLE, allow, case, cases, decided, deny, policy, request
from recoverable.policy.decision import Decision, Result, decide
from recoverable.policy.document import Policy
from recoverable.policy.layers import Attached
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer


@pytest.mark.parametrize("name", ["handwritten.jsonl", "further.jsonl", "random.jsonl"])
def test_every_case_is_decided_as_aws_does(name: str) -> None:
    wrong = {}
    for written, each in cases(name):
        found = decide(each.request, each.layers).result.value
        wanted = written.get("expect") or written["expected"]
        if found != wanted:
            wrong[each.id] = f"{found}, not {wanted}: {written['why']}"

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


ANY = Hole("any of them")


def _asked(resource: Text, *statements: dict[str, object], action: str = "dynamodb:DeleteBackup") -> Decision:
    """About a resource of which parts are open, by one identity policy."""
    made = case(request=request(action), identityPolicies=[policy(*statements)])
    return decide(made.request._replace(resource=resource), made.layers)


def test_a_part_of_a_resource_that_is_open_stands_for_any() -> None:
    backup = joined(TABLE, "/backup/", ANY)

    assert _asked(backup, allow(resource=f"{TABLE}/backup/*")).result is Result.ALLOWED
    assert _asked(backup, allow(resource=f"{TABLE}/backup/01*")).result is Result.DEPENDS
    assert _asked(backup, allow(resource=TABLE)).result is Result.IMPLICITLY_DENIED
    assert _asked(backup, allow(), deny(resource=f"{TABLE}*")).result is Result.EXPLICITLY_DENIED


def test_what_is_open_is_told_with_the_pattern_that_it_is_compared_with() -> None:
    found = _asked(joined(TABLE, "/backup/", ANY), allow(resource=f"{TABLE}/backup/01*", Sid="Old"))

    assert [each.statement.sid for each in found.deciding] == ["Old"]
    assert [fact.text for fact in found.depends_on] == [
        f"whether {TABLE}/backup/01* covers {TABLE}/backup/${{unknown}} is not known"
    ]


def test_all_texts_that_mean_a_resource_count() -> None:
    symbol = Text((Hole("it is made by the stack", "app.yaml#Orders.Arn", type="AWS::DynamoDB::Table"),))
    made = case(request=request("dynamodb:GetItem"))
    statement = case(request=request(), identityPolicies=[policy(allow())]).layers.identity[0].policy.statements[0]
    granted = Policy((statement._replace(resources=(symbol,)),), None, version="2012-10-17")
    layers = made.layers._replace(identity=(Attached(granted),))

    assert decide(made.request, layers).result is Result.DEPENDS
    assert decide(made.request._replace(others=(symbol,)), layers).result is Result.ALLOWED


def test_wildcards_in_the_actions_of_a_vaults_policy_settle_nothing() -> None:
    vault = "arn:aws:backup:us-east-1:123456789012:backup-vault:prod"
    made = case(
        request=request("backup:DeleteBackupVault", vault),
        identityPolicies=[policy(allow())],
        resourcePolicy=policy(deny("backup:Delete*", Principal="*")),
    )
    resource = made.layers.resource
    assert resource is not None
    known = made.layers._replace(resource=resource._replace(kind="vault"))

    assert decide(made.request, made.layers).result is Result.EXPLICITLY_DENIED
    found = decide(made.request, known)
    assert found.result is Result.DEPENDS
    assert "AWS Backup takes no wildcard in the actions" in found.depends_on[0].text


def test_an_account_that_is_not_known_may_be_the_callers_own() -> None:
    account = Hole("it is deployed somewhere", "AWS::AccountId")
    table = joined("arn:aws:dynamodb:us-east-1:", account, ":table/orders")

    found = _asked(table, allow(), action="dynamodb:GetItem")
    assert found.result is Result.DEPENDS
    assert any("are one account is not known" in fact.text for fact in found.depends_on)


def test_a_layer_that_may_be_there_can_only_take_away() -> None:
    made = case(request=request(), identityPolicies=[policy(allow())])
    nothing = made.layers._replace(identity=())

    assert decide(made.request, made.layers._replace(boundary_open="not read")).result is Result.DEPENDS
    assert decide(made.request, nothing._replace(boundary_open="not read")).result is Result.IMPLICITLY_DENIED
    assert decide(made.request, nothing._replace(identity_open="not read")).result is Result.DEPENDS
