"""What takes away again what a statement allows: denials, boundaries, service control policies."""

from __future__ import annotations

import pytest

from statements import LAMBDA, deny, managed, report, role, said, statement

TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table"
ALL = ["backup:*", "backup-storage:*"]


def test_a_denial_of_the_same_policy_makes_it_exempt_with_the_reason() -> None:
    made = report({"Ops": role(statement("dynamodb:DeleteBackup"), deny("dynamodb:Delete*", Sid="Keep"))})
    (exempt,) = made.exempt

    assert made.findings == ()
    assert exempt.reason == "what it allows too much of is taken away: statement Keep denies dynamodb:DeleteBackup"


def test_a_denial_in_another_policy_of_the_holder_counts() -> None:
    resources = {
        "Ops": role(statement("backup:*"), ManagedPolicyArns=[{"Ref": "Keep"}]),
        "Keep": managed(deny("backup:*")),
    }

    assert [finding.rule.name for finding in report(resources).exempt] == ["backup-service-wildcard"]


def test_a_denial_must_be_of_all_holders() -> None:
    resources = {
        "All": managed(statement("backup:*")),
        "One": role(deny("backup:*"), ManagedPolicyArns=[{"Ref": "All"}]),
        "Two": role(ManagedPolicyArns=[{"Ref": "All"}]),
    }

    assert [finding.rule.name for finding in report(resources).findings] == ["backup-service-wildcard"]


@pytest.mark.parametrize(
    "condition",
    [
        {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
        {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
    ],
)
def test_a_denial_under_a_condition_takes_nothing_away(condition: dict[str, object]) -> None:
    assert said(statement("backup:*"), deny("backup:*", Condition=condition))["backup-service-wildcard"] == "wrong"


def test_a_denial_on_other_resources_takes_nothing_away() -> None:
    mine, other = f"{TABLE}/Orders/*", f"{TABLE}/Carts/*"

    assert said(statement("dynamodb:*", mine), deny("dynamodb:*", other)) == {"dynamodb-service-wildcard": "wrong"}
    assert said(statement("dynamodb:*", mine), deny("dynamodb:*", f"{TABLE}/O*")) == {
        "dynamodb-service-wildcard": "exempt"
    }


def test_a_denial_of_all_resources_but_these_counts() -> None:
    allowed = statement("dynamodb:*", f"{TABLE}/Orders/*")
    denied = deny("dynamodb:*", NotResource=f"{TABLE}/Carts")
    sparing = deny("dynamodb:*", NotResource=f"{TABLE}/Orders/*")

    assert said(allowed, denied) == {"dynamodb-service-wildcard": "exempt"}
    assert said(allowed, sparing) == {"dynamodb-service-wildcard": "wrong"}


def test_what_is_left_is_named() -> None:
    ops = role(statement("backup:*"), deny("backup:Delete*"))
    made = report({"Ops": ops}, rules=["backup-service-wildcard"])
    (finding,) = made.findings
    first = finding.facts[0].text

    assert "backup:UpdateRecoveryPointLifecycle" in first
    assert "backup:DeleteRecoveryPoint" not in first
    assert any(fact.text.startswith("taken away: backup:DeleteRecoveryPoint") for fact in finding.facts)


def test_a_boundary_that_allows_nothing_of_it_takes_it_away() -> None:
    boundary = {"Limits": managed(statement(["s3:*", "backup:List*"]))}
    ops = role(statement(ALL), PermissionsBoundary={"Ref": "Limits"})

    assert [finding.rule.name for finding in report({"Ops": ops, **boundary}).exempt] == ["backup-service-wildcard"]


def test_a_boundary_that_allows_some_of_it_leaves_that() -> None:
    boundary = {"Limits": managed(statement("backup:UpdateRecoveryPointLifecycle"))}
    (finding,) = report({"Ops": role(statement(ALL), PermissionsBoundary={"Ref": "Limits"}), **boundary}).findings

    assert finding.facts[0].text == "Action is backup:* on *, which allows backup:UpdateRecoveryPointLifecycle"


def test_a_boundary_that_was_not_read_leaves_it_open() -> None:
    ops = role(statement(ALL), PermissionsBoundary="arn:aws:iam::111122223333:policy/limits")

    assert [finding.rule.name for finding in report({"Ops": ops}).undetermined] == ["backup-service-wildcard"]


def test_a_policy_that_was_not_read_is_no_doubt_where_nothing_denies() -> None:
    ops = role(statement(ALL), ManagedPolicyArns=[{"Ref": "Unknown"}])

    assert [finding.rule.name for finding in report({"Ops": ops}).findings] == ["backup-service-wildcard"]


def test_a_policy_that_was_not_read_is_a_doubt_where_something_denies() -> None:
    ops = role(statement(ALL), ManagedPolicyArns=[{"Ref": "Unknown"}])

    assert report({"Ops": ops, "Keep": managed(deny("*"))}).findings == ()


def service_control(*targets: object) -> dict[str, object]:
    content = {"Version": "2012-10-17", "Statement": [deny([*ALL, "dynamodb:DeleteBackup"])]}
    own = {"Name": "keep", "Type": "SERVICE_CONTROL_POLICY", "Content": content, "TargetIds": list(targets)}
    return {"Type": "AWS::Organizations::Policy", "Properties": own}


@pytest.mark.parametrize(
    ("target", "heap"), [("r-abcd", "exempt"), ("ou-abcd-12345678", "undetermined"), ("111122223333", "undetermined")]
)
def test_a_service_control_policy_counts_where_it_is_known_to_be_for_the_account(target: str, heap: str) -> None:
    made = report({"Ops": role(statement(ALL)), "Keep": service_control(target)})

    assert [finding.rule.name for finding in getattr(made, heap)] == ["backup-service-wildcard"]
    assert made.findings == ()


def test_a_deny_alone_gives_nothing() -> None:
    made = report({"Ops": role(deny("*"), deny("dynamodb:DeleteTable"), trust=LAMBDA)})

    assert (made.findings, made.undetermined, made.exempt) == ((), (), ())
