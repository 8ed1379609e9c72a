"""Backup plans, their rules and copies, and selections are read from templates, each value at its place."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from backups import line, only, plan, plans, resource, rule, said_of, same, selection, short, shown
from recoverable.read.cloudformation import BACKUP_TYPES
from recoverable.value import Known, Value
from templates import read, why

PARAMETERS = """\
Parameters:
  Days: {Type: Number}
  Env: {Type: String, AllowedValues: [dev, prod]}
  Arns: {Type: CommaDelimitedList}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
"""


# --- plans ----------------------------------------------------------------------------------------------------------


def test_a_plan_has_its_name_and_its_rules() -> None:
    found = plan("- {RuleName: nightly, TargetBackupVault: main}\n- {RuleName: monthly, TargetBackupVault: main}")

    assert short(found.subject.name) == "daily"
    assert [one.subject.part for one in found.rules] == ["nightly", "monthly"]
    assert (found.owner, found.open) == ("account", "")


def test_a_plan_is_meant_by_ref_and_by_its_attributes() -> None:
    found = plan("- RuleName: nightly")

    assert [name.shown() for name in found.names] == ["${Plan.Ref}", "${Plan.BackupPlanId}", "${Plan.BackupPlanArn}"]


def test_rules_and_copies_are_entries_of_their_own() -> None:
    found = plans(
        """\
        - RuleName: nightly
          CopyActions:
            - DestinationBackupVaultArn: arn:aws:backup:eu-central-1:111122223333:backup-vault:a
            - DestinationBackupVaultArn: arn:aws:backup:eu-west-2:111122223333:backup-vault:b
        - RuleName: monthly
        """
    ).reading
    rules = [only([entry]) for entry in found.plan_rules]
    copies = [only([entry]) for entry in found.copy_actions]

    assert [(one.subject.kind, one.subject.title()) for one in rules] == [
        ("plan-rule", "Plan rule nightly"),
        ("plan-rule", "Plan rule monthly"),
    ]
    assert [(one.subject.kind, one.subject.title()) for one in copies] == [
        ("copy-action", "Plan rule nightly copy 1"),
        ("copy-action", "Plan rule nightly copy 2"),
    ]


def test_two_rules_of_one_name_stay_apart() -> None:
    found = plan("- RuleName: nightly\n- RuleName: nightly\n- RuleName: nightly")

    assert [one.subject.part for one in found.rules] == ["nightly", "nightly (2)", "nightly (3)"]


def test_a_rule_whose_name_is_not_known_has_its_number() -> None:
    found = plan("- RuleName: !Ref AWS::StackName\n- TargetBackupVault: main")

    assert [one.subject.part for one in found.rules] == ["1", "2"]


def test_a_rule_belongs_to_its_plan() -> None:
    found = plan("- RuleName: nightly")

    assert found.rules[0].plan == found.subject.title() == "Plan"


def test_a_plan_that_is_a_parameter_is_open() -> None:
    found = only(resource("Backup::BackupPlan", "BackupPlan: !Ref Days", PARAMETERS, address="Plan").reading.plans)

    assert found.rules == ()
    assert "parameter Days" in found.open


def test_a_plan_without_properties_has_no_rules() -> None:
    found = only(read("Resources:\n  Plan:\n    Type: AWS::Backup::BackupPlan\n").reading.plans)

    assert (found.rules, found.open) == ((), "")


def test_a_rule_that_cannot_be_told_leaves_the_plan_open() -> None:
    found = plan("- RuleName: nightly\n- !Ref Days", PARAMETERS)

    assert len(found.rules) == 1
    assert "parameter Days" in found.open


def test_a_macro_leaves_everything_open() -> None:
    found = plan("- RuleName: nightly", "Transform: Mine\n")
    bare = only(read("Transform: Mine\nResources:\n  Plan: {Type: AWS::Backup::BackupPlan}\n").reading.plans)

    assert found.rules[0].subject.part == "nightly"
    assert "Mine" in bare.open


def test_a_rule_of_one_environment_only_is_there_in_its_scenarios() -> None:
    found = plans("- RuleName: nightly\n- !If [IsProd, {RuleName: monthly}, !Ref 'AWS::NoValue']", PARAMETERS).reading
    nightly, monthly = found.plan_rules

    assert [variant.item is not None for variant in nightly.variants] == [True, True]
    assert sorted(variant.item is not None for variant in monthly.variants) == [False, True]


def test_a_plan_of_one_environment_only_has_a_variant_without() -> None:
    text = f"{PARAMETERS}Resources:\n  Plan:\n    Type: AWS::Backup::BackupPlan\n    Condition: IsProd\n"
    (entry,) = read(text).reading.plans

    assert sorted(variant.item is not None for variant in entry.variants) == [False, True]


def test_a_plan_of_cdk_is_read() -> None:
    found = read(
        """\
        {"Resources": {
          "PlanD8A6": {"Type": "AWS::Backup::BackupPlan", "Properties": {"BackupPlan": {"BackupPlanName": "Plan",
            "BackupPlanRule": [{"RuleName": "Daily", "ScheduleExpression": "cron(0 5 * * ? *)",
              "Lifecycle": {"DeleteAfterDays": 35},
              "TargetBackupVault": {"Fn::GetAtt": ["PlanVault59B9", "BackupVaultName"]}}]}},
            "Metadata": {"aws:cdk:path": "App/Plan/Resource"}},
          "PlanSelection": {"Type": "AWS::Backup::BackupSelection", "Properties": {
            "BackupPlanId": {"Fn::GetAtt": ["PlanD8A6", "BackupPlanId"]},
            "BackupSelection": {"SelectionName": "Selection", "Resources": [{"Fn::GetAtt": ["Table", "Arn"]}]}}},
          "PlanVault59B9": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": "AppVault"}},
          "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}}
        }}
        """,
        name="app.template.json",
    ).reading
    the_plan, chosen, the_vault = only(found.plans), only(found.selections), only(found.vaults)

    assert the_plan.subject.construct == "App/Plan/Resource"
    assert same(chosen.plan, the_plan.names)
    assert same(the_plan.rules[0].vault.known(), the_vault.names)
    assert shown(chosen.resources) == ["${Table.Arn}"]


# --- rules ----------------------------------------------------------------------------------------------------------


def test_every_setting_of_a_rule_is_read_at_its_line() -> None:
    found = rule(
        """\
        TargetBackupVault: main
        TargetLogicallyAirGappedBackupVaultArn: arn:aws:backup:eu-west-1:111122223333:backup-vault:air
        ScheduleExpression: cron(0 3 * * ? *)
        ScheduleExpressionTimezone: Europe/Paris
        StartWindowMinutes: 60
        CompletionWindowMinutes: "120"
        EnableContinuousBackup: true
        Lifecycle:
          MoveToColdStorageAfterDays: 30
          DeleteAfterDays: 365
        """
    )

    read_: dict[str, Value[Any]] = {
        "vault": found.vault,
        "air_gapped_vault": found.air_gapped_vault,
        "schedule": found.schedule,
        "timezone": found.timezone,
        "start_window": found.start_window,
        "completion_window": found.completion_window,
        "continuous": found.continuous,
        "cold_after": found.lifecycle.cold_after,
        "delete_after": found.lifecycle.delete_after,
    }
    assert {name: (short(value), line(value) - line(found.subject.name)) for name, value in read_.items()} == {
        "vault": ("main", 1),
        "air_gapped_vault": ("arn:aws:backup:eu-west-1:111122223333:backup-vault:air", 2),
        "schedule": ("cron(0 3 * * ? *)", 3),
        "timezone": ("Europe/Paris", 4),
        "start_window": (60, 5),
        "completion_window": (120, 6),
        "continuous": (True, 7),
        "cold_after": (30, 9),
        "delete_after": (365, 10),
    }


def test_what_a_rule_leaves_out_is_what_aws_does() -> None:
    found = rule("TargetBackupVault: Default")

    assert short(found.schedule) == "cron(0 5 ? * * *)"
    assert short(found.timezone) == "UTC"
    assert (short(found.start_window), short(found.completion_window)) == (480, 10080)
    assert short(found.continuous) is False
    assert (short(found.lifecycle.delete_after), short(found.lifecycle.cold_after)) == (None, None)
    assert all(
        isinstance(value.state, Known) and value.state.defaulted
        for value in (found.schedule, found.lifecycle.delete_after)
    )


def test_a_vault_that_is_not_in_the_templates_keeps_its_name() -> None:
    assert short(rule("TargetBackupVault: Default").vault) == "Default"


def test_a_rule_without_a_vault_has_none() -> None:
    assert short(rule("ScheduleExpression: rate(1 day)").vault) is None


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("30", 30),
        ("'30'", 30),
        ("0", 0),
        ("-1", None),
        ("'-1'", None),
        ("30.0", 30),
        ("soon", "?"),
        ("30.5", "?"),
        ("[]", "?"),
    ],
)
def test_days_of_a_lifecycle(written: str, days: object) -> None:
    assert short(rule(f"Lifecycle: {{DeleteAfterDays: {written}}}").lifecycle.delete_after) == days


def test_days_from_a_parameter_without_a_default_are_not_known() -> None:
    found = rule("Lifecycle: {DeleteAfterDays: !Ref Days}", PARAMETERS).lifecycle.delete_after

    assert "parameter Days" in why(found)


def test_days_given_on_the_command_line_are_known() -> None:
    found = rule("Lifecycle: {DeleteAfterDays: !Ref Days}", PARAMETERS, Days="14").lifecycle.delete_after

    assert short(found) == 14


def test_a_copy_has_its_destination_and_a_lifecycle_of_its_own() -> None:
    (copy,) = rule(
        """\
        Lifecycle: {DeleteAfterDays: 7}
        CopyActions:
          - DestinationBackupVaultArn: !Sub arn:aws:backup:eu-west-2:${AWS::AccountId}:backup-vault:far
            Lifecycle: {DeleteAfterDays: -1, MoveToColdStorageAfterDays: 10}
        """
    ).copies

    assert short(copy.destination) == "arn:aws:backup:eu-west-2:${AWS::AccountId}:backup-vault:far"
    assert (short(copy.lifecycle.delete_after), short(copy.lifecycle.cold_after)) == (None, 10)


def test_a_copy_that_cannot_be_told_leaves_the_copies_open() -> None:
    found = rule("CopyActions: [!Ref Days]", PARAMETERS)

    assert found.copies == ()
    assert "parameter Days" in found.copies_open


def test_advanced_settings_are_not_read() -> None:
    properties = """\
        BackupPlan:
          BackupPlanName: daily
          AdvancedBackupSettings: [{ResourceType: EC2, BackupOptions: {WindowsVSS: enabled}}]
          BackupPlanRule: [{RuleName: nightly}]
        """

    assert len(only(resource("Backup::BackupPlan", properties).reading.plans).rules) == 1


# --- selections -----------------------------------------------------------------------------------------------------


def test_a_selection_is_of_its_plan_and_has_its_role() -> None:
    found = selection("IamRoleArn: arn:aws:iam::111122223333:role/backup", "  Plan: {Type: AWS::Backup::BackupPlan}\n")

    assert found.plan.shown() == "${Plan.Ref}"
    assert short(found.role) == "arn:aws:iam::111122223333:role/backup"
    assert (found.accounts, found.regions) == (None, None)


def test_resources_are_kept_with_their_places() -> None:
    found = selection(
        """\
        Resources:
          - arn:aws:dynamodb:*:*:table/*
          - !GetAtt Orders.Arn
        NotResources: arn:aws:dynamodb:eu-west-1:111122223333:table/scratch
        """,
        "  Orders: {Type: AWS::DynamoDB::Table}\n",
    )

    assert shown(found.resources) == ["arn:aws:dynamodb:*:*:table/*", "${Orders.Arn}"]
    assert shown(found.not_resources) == ["arn:aws:dynamodb:eu-west-1:111122223333:table/scratch"]
    assert found.resources[1].origin.line == found.resources[0].origin.line + 1  # type: ignore[union-attr]


def test_tags_and_conditions_are_kept_as_written() -> None:
    found = selection(
        """\
        ListOfTags:
          - {ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}
          - {ConditionType: StringEquals, ConditionKey: aws:ResourceTag/backup, ConditionValue: !Ref Env}
        Conditions:
          StringLike: [{ConditionKey: aws:ResourceTag/team, ConditionValue: shop*}]
          StringNotEquals: {ConditionKey: stage, ConditionValue: dev}
          stringequals: [{ConditionKey: a, ConditionValue: b}]
        """,
        "Parameters: {Env: {Type: String}}\n",
    )

    assert said_of(found.tags) == [
        ("STRINGEQUALS", "backup", "daily"),
        ("StringEquals", "aws:ResourceTag/backup", "${Env}"),
    ]
    assert said_of(found.conditions) == [
        ("StringLike", "aws:ResourceTag/team", "shop*"),
        ("StringNotEquals", "stage", "dev"),
        ("stringequals", "a", "b"),
    ]


def test_a_tag_test_without_a_key_has_a_hole_for_it() -> None:
    (one,) = selection("ListOfTags: [{ConditionType: STRINGEQUALS, ConditionValue: daily}]").tags

    assert one.key.why_open() == "there is no ConditionKey"


def test_a_list_from_a_parameter_leaves_the_selection_open() -> None:
    found = selection("Resources: !Ref Arns", PARAMETERS)

    assert found.resources == ()
    assert "parameter Arns" in found.resources_open


def test_a_selection_that_is_wholly_a_parameter_is_open_in_every_part() -> None:
    properties = "BackupPlanId: p\nBackupSelection: !Ref Days"
    found = only(resource("Backup::BackupSelection", properties, PARAMETERS).reading.selections)

    opened = (found.resources_open, found.not_resources_open, found.tags_open, found.conditions_open)
    assert all("parameter Days" in one for one in opened)
    assert "parameter Days" in why(found.role)


def test_a_selection_without_a_plan_says_so() -> None:
    found = only(resource("Backup::BackupSelection", "BackupSelection: {SelectionName: all}").reading.selections)

    assert found.plan.why_open() == "the selection names no plan"


# --- what it costs --------------------------------------------------------------------------------------------------


def test_a_template_without_backups_does_not_load_their_readers() -> None:
    code = (
        "import sys, templates; templates.read('Resources: {Orders: {Type: AWS::DynamoDB::Table}}');"
        "print([name for name in sys.modules if 'backup' in name or 'vaults' in name])"
    )
    import subprocess  # noqa: PLC0415

    found = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"


def test_all_types_that_are_read_begin_as_they_must() -> None:
    from recoverable.read.cloudformation.backup_resources import READERS  # noqa: PLC0415

    assert all(kind.startswith(BACKUP_TYPES) for kind in READERS)


# --- judged ---------------------------------------------------------------------------------------------------------


def test_a_rule_can_judge_plan_rules_in_their_scenarios() -> None:
    from recoverable import PlanRule, Severity, Truth  # noqa: PLC0415
    from recoverable import rule as make  # noqa: PLC0415
    from recoverable.config import Settings  # noqa: PLC0415
    from recoverable.pack import Pack  # noqa: PLC0415
    from recoverable.scan import Documents, Request, Setup, examine  # noqa: PLC0415

    @make(Severity.LOW)
    def kept_for_ever(rule: PlanRule) -> Truth:
        return rule.lifecycle.delete_after.equals(None)

    text = f"""\
{PARAMETERS}Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: Default
            Lifecycle: !If [IsProd, {{DeleteAfterDays: 35}}, !Ref 'AWS::NoValue']
"""
    setup = Setup("", Settings(), Pack((kept_for_ever,)))
    (found,) = examine((("app.yaml", text.encode()),), setup, Request(), Documents()).findings

    assert found.subject.title() == "Plan rule nightly"
    assert "IsProd is false" in found.scenario
