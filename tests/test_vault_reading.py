"""Vaults, their locks, policies and notifications, restore testing and audits are read from templates."""

from __future__ import annotations

import pytest

from backups import line, only, resource, said_of, same, short, shown, vault
from recoverable.value import Known, Unknown
from templates import read, read_all, why

PARAMETERS = """\
Parameters:
  Days: {Type: Number}
  Name: {Type: String}
"""


# --- vaults ---------------------------------------------------------------------------------------------------------


def test_a_bare_vault_has_no_protection() -> None:
    found = vault()

    assert (short(found.lock), short(found.key), short(found.policy), short(found.events)) == (None, None, None, None)
    assert found.kept_on_delete is not None
    assert short(found.kept_on_delete) == "Delete"
    assert found.air_gapped is False


def test_a_vault_is_meant_by_its_name_its_arn_and_its_attributes() -> None:
    found = vault()

    assert [name.shown() for name in found.names] == [
        "main",
        "arn:${AWS::Partition}:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:main",
        "${Vault.Ref}",
        "${Vault.BackupVaultName}",
        "${Vault.BackupVaultArn}",
    ]
    assert found.arn == found.names[1]


@pytest.mark.parametrize("reference", ["!Ref Vault", "!GetAtt Vault.BackupVaultName", "main", "!Sub '${Vault}'"])
def test_a_rule_means_the_vault_however_it_names_it(reference: str) -> None:
    resources = "  Vault:\n    Type: AWS::Backup::BackupVault\n    Properties: {BackupVaultName: main}\n"
    template = f"""\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan: {{BackupPlanName: daily, BackupPlanRule: [{{RuleName: nightly, TargetBackupVault: {reference}}}]}}
{resources}"""
    found = read(template).reading

    assert same(only(found.plan_rules).vault.known(), only(found.vaults).names)


def test_vaults_named_after_their_stacks_are_not_each_other() -> None:
    named = "{BackupVaultName: !Ref 'AWS::StackName'}"
    text = f"Resources:\n  Vault:\n    Type: AWS::Backup::BackupVault\n    Properties: {named}\n"
    one, two = read_all({"one.yaml": text, "two.yaml": text}).reading.vaults

    assert not same(only([one]).names[0], only([two]).names)


def test_a_lock_with_a_grace_period_will_be_final() -> None:
    found = vault(
        "LockConfiguration: {MinRetentionDays: 7, MaxRetentionDays: '365', ChangeableForDays: 3}"
    ).lock.known()

    assert found is not None
    assert (short(found.min_days), short(found.max_days), short(found.changeable_for)) == (7, 365, 3)
    assert isinstance(found.final_on.state, Unknown)


def test_a_lock_without_a_grace_period_is_never_final() -> None:
    found = vault("LockConfiguration: {MinRetentionDays: 7}").lock.known()

    assert found is not None
    assert (short(found.changeable_for), short(found.max_days), short(found.final_on)) == (None, None, None)


def test_a_lock_whose_grace_is_not_known_may_be_final() -> None:
    found = vault("LockConfiguration: {MinRetentionDays: 7, ChangeableForDays: !Ref Days}", PARAMETERS).lock.known()

    assert found is not None
    assert "parameter Days" in why(found.changeable_for)
    assert short(found.final_on) == "?"


def test_a_lock_that_is_a_parameter_may_be_there_or_not() -> None:
    assert "parameter Days" in why(vault("LockConfiguration: !Ref Days", PARAMETERS).lock)


def test_an_air_gapped_vault_is_locked_for_good() -> None:
    found = vault("MinRetentionDays: 7\nMaxRetentionDays: 90", kind="LogicallyAirGappedBackupVault")
    lock = found.lock.known()

    assert found.air_gapped is True
    assert lock is not None
    assert (short(lock.min_days), short(lock.max_days), short(lock.changeable_for)) == (7, 90, 0)


def test_the_key_of_a_vault_is_kept_as_text() -> None:
    assert short(vault("EncryptionKeyArn: !GetAtt Key.Arn", "  Key: {Type: AWS::KMS::Key}\n").key) == "${Key.Arn}"


def test_the_key_that_aws_manages_is_no_customer_key() -> None:
    found = vault("EncryptionKeyArn: arn:aws:kms:eu-west-1:111122223333:alias/aws/backup").key

    assert isinstance(found.state, Known)
    assert found.state.value is None


@pytest.mark.parametrize(
    "policy",
    [
        """AccessPolicy: {Statement: [{Effect: Deny, Principal: '*', Action: 'backup:DeleteRecoveryPoint',
          Resource: '*'}]}""",
        """AccessPolicy: '{"Statement": [{"Effect": "Deny", "Principal": "*",
          "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}]}'""",
    ],
    ids=["mapping", "text"],
)
def test_a_policy_is_read_as_a_mapping_or_as_json(policy: str) -> None:
    found = vault(policy).policy.known()

    assert found is not None
    (statement,) = found.statements
    assert short(statement.effect) == "Deny"
    assert [action.shown() for action in statement.actions] == ["backup:DeleteRecoveryPoint"]


def test_a_policy_that_is_a_parameter_is_there_and_open() -> None:
    found = vault("AccessPolicy: !Ref Name", PARAMETERS).policy.known()

    assert found is not None
    assert "parameter Name" in found.open


def test_notifications_name_their_events() -> None:
    found = vault("Notifications: {SNSTopicArn: t, BackupVaultEvents: [BACKUP_JOB_FAILED, COPY_JOB_FAILED]}")

    assert short(found.events) == ("BACKUP_JOB_FAILED", "COPY_JOB_FAILED")


def test_an_event_that_is_not_known_leaves_the_events_unknown() -> None:
    found = vault("Notifications: {SNSTopicArn: t, BackupVaultEvents: [BACKUP_JOB_FAILED, !Ref Name]}", PARAMETERS)

    assert "parameter Name" in why(found.events)


def test_a_vault_that_its_stack_keeps_says_so() -> None:
    text = "Resources:\n  Vault: {Type: AWS::Backup::BackupVault, DeletionPolicy: Retain}\n"
    found = only(read(text).reading.vaults)

    assert found.kept_on_delete is not None
    assert short(found.kept_on_delete) == "Retain"


def test_cloudformation_destroys_no_vault_that_holds_something() -> None:
    assert short(vault().destroyed_with_contents) is False


def test_values_of_a_vault_stand_at_their_lines() -> None:
    found = vault("EncryptionKeyArn: k\nAccessPolicy: {Statement: []}\nLockConfiguration:\n  MinRetentionDays: 7\n")
    first = line(found.subject.name)
    lock = found.lock.known()

    assert lock is not None
    assert (line(found.key) - first, line(found.policy) - first) == (1, 2)
    assert (line(found.lock) - first, line(lock.min_days) - first) == (3, 4)


# --- restore testing ------------------------------------------------------------------------------------------------

TEST_PLAN = """\
RestoreTestingPlanName: monthly
ScheduleExpression: cron(0 7 1 * ? *)
RecoveryPointSelection:
  Algorithm: RANDOM_WITHIN_WINDOW
  IncludeVaults: ["*"]
  ExcludeVaults: [!GetAtt Scratch.BackupVaultArn]
  RecoveryPointTypes: [SNAPSHOT]
"""


def test_a_restore_testing_plan_is_read() -> None:
    rest = "  Scratch: {Type: AWS::Backup::BackupVault}\n"
    found = only(resource("Backup::RestoreTestingPlan", TEST_PLAN, rest).reading.restore_test_plans)

    assert [name.shown() for name in found.names][:2] == ["monthly", "${Thing.Ref}"]
    assert (short(found.schedule), short(found.timezone)) == ("cron(0 7 1 * ? *)", "UTC")
    assert (shown(found.vaults), shown(found.not_vaults)) == (["*"], ["${Scratch.BackupVaultArn}"])
    assert (short(found.point_types), short(found.window_days)) == (("SNAPSHOT",), 30)
    assert short(found.algorithm) == "RANDOM_WITHIN_WINDOW"


def test_a_restore_testing_plan_from_a_parameter_is_open() -> None:
    properties = "RestoreTestingPlanName: monthly\nRecoveryPointSelection: !Ref Name"
    found = only(resource("Backup::RestoreTestingPlan", properties, PARAMETERS).reading.restore_test_plans)

    assert "parameter Name" in found.vaults_open
    assert "parameter Name" in found.not_vaults_open
    assert "parameter Name" in why(found.point_types)


def test_a_restore_testing_selection_is_read() -> None:
    properties = """\
        RestoreTestingPlanName: !Ref Tests
        RestoreTestingSelectionName: tables
        ProtectedResourceType: DynamoDB
        IamRoleArn: arn:aws:iam::111122223333:role/restore
        ProtectedResourceArns: ["*"]
        ProtectedResourceConditions: {StringEquals: [{Key: aws:ResourceTag/backup, Value: daily}]}
        RestoreMetadataOverrides: {encryptionType: KMS}
        """
    rest = "  Tests: {Type: AWS::Backup::RestoreTestingPlan}\n"
    found = resource("Backup::RestoreTestingSelection", properties, rest).reading
    chosen = only(found.restore_test_selections)

    assert same(chosen.plan, only(found.restore_test_plans).names)
    assert (short(chosen.resource_type), short(chosen.role)) == ("DynamoDB", "arn:aws:iam::111122223333:role/restore")
    assert shown(chosen.resources) == ["*"]
    assert said_of(chosen.conditions) == [("StringEquals", "aws:ResourceTag/backup", "daily")]
    assert [(key, short(value)) for key, value in chosen.overrides] == [("encryptionType", "KMS")]


# --- audits ---------------------------------------------------------------------------------------------------------


def test_a_framework_names_its_controls() -> None:
    properties = "FrameworkControls: [{ControlName: BACKUP_RECOVERY_POINT_ENCRYPTED}, !Ref Name]"
    found = only(resource("Backup::Framework", properties, PARAMETERS).reading.frameworks)

    assert shown(found.controls) == ["BACKUP_RECOVERY_POINT_ENCRYPTED"]
    assert "parameter Name" in found.open


def test_a_report_plan_says_what_it_reports() -> None:
    properties = "ReportSetting: {ReportTemplate: RESTORE_JOB_REPORT}"
    found = only(resource("Backup::ReportPlan", properties).reading.frameworks)

    assert (found.subject.kind, short(found.template)) == ("report-plan", "RESTORE_JOB_REPORT")


def test_other_types_of_backup_are_left_alone() -> None:
    found = read("Resources:\n  Hold: {Type: AWS::Backup::LegalHold}\n").reading

    assert (found.vaults, found.plans, found.frameworks) == ((), (), ())
