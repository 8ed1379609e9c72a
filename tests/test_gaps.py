"""What the examples of the rules do not show: global tables in stacks without a Region, open estates."""

from __future__ import annotations

from recoverable import pack
from recoverable.check import Report
from recoverable.config import Settings, parse
from recoverable.scan import Documents, Request, Setup, examine

PACK = pack.load(pack.builtin())

PLAN = """\
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule: [{RuleName: nightly, TargetBackupVault: backups, Lifecycle: {DeleteAfterDays: 7}}]
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: tagged
        IamRoleArn: arn:aws:iam::111122223333:role/backup
        ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}]
"""

GLOBAL = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      Replicas:
        - Region: eu-central-1
          Tags: [{Key: backup, Value: daily}]
        - Region: eu-west-1
          Tags: [{Key: backup, Value: daily}]
"""

LOCAL = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      Tags: [{Key: backup, Value: daily}]
"""

SCRIPT = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Backup:
    Type: AWS::Serverless::Function
    Properties:
      PermissionsBoundary: !Ref Boundary
      Policies: [{DynamoDBBackupFullAccessPolicy: {TableName: orders}}]
      Events: {Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}
  Boundary:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Action: ACTION, Resource: '*'}]}
"""


def report(rule: str, template: str, settings: str = "") -> Report:
    chosen = parse(settings) if settings else Settings()
    return examine([("template.yaml", template.encode())], Setup("", chosen, PACK), Request(only=(rule,)), Documents())


def said(rule: str, template: str, settings: str = "") -> str:
    found = report(rule, template, settings)
    return "yes" if found.findings else "unknown" if found.undetermined else "no"


def test_a_global_table_is_backed_up_by_its_copy_in_the_region_of_the_stack() -> None:
    assert said("table-in-no-backup-plan", GLOBAL + PLAN) == "no"


def test_a_global_table_may_not_be_backed_up_where_only_some_copies_have_the_tag() -> None:
    bare = GLOBAL.replace(
        "        - Region: eu-west-1\n          Tags: [{Key: backup, Value: daily}]\n", "        - Region: eu-west-1\n"
    )

    assert said("table-in-no-backup-plan", bare + PLAN) == "unknown"


def test_a_global_table_without_a_copy_that_fits_is_not_backed_up() -> None:
    assert said("table-in-no-backup-plan", GLOBAL.replace("Value: daily", "Value: never") + PLAN) == "yes"


def test_the_objective_of_a_global_table_is_held_against_the_copy_in_the_region_of_the_stack() -> None:
    assert said("retention-below-objective", GLOBAL + PLAN) == "yes"


def test_a_plan_that_was_not_read_may_keep_backups_longer() -> None:
    assert said("retention-below-objective", LOCAL + PLAN) == "yes"
    assert said("retention-below-objective", LOCAL + PLAN, "estate: open\n") == "unknown"


def test_a_table_that_nothing_backs_up_is_told_once() -> None:
    rules = ("table-in-no-backup-plan", "retention-below-objective", "rpo-above-objective")
    answers = [said(rule, GLOBAL) for rule in rules]

    assert answers == ["yes", "no", "no"]


def test_a_boundary_that_leaves_backups_out_keeps_a_script_from_making_them() -> None:
    answers = [said("custom-backup-script", SCRIPT.replace("ACTION", f"'{one}'")) for one in ("s3:*", "dynamodb:*")]

    assert answers == ["no", "yes"]


def test_acceptances_reach_code_on_a_schedule() -> None:
    script = SCRIPT.replace(
        "  Backup:\n", "  # recoverable: accept[custom-backup-script] it goes next month\n  Backup:\n"
    )
    found = report("custom-backup-script", script.replace("ACTION", "dynamodb:CreateBackup"))

    assert [one.rule.name for one in found.accepted] == ["custom-backup-script"]
    assert not found.findings
