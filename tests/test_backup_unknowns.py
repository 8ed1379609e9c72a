"""Whatever stands in backup resources, reading them ends; and what is made unknown is unknown, or as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recoverable.read.reading import Reading
from recoverable.text import Hole, Text
from recoverable.value import Entry, Unknown, Value
from templates import read
from test_backup_policies import POLICY

LISTINGS = (
    "plans", "plan_rules", "copy_actions", "selections", "vaults", "restore_test_plans", "restore_test_selections",
    "frameworks",
)  # fmt: skip

LIFECYCLE = {"DeleteAfterDays": 365, "MoveToColdStorageAfterDays": 30}
EVERYTHING: dict[str, Any] = {
    "Plan": {
        "Type": "AWS::Backup::BackupPlan",
        "DeletionPolicy": "Retain",
        "Properties": {
            "BackupPlan": {
                "BackupPlanName": "daily",
                "BackupPlanRule": [
                    {
                        "RuleName": "nightly",
                        "TargetBackupVault": {"Ref": "Vault"},
                        "ScheduleExpression": "cron(0 3 * * ? *)",
                        "ScheduleExpressionTimezone": "Europe/Paris",
                        "StartWindowMinutes": 60,
                        "CompletionWindowMinutes": "120",
                        "EnableContinuousBackup": False,
                        "Lifecycle": LIFECYCLE,
                        "CopyActions": [{"DestinationBackupVaultArn": "arn:x", "Lifecycle": LIFECYCLE}],
                    },
                    {"RuleName": "monthly", "TargetBackupVault": "Default"},
                ],
            }
        },
    },
    "Selected": {
        "Type": "AWS::Backup::BackupSelection",
        "Properties": {
            "BackupPlanId": {"Ref": "Plan"},
            "BackupSelection": {
                "SelectionName": "all",
                "IamRoleArn": "arn:aws:iam::111122223333:role/backup",
                "Resources": ["arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:*:*:table/a"],
                "NotResources": ["arn:aws:dynamodb:*:*:table/b"],
                "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}],
                "Conditions": {"StringLike": [{"ConditionKey": "aws:ResourceTag/a", "ConditionValue": "b*"}]},
            },
        },
    },
    "Vault": {
        "Type": "AWS::Backup::BackupVault",
        "DeletionPolicy": "Retain",
        "Properties": {
            "BackupVaultName": "main",
            "EncryptionKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/a",
            "AccessPolicy": {
                "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "backup:*", "Resource": "*"}]
            },
            "LockConfiguration": {"MinRetentionDays": 7, "MaxRetentionDays": 365, "ChangeableForDays": 3},
            "Notifications": {"SNSTopicArn": "t", "BackupVaultEvents": ["BACKUP_JOB_FAILED"]},
        },
    },
    "Air": {
        "Type": "AWS::Backup::LogicallyAirGappedBackupVault",
        "Properties": {"BackupVaultName": "air", "MinRetentionDays": 7, "MaxRetentionDays": 90},
    },
    "Tests": {
        "Type": "AWS::Backup::RestoreTestingPlan",
        "Properties": {
            "RestoreTestingPlanName": "monthly",
            "ScheduleExpression": "cron(0 7 1 * ? *)",
            "RecoveryPointSelection": {
                "Algorithm": "LATEST_WITHIN_WINDOW",
                "IncludeVaults": ["*"],
                "RecoveryPointTypes": ["SNAPSHOT", "CONTINUOUS"],
                "SelectionWindowDays": 30,
            },
        },
    },
    "Tested": {
        "Type": "AWS::Backup::RestoreTestingSelection",
        "Properties": {
            "RestoreTestingPlanName": "monthly",
            "ProtectedResourceType": "DynamoDB",
            "ProtectedResourceArns": ["*"],
            "ProtectedResourceConditions": {"StringEquals": [{"Key": "aws:ResourceTag/a", "Value": "b"}]},
            "RestoreMetadataOverrides": {"encryptionType": "KMS"},
        },
    },
    "Framework": {
        "Type": "AWS::Backup::Framework",
        "Properties": {"FrameworkControls": [{"ControlName": "BACKUP_RECOVERY_POINT_ENCRYPTED"}]},
    },
    "Report": {
        "Type": "AWS::Backup::ReportPlan",
        "Properties": {"ReportSetting": {"ReportTemplate": "RESTORE_JOB_REPORT"}},
    },
    "Org": {
        "Type": "AWS::Organizations::Policy",
        "Properties": {"Name": "o", "Type": "BACKUP_POLICY", "TargetIds": ["111122223333"], "Content": POLICY},
    },
}
TYPES = sorted({resource["Type"] for resource in EVERYTHING.values()})


def reading(resources: dict[str, Any]) -> Reading:
    parameters = {"Nobody": {"Type": "String"}}
    return read(json.dumps({"Parameters": parameters, "Resources": resources}), name="app.json").reading


# --- making one value unknown ---------------------------------------------------------------------------------------


def places(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where values stand: scalars, lists and mappings, but not the parts of a reference."""
    found = [path] if path else []
    if isinstance(node, dict) and set(node) != {"Ref"}:
        for key, value in node.items():
            found.extend(places(value, (*path, key)))
    if isinstance(node, list):
        for index, value in enumerate(node):
            found.extend(places(value, (*path, index)))
    return found


ALL_PLACES = [
    (name, key, *path)
    for name, resource in EVERYTHING.items()
    for key in ("Properties", "DeletionPolicy")
    if key in resource
    for path in ([()] if key == "DeletionPolicy" else places(resource[key]))
]


def with_unknown(path: tuple[str | int, ...]) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(EVERYTHING))
    here: Any = changed
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = {"Ref": "Nobody"}
    return changed


def changes(before: object, after: Any, path: str = "") -> list[str]:  # noqa: ANN401
    """Where something is known after that was not known, or that was something else."""
    if isinstance(after, Value) and isinstance(before, Value):
        if isinstance(after.state, Unknown):
            return []
        return changes(getattr(before.state, "value", "?"), after.state.value, path)
    if isinstance(after, Text) and isinstance(before, Text):
        return [] if after.holes() or after == before else [f"{path}: {before.shown()} is {after.shown()}"]
    fields = getattr(before, "_fields", None)
    if fields is not None and fields == getattr(after, "_fields", None):
        opened = {name.removesuffix("_open") for name in fields if name.endswith("_open") and getattr(after, name)}
        if "open" in fields and after.open:
            opened |= {"rules", "statements", "controls"}
        if getattr(after, "unread", ""):
            return []
        found = []
        for name in fields:
            if name in opened or name.endswith(("open", "origin", "origins")) or name in ("extent", "part"):
                continue
            found.extend(changes(getattr(before, name), getattr(after, name), f"{path}.{name}"))
        return found
    if isinstance(before, tuple) and isinstance(after, tuple):
        if len(before) != len(after):
            return [f"{path}: there were {len(before)}, there are {len(after)}"]
        pairs = zip(before, after, strict=True)
        return [change for index, pair in enumerate(pairs) for change in changes(*pair, f"{path}[{index}]")]
    return [] if before == after or isinstance(after, Hole) else [f"{path}: {before!r} is {after!r}"]


def things(found: Reading, listing: str, address: str) -> list[Any]:
    entries: tuple[Entry[Any], ...] = getattr(found, listing)
    return [
        variant.item
        for entry in entries
        for variant in entry.variants
        if variant.item is not None and variant.item.subject.address == address
    ]


def is_open(thing: Any) -> bool:  # noqa: ANN401
    return any(getattr(thing, name, "") for name in ("open", "copies_open", "resources_open", "tags_open"))


def around(resources: dict[str, Any], name: str) -> dict[str, Any]:
    """The resource with those that it refers to."""
    return {key: value for key, value in resources.items() if key in (name, "Plan", "Vault")}


BEFORE = {name: reading(around(EVERYTHING, name)) for name in EVERYTHING}


@pytest.mark.parametrize("path", ALL_PLACES, ids=lambda path: ".".join(map(str, path)))
def test_making_a_value_unknown_changes_nothing_else(path: tuple[str | int, ...]) -> None:
    name = str(path[0])
    after = reading(around(with_unknown(path), name))
    found: list[str] = []
    for listing in LISTINGS:
        old, new = things(BEFORE[name], listing, name), things(after, listing, name)
        if len(old) == len(new) and listing != "selections":
            pairs = list(zip(old, new, strict=True))
        else:
            pairs = [(one, two) for one in old for two in new if one.subject.part == two.subject.part]
        found.extend(change for pair in pairs for change in changes(*pair, listing))
        if len(pairs) < len(old):
            assert any(map(is_open, (*new, *things(after, "plans", name), *things(after, "plan_rules", name))))

    assert found == []


def test_there_are_enough_values() -> None:
    assert len(ALL_PLACES) > 120


# --- anything -------------------------------------------------------------------------------------------------------

KEYS = sorted(
    {str(key) for path in ALL_PLACES for key in path if isinstance(key, str)}
    | {"Ref", "Fn::If", "Fn::GetAtt", "Fn::Sub", "Fn::Transform", "Fn::ForEach::X", "@@append", "@@remove"}
    | {"@@operators_allowed_for_child_policies", "", "no such key"}
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "*", "-1", "0", "true", "Nobody", "Plan", "Vault.Arn", "AWS::NoValue", "@@none", "@@all"]),
    st.sampled_from(["{", '{"plans": {"a": {"rules": {"b": 1}, "selections": []}}}', "${Nobody}", "${Vault}:$account"]),
    st.text(max_size=5),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)),
    max_leaves=40,
)


@st.composite
def disturbed(draw: st.DrawFn) -> dict[str, Any]:
    """All kinds of resources, with anything in place of some of their values."""
    changed: dict[str, Any] = json.loads(json.dumps(EVERYTHING))
    for path in draw(st.lists(st.sampled_from(ALL_PLACES), min_size=1, max_size=6)):
        here: Any = changed
        try:
            for key in path[:-1]:
                here = here[key]
            here[path[-1]] = draw(TREES)
        except (KeyError, IndexError, TypeError):
            continue
    return changed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(TYPES), TREES, min_size=1))
def test_anything_can_stand_in_a_backup_resource(properties: dict[str, object]) -> None:
    resources = {f"R{number}": {"Type": kind, "Properties": properties[kind]} for number, kind in enumerate(properties)}
    found, again = reading(resources), reading(resources)

    assert [getattr(found, listing) for listing in LISTINGS] == [getattr(again, listing) for listing in LISTINGS]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(disturbed())
def test_anything_can_stand_within_a_backup_resource(resources: dict[str, Any]) -> None:
    found = reading(resources)

    for listing in LISTINGS:
        for entry in getattr(found, listing):
            parts = {variant.item.subject.part for variant in entry.variants if variant.item is not None}
            assert len(parts) == 1
