"""Whatever stands in a template, reading it ends, and what becomes unknown makes nothing else known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoverable.read import cloudformation
from recoverable.read.cloudformation.functions import FUNCTIONS
from recoverable.read.document import read_document
from recoverable.text import Text
from recoverable.value import Known, Unknown, Value

if TYPE_CHECKING:
    from recoverable.estate import Table
    from recoverable.read.reading import Reading

NAMES = ("A", "B", "Orders", "AWS::Region", "AWS::NoValue", "Missing")
TYPES = (
    "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable", "AWS::KMS::Key",
    "AWS::KMS::Alias", "AWS::CloudFormation::Stack", "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection", "AWS::Backup::BackupVault", "AWS::IAM::Role",
)  # fmt: skip
CALLS = (
    *FUNCTIONS, "Ref", "Condition", "Fn::If", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Transform",
    "Fn::GetAZs", "Fn::ForEach::L", "Fn::Contains", "Fn::EachMemberIn",
)  # fmt: skip
KEYS = (
    "Type", "Properties", "Condition", "Metadata", "DeletionPolicy", "TableName", "Replicas", "Region", "Tags", "Key",
    "Value", "KeySchema", "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled", "RecoveryPeriodInDays",
    "SSESpecification", "SSEEnabled", "KMSMasterKeyId", "ResourcePolicy", "PolicyDocument", "Statement", "Principal",
    "Action", "TemplateURL", "Location", "Parameters", "Default", "AllowedValues", "Name", "Export", "Assertions",
    "Assert", "RuleCondition", "Fn::Transform", "Fn::ForEach::L", "recoverable", "ResourceId", "TargetKeyId", "A", "B",
)  # fmt: skip

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 50),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        (*NAMES, *TYPES, "true", "Retain", "other.json", "A.Arn", "${A}-${B.Arn}", "&{A}", "${!A}", "${", "")
    ),
    st.text(max_size=5),
)


def extended(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
        st.tuples(st.sampled_from(CALLS), inner).map(lambda call: {call[0]: call[1]}),
        st.tuples(st.sampled_from(NAMES), inner, inner).map(lambda branches: {"Fn::If": list(branches)}),
    )


trees = st.recursive(leaves, extended, max_leaves=12)
resources = st.one_of(
    trees,
    st.fixed_dictionaries({"Type": st.sampled_from(TYPES), "Properties": trees}, optional={"Condition": trees}),
)
templates = st.fixed_dictionaries(
    {"Resources": st.one_of(trees, st.dictionaries(st.sampled_from((*NAMES, *CALLS)), resources, max_size=4))},
    optional={
        section: st.one_of(trees, st.dictionaries(st.sampled_from((*NAMES, *CALLS)), trees, max_size=3))
        for section in ("Parameters", "Mappings", "Conditions", "Rules", "Outputs", "Transform", "Globals")
    },
)


def reading(texts: dict[str, Any]) -> Reading:
    parsed = {path: read_document(json.dumps(tree), path) for path, tree in texts.items()}
    return cloudformation.read(
        {path: ("cloudformation", node) for path, node in parsed.items()}, parsed.get, lambda _: {}
    )


@given(templates, templates)
@settings(max_examples=100, deadline=5_000)
def test_any_two_templates_are_read_without_a_crash(one: object, other: object) -> None:
    first = reading({"app.json": one, "other.json": other})

    assert _held(first) == _held(reading({"other.json": other, "app.json": one}))


def _held(found: Reading) -> list[object]:
    """All that was read, with what is read only when somebody asks."""
    return [tuple(part) for part in found]


@given(st.recursive(leaves, extended, max_leaves=60))
@settings(max_examples=100, deadline=5_000)
def test_any_tree_is_read_without_a_crash(tree: object) -> None:
    reading({"app.json": {"Resources": {"Orders": {"Type": TYPES[0], "Properties": tree}}, "Conditions": {"A": tree}}})


FULL = {
    "Parameters": {
        "Env": {"Type": "String", "AllowedValues": ["dev", "prod"], "Default": "dev"},
        "Days": {"Type": "Number", "Default": 14},
        "Open": {"Type": "String"},
    },
    "Mappings": {"Stages": {"dev": {"Keep": "Delete"}, "prod": {"Keep": "Retain"}}},
    "Conditions": {
        "IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "IsLong": {"Fn::And": [{"Condition": "IsProd"}, {"Fn::Not": [{"Fn::Equals": [{"Ref": "Days"}, "7"]}]}]},
    },
    "Resources": {
        "Orders": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": {"Fn::Join": ["-", [{"Ref": "Env"}, "orders"]]},
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "PointInTimeRecoverySpecification": {
                    "PointInTimeRecoveryEnabled": {"Fn::If": ["IsProd", True, "false"]},
                    "RecoveryPeriodInDays": {"Fn::If": ["IsLong", {"Ref": "Days"}, 7]},
                },
                "DeletionProtectionEnabled": {"Fn::Select": ["1", ["false", "true"]]},
                "SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": {"Fn::Sub": "alias/${Env}"}},
                "TimeToLiveSpecification": {"AttributeName": "ends", "Enabled": False},
                "Tags": [{"Key": "team", "Value": {"Fn::Select": [0, {"Fn::Split": ["/", "shop/web"]}]}}],
            },
        },
        "Carts": {
            "Type": "AWS::DynamoDB::GlobalTable",
            "Condition": "IsProd",
            "Properties": {
                "Replicas": [
                    {"Region": "eu-west-1", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
                    {"Region": "eu-north-1", "DeletionProtectionEnabled": "true"},
                ]
            },
        },
    },
}  # fmt: skip


def places(tree: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where the scalars of properties and conditions stand; names of conditions and functions' own keys left out."""
    found: list[tuple[str | int, ...]] = []
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key not in ("Type", "Ref", "Condition", "Parameters", "Mappings"):
                found += places(value, (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            if not (index == 0 and path and path[-1] == "Fn::If"):
                found += places(value, (*path, index))
    elif path and path[-1] != "Fn::Sub":
        found.append(path)
    return found


def replaced(tree: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 (JSON)
    copy = json.loads(json.dumps(tree))
    here = copy
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = {"Ref": "Open"}
    return copy


def by_scenario(tree: object) -> dict[str, list[tuple[dict[str, str], Table | None]]]:
    return {
        next(each.item.subject.address for each in entry.variants if each.item is not None): [
            ({choice.name: value for choice, value in variant.scenario.settled}, variant.item)
            for variant in entry.variants
        ]
        for entry in reading({"app.json": tree}).tables
    }


KNOWN_FACTS = (
    "pitr",
    "pitr_window",
    "deletion_protection",
    "key",
    "partition_key",
    "ttl",
    "kept_on_delete",
    "autoscaled",
)


@pytest.mark.parametrize("path", places(FULL), ids=lambda path: ".".join(map(str, path)))
def test_a_value_made_unknown_makes_no_other_answer(path: tuple[str | int, ...]) -> None:
    before, after = by_scenario(FULL), by_scenario(replaced(FULL, path))

    for address, variants in after.items():
        for settled, table in variants:
            alike = [
                was
                for held, was in before[address]
                # What a condition says of Env is not known any more once the condition is not.
                if path[0] == "Conditions" or all(settled.get(name, value) == value for name, value in held.items())
            ]
            answers = [_facts(was) for was in alike]
            if table is not None:
                for name, value in _facts(table).items():
                    # Not known, or what it was in one of the scenarios that this one may be.
                    assert value is None or any(value == answer.get(name) for answer in answers), name


def _facts(table: Table | None) -> dict[str, object]:
    """What is known of a table, in words; None for what is not."""
    if table is None:
        return {}
    values: dict[str, Value[Any]] = {name: getattr(table, name) for name in KNOWN_FACTS}
    return {
        name: None if isinstance(value.state, Unknown) or _open(value) else str(value.state.value)
        for name, value in values.items()
        if isinstance(value.state, Known | Unknown)
    }


def _open(value: Value[Any]) -> bool:
    text = value.known()
    return isinstance(text, Text) and bool(text.holes())
