"""Resource control policies of the organization bear on what is done to the tables, keys and roles of its accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from permissions import CAPABILITIES, answer, ask, estate
from recoverable.policy.request import context
from recoverable.recovery.access.powers import Powers
from recoverable.recovery.access.scenes import Scene
from recoverable.recovery.access.targets import target_of
from recoverable.text import Text
from recoverable.truth import Answer

if TYPE_CHECKING:
    from pathlib import Path

CONTROLLED = """\
    Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties: {TableName: orders}
      Guard:
        Type: AWS::Organizations::Policy
        Properties:
          Type: RESOURCE_CONTROL_POLICY
          Name: perimeter
          TargetIds: [%s]
          Content:
            Version: "2012-10-17"
            Statement: [{Effect: Deny, Principal: "*", Action: "%s", Resource: "*"%s}]
      Ops:
        Type: AWS::IAM::Role
        Properties:
          RoleName: ops
          AssumeRolePolicyDocument:
            Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
          Policies:
            - PolicyName: all
              PolicyDocument:
                Statement: [{Effect: Allow, Action: ["dynamodb:*", "sts:*"], Resource: "*"}]
      Cleaner:
        Type: AWS::IAM::Role
        Properties:
          RoleName: cleaner
          AssumeRolePolicyDocument:
            Statement: [{Effect: Allow, Principal: {AWS: !GetAtt Ops.Arn}, Action: sts:AssumeRole}]
          Policies:
            - PolicyName: all
              PolicyDocument:
                Statement: [{Effect: Allow, Action: "backup:*", Resource: "*"}]
"""


def asked(folder: Path, target: str, action: str, condition: str = "") -> tuple[str, str]:
    """Whether the role can delete native backups: asked about by itself, and about all at once."""
    read = estate(folder, app=CONTROLLED % (target, action, condition))
    mode = CAPABILITIES["destroy-backups"].mode("native")
    assert mode is not None
    powers = Powers([target_of(read.tables.present()[0], read)], Scene(read), tuple(CAPABILITIES.values()))
    ops = next(each for each in powers.standings if each.title == "Ops")
    together = powers.held(ops, "destroy-backups", mode).answers[0]
    alone = answer(ask(read, "ops", "destroy-backups", "orders", mode="native"))
    return alone, {Answer.UNKNOWN: "depends"}.get(together, together.value)


def test_one_of_the_root_denies_and_is_named(tmp_path: Path) -> None:
    assert asked(tmp_path, "r-abcd", "dynamodb:DeleteBackup") == ("no", "no")
    read = estate(tmp_path, app=CONTROLLED % ("r-abcd", "dynamodb:DeleteBackup", ""))
    verdict = ask(read, "ops", "destroy-backups", "orders", mode="native")
    assert verdict.best.missing()[0].decision.blocked_by == ("resource control policy",)
    assert answer(ask(read, "ops", "back-up", "orders")) == "yes"


@pytest.mark.parametrize("target", ["ou-abcd-12345678", "123456789012"])
def test_whether_one_of_a_unit_or_of_some_account_bears_on_the_table_is_not_known(tmp_path: Path, target: str) -> None:
    assert asked(tmp_path, target, "dynamodb:DeleteBackup") == ("depends", "depends")


def test_what_it_denies_under_a_condition_that_does_not_hold_it_leaves(tmp_path: Path) -> None:
    condition = ", Condition: {Bool: {'aws:SecureTransport': 'false'}}"

    assert asked(tmp_path, "r-abcd", "dynamodb:DeleteBackup", condition) == ("yes", "yes")


def test_it_says_nothing_about_aws_backup(tmp_path: Path) -> None:
    scene = Scene(estate(tmp_path, app=CONTROLLED % ("r-abcd", "*", "")))
    standings = {each.subject.title(): scene.standing(each) for each in scene.principals()}
    everything, nothing = Text(("*",)), context({})

    assert standings["Cleaner"].asks("backup:StopBackupJob", everything, nothing).answer is Answer.YES
    assert standings["Ops"].asks("dynamodb:ListBackups", everything, nothing).answer is Answer.NO


def test_a_role_that_nobody_may_take_on_is_not_reached(tmp_path: Path) -> None:
    def reached(action: str) -> list[str]:
        scene = Scene(estate(tmp_path, app=CONTROLLED % ("r-abcd", action, "")))
        ops = next(scene.standing(each) for each in scene.principals() if each.subject.title() == "Ops")
        return [role.title for role, _ in scene.nearest(ops)]

    assert reached("dynamodb:Query") == ["Cleaner"]
    assert reached("sts:AssumeRole") == []
