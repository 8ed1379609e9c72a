"""Rules about AWS Backup's roles, about people, and about policies that AWS wrote."""

from __future__ import annotations

import pytest

from statements import LAMBDA, PERMISSIONS, deny, managed, report, role, statement

BACKUP = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}
POINTS = "arn:aws:backup:eu-west-1:111122223333:recovery-point:*"
BACKUPS = "arn:aws:dynamodb:eu-west-1:111122223333:table/*/backup/*"


def aws(name: str) -> str:
    return f"arn:aws:iam::aws:policy/{name}"


def names(resources: dict[str, object]) -> list[str]:
    return sorted(finding.rule.name for finding in report(resources).findings)


# Policies that AWS wrote: told once, at the attachment, and only for what they are too wide in.


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ("AdministratorAccess", ["everything-allowed"]),
        ("PowerUserAccess", ["allow-with-not-action"]),
        ("AWSBackupFullAccess", ["backup-service-wildcard"]),
        ("AmazonDynamoDBFullAccess", ["dynamodb-service-wildcard"]),
        ("AWSBackupOperatorAccess", []),
        ("AmazonDynamoDBReadOnlyAccess", []),
        ("service-role/AWSBackupServiceRolePolicyForBackup", []),
        ("service-role/AWSBackupServiceRolePolicyForRestores", []),
    ],
)
def test_a_policy_of_aws_is_one_finding_at_most(policy: str, found: list[str]) -> None:
    made = report({"Ops": role(ManagedPolicyArns=[aws(policy)], trust=LAMBDA)})

    assert [finding.rule.name for finding in made.findings] == found
    assert made.undetermined == ()


def test_who_has_a_policy_of_aws_is_told_to_take_another() -> None:
    (finding,) = report({"Ops": role(ManagedPolicyArns=[aws("AdministratorAccess")], trust=LAMBDA)}).findings

    assert finding.facts[-1].text == "AWS wrote it: attach another policy in its place"
    assert finding.origin.start() == "app.json:23:6"


def test_a_denial_takes_away_what_a_policy_of_aws_allows() -> None:
    ops = role(deny(["dynamodb:Delete*", "dynamodb:Update*"]), ManagedPolicyArns=[aws("AmazonDynamoDBFullAccess_v2")])

    assert [finding.rule.name for finding in report({"Ops": ops}).exempt] == ["dynamodb-service-wildcard"]


# Roles of AWS Backup.


def test_what_a_backup_role_need_not_do_is_found() -> None:
    assert names({"Backup": role(statement("backup:DeleteRecoveryPoint", POINTS), trust=BACKUP)}) == [
        "backup-role-can-delete"
    ]
    assert names({"Other": role(statement("backup:DeleteRecoveryPoint", POINTS), trust=LAMBDA)}) == []


def test_expired_backups_are_deleted_with_the_role_unless_the_features_are_on() -> None:
    backup = {"Backup": role(statement("dynamodb:DeleteBackup", BACKUPS), trust=BACKUP)}

    assert [finding.rule.name for finding in report(backup).undetermined] == ["backup-role-can-delete"]


def test_a_backup_role_works_on_what_the_plans_say() -> None:
    wide = statement(["dynamodb:StartAwsBackupJob", "backup:CopyFromBackupVault"])

    assert names({"Backup": role(wide, trust=BACKUP)}) == []
    assert names({"Both": role(wide, trust={"Statement": [*BACKUP["Statement"], *LAMBDA["Statement"]]})}) == [
        "backup-actions-on-everything", "backup-role-assumable",
    ]  # fmt: skip


def test_a_role_that_is_no_backup_role_is_assumed_by_whom_it_likes() -> None:
    assert (
        names({"Other": role(trust={"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]})})
        == []
    )


# People.


SAML = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/directory"},
            "Action": "sts:AssumeRoleWithSAML",
        }
    ]
}


def test_people_are_users_groups_and_those_of_a_directory() -> None:
    deleting = managed(statement("backup:DeleteRecoveryPoint", POINTS))
    attached = {"ManagedPolicyArns": [{"Ref": "Delete"}]}

    for kind, found in (("User", True), ("Group", True)):
        holder = {"Type": f"AWS::IAM::{kind}", "Properties": attached}
        assert ("destructive-without-mfa" in names({"Delete": deleting, "Who": holder})) is found
    assert names({"Delete": deleting, "Who": role(trust=SAML, **attached)}) == ["destructive-without-mfa"]
    assert names({"Delete": deleting, "Who": role(trust=LAMBDA, **attached)}) == []


def test_the_worst_rules_are_marked() -> None:
    critical = {rule.name for rule in PERMISSIONS if rule.critical}

    assert {"everything-allowed", "backup-role-assumable"} <= critical


def test_a_policy_of_aws_that_sam_calls_by_its_name_is_known_too() -> None:
    function = {"Type": "AWS::Serverless::Function", "Properties": {"Policies": ["AmazonDynamoDBFullAccess"]}}
    (finding,) = report({"Shop": function}).findings

    assert finding.rule.name == "dynamodb-service-wildcard"
    assert finding.facts[-1].text.startswith("AWS wrote it")
