"""Rules about conditions and denials of statements, where their documents do not show it all."""

from __future__ import annotations

import pytest

from statements import LAMBDA, deny, managed, report, role, said, statement

TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
POINTS = "arn:aws:backup:eu-west-1:111122223333:recovery-point:*"
RESTORE = ["dynamodb:RestoreTableToPointInTime", "dynamodb:*Item", "dynamodb:Query", "dynamodb:Scan"]
OFFICE = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}


def found(*statements: dict[str, object], **resources: object) -> dict[str, str]:
    """What is said of a role by rules that are about conditions, or about denials."""
    about = (
        "mfa-denial-has-hole", "condition-always-true", "variable-in-old-version", "wildcard-without-like",
        "source-ip-breaks-restore", "condition-key-never-applies", "denial-incomplete",
    )  # fmt: skip
    return {name: verdict for name, verdict in said(*statements, **resources).items() if name in about}


# Conditions that hold for everybody.


@pytest.mark.parametrize(
    "condition",
    [
        {"ForAllValues:StringEquals": {"aws:PrincipalTag/team": "backup"}},
        {"StringLikeIfExists": {"aws:PrincipalTag/team": "backup"}},
        {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"ArnNotLikeIfExists": {"aws:SourceArn": "arn:aws:iam::111122223333:role/guests"}},
    ],
    ids=str,
)
def test_an_operator_that_holds_without_its_key_is_no_guard(condition: object) -> None:
    assert found(statement("dynamodb:DeleteBackup", f"{TABLE}/backup/*", Condition=condition)) == {
        "condition-always-true": "wrong"
    }


@pytest.mark.parametrize(
    "condition",
    [
        {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}},
        {"StringEqualsIfExists": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/guardian"}},
        {"StringNotEquals": {"aws:ResourceTag/protected": "true"}},
        {"StringEqualsIfExists": {"aws:PrincipalTag/a": "b"}, "StringEquals": {"aws:PrincipalTag/c": "d"}},
    ],
    ids=str,
)
def test_a_key_that_is_always_there_or_another_guard_makes_it_right(condition: object) -> None:
    assert found(statement("dynamodb:DeleteTable", TABLE, Condition=condition)) == {}


def test_conditions_on_items_are_not_what_this_is_about() -> None:
    condition = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]}}

    assert found(statement(["dynamodb:GetItem", "dynamodb:DeleteItem"], TABLE, Condition=condition)) == {}
    assert found(statement("dynamodb:*", TABLE, Condition=condition)) == {"condition-always-true": "wrong"}


# The second factor.


def test_a_denial_without_if_exists_has_a_hole_for_what_it_is_about() -> None:
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}

    assert found(deny("backup:*", Condition=condition)) == {"mfa-denial-has-hole": "wrong"}
    assert found(deny("ec2:*", Condition=condition)) == {}


def test_an_allow_with_if_exists_and_a_guard_beside_has_none() -> None:
    condition = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"aws:PrincipalTag/a": "b"}}

    assert found(statement("dynamodb:DeleteTable", TABLE, Condition=condition)) == {}


# Addresses.


def test_a_denial_in_another_policy_of_who_restores_is_found() -> None:
    resources = {
        "Office": managed(deny("*", Condition=OFFICE)),
        "Ops": role(statement(RESTORE, TABLE), ManagedPolicyArns=[{"Ref": "Office"}]),
    }

    made = report(resources, rules=["source-ip-breaks-restore"])
    assert [finding.subject.address for finding in made.findings] == ["Office"]


def test_who_cannot_restore_is_not_asked_for_addresses() -> None:
    assert found(statement("dynamodb:*Item", TABLE), deny("*", Condition=OFFICE)) == {}


def test_a_policy_of_aws_that_restores_counts() -> None:
    ops = role(
        deny("*", Condition=OFFICE),
        ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"],
        trust=LAMBDA,
    )

    assert "source-ip-breaks-restore" in {finding.rule.name for finding in report({"Ops": ops}).findings}


def test_what_is_allowed_from_everywhere_as_well_is_right() -> None:
    office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}

    assert found(statement(RESTORE, TABLE, Condition=office)) == {"source-ip-breaks-restore": "wrong"}
    assert found(statement(RESTORE, TABLE, Condition=office), statement(RESTORE, TABLE)) == {}


# Keys that are never there.


def test_a_key_of_another_service_voids_what_stands_beside_it() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
    both = statement(["backup:StartRestoreJob", "iam:PassRole"], Condition=condition)

    assert found(both) == {"condition-key-never-applies": "wrong"}
    assert found(both, statement("backup:StartRestoreJob", POINTS)) == {}
    assert found(statement("iam:PassRole", Condition=condition)) == {}


def test_a_table_has_tags_and_a_backup_has_none() -> None:
    tagged = {"StringEquals": {"aws:ResourceTag/team": "shop"}}

    assert found(statement("dynamodb:CreateBackup", TABLE, Condition=tagged)) == {}
    assert found(statement("dynamodb:RestoreTableFromBackup", f"{TABLE}/backup/*", Condition=tagged)) == {
        "condition-key-never-applies": "wrong"
    }


# Versions and wildcards.


def test_a_star_for_itself_is_no_wildcard() -> None:
    key = "aws:PrincipalTag/team"

    assert found(statement("kms:Decrypt", Condition={"StringEquals": {key: "${*}"}})) == {}
    assert found(statement("kms:Decrypt", Condition={"ForAnyValue:StringEqualsIgnoreCase": {key: "a?"}})) == {
        "wildcard-without-like": "wrong"
    }
    assert found(statement("s3:GetObject", Condition={"StringEquals": {key: "a*"}})) == {}


# Denials that forget.


def service_control(action: object) -> dict[str, object]:
    content = {"Version": "2012-10-17", "Statement": [deny(action)]}
    own = {"Name": "keep", "Type": "SERVICE_CONTROL_POLICY", "Content": content, "TargetIds": ["r-abcd"]}
    return {"Type": "AWS::Organizations::Policy", "Properties": own}


def test_a_service_control_policy_must_name_the_group() -> None:
    some, whole = service_control("backup:DeleteRecoveryPoint"), service_control(["backup:*", "dynamodb:DeleteBackup"])

    assert [finding.rule.name for finding in report({"Keep": some}).findings] == ["denial-incomplete"]
    assert report({"Keep": whole}).findings == ()


def test_what_nobody_allows_need_not_be_denied() -> None:
    assert found(statement("backup:StartBackupJob", POINTS), deny("backup:DeleteRecoveryPoint")) == {}


def test_an_administrator_may_do_what_the_denial_forgets() -> None:
    ops = role(
        deny("backup:DeleteRecoveryPoint"),
        ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"],
        trust=LAMBDA,
    )

    names = {finding.rule.name for finding in report({"Ops": ops}).findings}
    assert names == {"denial-incomplete", "everything-allowed"}


def test_what_another_policy_denies_is_not_forgotten() -> None:
    resources = {
        "More": managed(deny(["backup:UpdateRecoveryPointLifecycle", "dynamodb:DeleteBackup"])),
        "Ops": role(
            statement(["backup:*", "dynamodb:*"]),
            deny("backup:DeleteRecoveryPoint"),
            ManagedPolicyArns=[{"Ref": "More"}],
        ),
    }

    assert report(resources, rules=["denial-incomplete"]).findings == ()
