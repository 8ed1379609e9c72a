"""Whether somebody can do something to a table: the answer, what it lacks, and what decides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from permissions import ACCOUNT, REGION, TABLE, allow, answer, ask, ask_bare, deny, estate, policy

if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.recovery.access.capabilities import Verdict

FIXTURES = Path(__file__).parents[1] / "fixtures" / "policies"
SEVEN = ["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"]
FILLING = [f"dynamodb:{each}" for each in SEVEN]

STORY = """\
    Resources:
      Key:
        Type: AWS::KMS::Key
        Properties:
          KeyPolicy:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
                Action: kms:*
                Resource: "*"
      Orders:
        Type: AWS::DynamoDB::Table
        Properties:
          TableName: orders
          PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
          SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !GetAtt Key.Arn}
      Made:
        Type: AWS::DynamoDB::Table
      Vault:
        Type: AWS::Backup::BackupVault
        Properties:
          BackupVaultName: main
          AccessPolicy:
            Version: "2012-10-17"
            Statement:
              - Sid: NoDeletion
                Effect: Deny
                Principal: "*"
                Action: [backup:DeleteRecoveryPoint, backup:UpdateRecoveryPointLifecycle]
                Resource: "*"
                Condition: {ArnNotLike: {aws:PrincipalArn: "arn:aws:iam::*:role/breakglass"}}
      Plan:
        Type: AWS::Backup::BackupPlan
        Properties:
          BackupPlan: {BackupPlanName: daily, BackupPlanRule: [{RuleName: nightly, TargetBackupVault: !Ref Vault}]}
      Selection:
        Type: AWS::Backup::BackupSelection
        Properties:
          BackupPlanId: !Ref Plan
          BackupSelection:
            SelectionName: all
            IamRoleArn: !GetAtt BackupRole.Arn
            Resources: [!GetAtt Orders.Arn, !GetAtt Made.Arn]
      BackupRole:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement: [{Effect: Allow, Principal: {Service: backup.amazonaws.com}, Action: sts:AssumeRole}]
          ManagedPolicyArns:
            - arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup
            - arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores
      Ops:
        Type: AWS::IAM::Role
        Properties:
          RoleName: ops
          AssumeRolePolicyDocument:
            Statement:
              - {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: sts:AssumeRole}
          Policies:
            - PolicyName: restore
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Sid: Restore, Effect: Allow, Action: "backup:StartRestoreJob", Resource: "*"}
                  - Sid: Pass
                    Effect: Allow
                    Action: iam:PassRole
                    Resource: !GetAtt BackupRole.Arn
                    Condition: {StringEquals: {iam:PassedToService: backup.amazonaws.com}}
                  - {Effect: Allow, Action: "backup:DeleteRecoveryPoint", Resource: "*"}
      Dev:
        Type: AWS::IAM::User
        Properties:
          UserName: dev
          Policies:
            - PolicyName: assume
              PolicyDocument:
                Statement: [{Effect: Allow, Action: "sts:AssumeRole", Resource: !GetAtt Ops.Arn}]
      Guest:
        Type: AWS::IAM::User
        Properties: {UserName: guest}
      Admin:
        Type: AWS::IAM::Role
        Properties:
          RoleName: admin
          AssumeRolePolicyDocument:
            Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
          ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]
      BreakGlass:
        Type: AWS::IAM::Role
        Properties:
          RoleName: breakglass
          AssumeRolePolicyDocument:
            Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
          Policies:
            - PolicyName: delete
              PolicyDocument:
                Statement: [{Effect: Allow, Action: "backup:DeleteRecoveryPoint", Resource: "*"}]
"""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    return estate(tmp_path_factory.mktemp("story"), app=STORY)


def webseries(name: str = "webseries") -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return document


def missing(verdict: Verdict) -> list[tuple[str, str]]:
    return [(step.action, step.resource.shown()) for step in verdict.best.missing()]


# ---- The policy that is copied from page to page.


def test_the_well_known_policy_backs_up() -> None:
    assert answer(ask_bare(webseries(), "back-up")) == "yes"


def test_the_well_known_policy_cannot_restore_and_all_that_it_lacks_is_told_at_once() -> None:
    verdict = ask_bare(webseries(), "restore")

    assert answer(verdict) == "no"
    assert verdict.best.mode.name == "native-backup"
    assert missing(verdict) == [
        ("dynamodb:RestoreTableFromBackup", f"{TABLE}/backup/*"),
        *((action, f"{TABLE}-restored") for action in FILLING),
    ]
    assert verdict.own_name


@pytest.mark.parametrize(
    ("name", "strict", "expected"),
    [("fixed", False, "yes"), ("fixed", True, "no"), ("fixed-strict", False, "yes"), ("fixed-strict", True, "yes")],
)
def test_the_fixed_policy_restores_and_the_strict_one_by_the_letter_too(name: str, strict: bool, expected: str) -> None:
    assert answer(ask_bare(webseries(f"webseries-{name}"), "restore", strict=strict)) == expected


# ---- The name of the new table.


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["WebSeries-restored"], "WebSeries-restored"),
        (["recovered-*"], "recovered-"),
        (["*-copy"], "-copy"),
        (["WebSeries"], None),
        (["Web??????"], "WebWWWWWW"),
        (["Web*"], "WebSeries-restored"),
    ],
)
def test_some_name_that_is_granted_will_do(names: list[str], expected: str | None) -> None:
    head = TABLE.removesuffix("WebSeries")
    verdict = ask_bare(
        policy(
            allow("dynamodb:RestoreTableFromBackup", f"{TABLE}/backup/*"),
            allow(FILLING, [f"{head}{name}" for name in names]),
        ),
        "restore",
        mode="native-backup",
    )

    assert answer(verdict) == ("no" if expected is None else "yes")
    if expected is not None:
        assert verdict.best.new_name is not None
        assert verdict.best.new_name.shown() == expected


def test_all_seven_must_be_granted_on_one_and_the_same_name() -> None:
    head = TABLE.removesuffix("WebSeries")
    statements = (
        allow("dynamodb:RestoreTableFromBackup", f"{TABLE}/backup/*"),
        allow(FILLING[:3], f"{head}prod-*"),
    )

    assert answer(ask_bare(policy(*statements, allow(FILLING[3:], f"{head}*-restored")), "restore")) == "yes"
    assert answer(ask_bare(policy(*statements, allow(FILLING[3:], f"{head}test-*")), "restore")) == "no"


def test_a_name_that_a_denial_spares_will_do() -> None:
    head = TABLE.removesuffix("WebSeries")
    verdict = ask_bare(
        policy(
            allow("dynamodb:RestoreTableFromBackup", f"{TABLE}/backup/*"),
            allow(FILLING, [f"{TABLE}-restored*", f"{head}spare*"]),
            deny("dynamodb:PutItem", f"{TABLE}*"),
        ),
        "restore",
    )

    assert verdict.best.new_name is not None
    assert (answer(verdict), verdict.best.new_name.shown()) == ("yes", "spare")


# ---- Some backup is enough, and conditions count.


def test_a_grant_on_one_backup_restores_that_one() -> None:
    one = f"{TABLE}/backup/01489173575360-b308cd7d"
    document = policy(allow("dynamodb:RestoreTableFromBackup", one), allow(FILLING, f"{TABLE}-restored"))

    assert answer(ask_bare(document, "restore")) == "yes"


def test_a_denial_of_one_backup_leaves_the_others() -> None:
    one = f"{TABLE}/backup/01489173575360-b308cd7d"
    document = policy(allow("dynamodb:*", "*"), deny("dynamodb:DeleteBackup", one))

    assert answer(ask_bare(document, "destroy-backups", mode="native")) == "yes"


def test_a_restore_from_certain_addresses_only_is_cancelled() -> None:
    home = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    trap = policy(allow("dynamodb:*", "*"), deny(FILLING, "*", home))
    spared = policy(allow("dynamodb:*", "*"), deny(FILLING, "*", {**home, "Bool": {"aws:ViaAWSService": "false"}}))

    assert answer(ask_bare(trap, "restore", mode="native-backup")) == "no"
    assert answer(ask_bare(spared, "restore", mode="native-backup")) == "yes"


def test_what_depends_on_the_request_depends() -> None:
    document = policy(allow("dynamodb:CreateBackup", TABLE, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    verdict = ask_bare(document, "back-up", mode="native")

    assert answer(verdict) == "depends"
    assert any("aws:MultiFactorAuthPresent" in fact.text for fact in verdict.truth.facts)


# ---- An estate: keys, vaults, roles.


@pytest.mark.parametrize(
    ("who", "what", "expected"),
    [
        ("admin", "restore", "yes"),
        ("ops", "restore", "yes"),
        ("dev", "restore", "yes"),
        ("guest", "restore", "no"),
        ("ops", "back-up", "no"),
        ("ops", "destroy-backups", "no"),
        ("breakglass", "destroy-backups", "yes"),
        ("admin", "export", "yes"),
    ],
)
def test_the_estate_answers(story: Estate, who: str, what: str, expected: str) -> None:
    assert answer(ask(story, who, what, "orders")) == expected


def test_a_role_that_can_be_taken_on_is_named(story: Estate) -> None:
    assert ask(story, "dev", "restore", "orders").through == ("Ops",)


def test_the_vaults_policy_denies_and_is_the_layer_that_blocks(story: Estate) -> None:
    (way,) = ask(story, "ops", "destroy-backups", "orders", mode="delete-points").ways
    (step,) = way.missing()

    assert step.decision.blocked_by == ("resource policy",)
    assert [one.statement.sid for one in step.decision.deciding] == ["NoDeletion"]


def test_whoever_may_rewrite_the_vaults_policy_is_not_held_by_it(story: Estate) -> None:
    verdict = ask(story, "admin", "destroy-backups", "orders")
    held = {way.mode.name: way.truth.answer.value for way in verdict.ways}

    assert (held["delete-points"], held["rewrite-vault-policy"]) == ("no", "yes")


def test_without_point_in_time_recovery_nothing_is_restored_from_it(story: Estate) -> None:
    (way,) = ask(story, "admin", "restore", "Made", mode="point-in-time").ways

    assert not way.possible()


BOUNDED = """\
    Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties: {TableName: orders}
      Limit:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, NotAction: "dynamodb:Scan", Resource: "*"}]
      Ops:
        Type: AWS::IAM::Role
        Properties:
          RoleName: ops
          PermissionsBoundary: !Ref Limit
          AssumeRolePolicyDocument:
            Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
          Policies:
            - PolicyName: all
              PolicyDocument:
                Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: "*"}]
"""


def test_a_boundary_takes_one_of_the_seven_away_and_is_named(tmp_path: Path) -> None:
    verdict = ask(estate(tmp_path, app=BOUNDED), "ops", "restore", "orders", mode="native-backup")

    assert missing(verdict)[0][0] == "dynamodb:Scan"
    assert verdict.best.missing()[0].decision.blocked_by == ("permissions boundary",)


GUARDED = """\
    Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties: {TableName: orders}
      Guard:
        Type: AWS::Organizations::Policy
        Properties:
          Type: SERVICE_CONTROL_POLICY
          Name: no-deletion
          TargetIds: [r-abcd]
          Content:
            Version: "2012-10-17"
            Statement: [{Sid: Stop, Effect: Deny, Action: "dynamodb:DeleteBackup", Resource: "*"}]
      Ops:
        Type: AWS::IAM::Role
        Properties:
          RoleName: ops
          AssumeRolePolicyDocument:
            Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
          Policies:
            - PolicyName: all
              PolicyDocument:
                Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: "*"}]
"""


def test_a_service_control_policy_denies(tmp_path: Path) -> None:
    read = estate(tmp_path, app=GUARDED)
    verdict = ask(read, "ops", "destroy-backups", "orders", mode="native")

    assert answer(verdict) == "no"
    assert verdict.best.missing()[0].decision.blocked_by == ("service control policy",)
    assert answer(ask(read, "ops", "back-up", "orders")) == "yes"


def test_the_account_of_a_bare_policy_is_that_of_the_table() -> None:
    other = policy(allow("dynamodb:CreateBackup", TABLE.replace(ACCOUNT, "999988887777")))

    assert answer(ask_bare(other, "back-up")) == "no"
    assert REGION in TABLE
