"""Tables as templates write them: Table, GlobalTable with its replicas, SimpleTable."""

from __future__ import annotations

import pytest

from recoverable.source import Span
from templates import pitr, read, read_all, said, table, why


def test_what_is_left_out_is_what_the_service_does() -> None:
    table_ = read("Resources: {Orders: {Type: AWS::DynamoDB::Table}}").table()

    assert table_.kept_on_delete is not None
    assert table_.kept_on_replace is not None
    assert [
        said(value)
        for value in (
            table_.pitr, table_.pitr_window, table_.deletion_protection, table_.key, table_.policy, table_.ttl,
            table_.stream, table_.kept_on_delete, table_.kept_on_replace, table_.restored_from, table_.autoscaled,
            table_.declared_class,
        )
    ] == [False, 35, False, None, None, False, False, "Delete", "Delete", None, False, None]  # fmt: skip


def test_everything_written_is_read() -> None:
    text = table(
        """
        TableName: orders
        KeySchema: [{AttributeName: at, KeyType: RANGE}, {AttributeName: id, KeyType: HASH}]
        PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7}
        DeletionProtectionEnabled: 'true'
        SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: alias/orders}
        TimeToLiveSpecification: {AttributeName: ends, Enabled: true}
        StreamSpecification: {StreamViewType: NEW_IMAGE}
        Tags: [{Key: class, Value: production}]
        """,
        attributes="DeletionPolicy: Retain\nUpdateReplacePolicy: Snapshot",
    )
    found = read(text).table()
    key = said(found.key)

    assert found.kept_on_delete is not None
    assert found.kept_on_replace is not None
    assert [said(found.pitr), said(found.pitr_window), said(found.deletion_protection)] == [True, 7, True]
    assert [said(found.ttl), said(found.stream), said(found.partition_key)] == [True, True, "id"]
    assert [said(found.kept_on_delete), said(found.kept_on_replace)] == ["Retain", "Snapshot"]
    assert key.shown() == "alias/orders"  # type: ignore[attr-defined]
    assert [(name, said(value)) for name, value in found.tags.entries] == [("class", "production")]


def test_a_table_has_its_place() -> None:
    subject = read(pitr("true")).table().subject

    assert subject.origin == Span("app.yaml", 4, 3, 4, 9)
    assert subject.extent == Span("app.yaml", 4, 3, 10, 41)


def test_a_value_has_its_place() -> None:
    assert read(pitr("true")).table().pitr.origin == Span("app.yaml", 10, 37, 10, 41)


@pytest.mark.parametrize(
    ("properties", "place"),
    [
        ("TableClass: x", "app.yaml:4:3"),
        ("PointInTimeRecoverySpecification: {}", "app.yaml:9:7"),
        ("PointInTimeRecoverySpecification: {RecoveryPeriodInDays: 7}", "app.yaml:9:7"),
    ],
)
def test_what_is_not_written_points_at_the_closest_thing_that_is(properties: str, place: str) -> None:
    origin = read(table(properties)).table().pitr.origin

    assert origin is not None
    assert origin.start() == place


def test_the_arn_is_made_of_what_is_known() -> None:
    arn = read(table("TableName: orders"), AWS__Region="eu-west-1", AWS__Partition="aws").table().arn

    assert arn.shown() == "arn:aws:dynamodb:eu-west-1:${AWS::AccountId}:table/orders"


def test_the_arn_of_a_table_without_a_name_stands_for_it() -> None:
    assert read(table("TableClass: x")).table().arn.shown().endswith(":table/${Orders.Ref}")


@pytest.mark.parametrize(
    ("properties", "shown"),
    [
        ("SSESpecification: {SSEEnabled: true, KMSMasterKeyId: !GetAtt Secret.Arn}", "${Secret.Arn}"),
        ("SSESpecification: {SSEEnabled: true, KMSMasterKeyId: !Ref Secret}", "${Secret.Ref}"),
        ("SSESpecification: {SSEEnabled: true}", None),
        ("SSESpecification: {SSEEnabled: false, KMSMasterKeyId: alias/mine}", None),
        ("SSESpecification: {KMSMasterKeyId: alias/mine}", None),
        ("SSESpecification: {SSEEnabled: true, KMSMasterKeyId: alias/aws/dynamodb}", None),
        ("SSESpecification: {SSEEnabled: true, KMSMasterKeyId: 'arn:aws:kms:eu-west-1:1:alias/aws/dynamodb'}", None),
        ("SSESpecification: {SSEEnabled: !Ref Gone, KMSMasterKeyId: alias/mine}", "?"),
        ("SSESpecification: !Ref Gone", "?"),
        ("SSESpecification: {SSEEnabled: !Ref Gone}", None),
    ],
)
def test_only_a_customer_key_that_is_in_use_is_the_key(properties: str, shown: str | None) -> None:
    text = table(properties) + "\n  Secret: {Type: AWS::KMS::Key}"
    key = said(read(text).table().key)

    assert (key.shown() if hasattr(key, "shown") else key) == shown


GLOBAL = """
Parameters: {{Second: {{Type: String, Default: eu-central-1}}, Open: {{Type: String}}}}
Resources:
  Orders:
    Type: AWS::DynamoDB::GlobalTable
    DeletionPolicy: Retain
    Properties:
      TableName: orders
      SSESpecification: {{SSEEnabled: true}}
      Replicas: {0}
"""

FIRST = "{Region: eu-west-1, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}"


def test_the_first_replica_stands_for_the_table() -> None:
    table_ = read(GLOBAL.format(f"[{FIRST}]")).table()

    assert (said(table_.pitr), said(table_.subject.region), table_.subject.part) == (True, "eu-west-1", "")


def test_a_second_replica_without_pitr_is_found() -> None:
    replica = read(GLOBAL.format(f"[{FIRST}, {{Region: eu-central-1}}]")).replica("eu-central-1")

    assert said(replica.pitr) is False
    assert said(replica.table.pitr) is True


def test_each_replica_has_its_own_protection() -> None:
    second = (
        "{Region: !Ref Second, DeletionProtectionEnabled: true, "
        "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 3}, "
        "SSESpecification: {KMSMasterKeyId: alias/second}, Tags: [{Key: a, Value: b}], "
        "ResourcePolicy: {PolicyDocument: {Statement: []}}}"
    )
    replica = read(GLOBAL.format(f"[{FIRST}, {second}]")).replica("eu-central-1")
    key = said(replica.key)

    assert [said(replica.pitr), said(replica.pitr_window), said(replica.deletion_protection)] == [True, 3, True]
    assert key.shown() == "alias/second"  # type: ignore[attr-defined]
    assert said(replica.policy) is not None
    assert replica.tags.entries[0][0] == "a"
    assert replica.arn.shown() == "arn:${AWS::Partition}:dynamodb:eu-central-1:${AWS::AccountId}:table/orders"
    assert replica.subject.title() == "Orders in eu-central-1"


def test_a_replica_whose_region_is_not_known_is_still_a_replica() -> None:
    replica = read(GLOBAL.format(f"[{FIRST}, {{Region: !Ref Open}}, {{}}]"))

    assert said(replica.replica("replica 2").subject.region) == "?"
    assert said(replica.replica("replica 3").pitr) is False


@pytest.mark.parametrize("replicas", ["!Ref Open", "[]", "", "!GetAtt X.Y"])
def test_replicas_that_are_not_known_leave_everything_unknown(replicas: str) -> None:
    table_ = read(GLOBAL.format(replicas)).table()

    assert [said(table_.pitr), said(table_.deletion_protection), said(table_.subject.region)] == ["?", "?", "?"]


def test_replicas_may_differ_by_scenario() -> None:
    rest = "Conditions: {Two: !Equals [!Ref Second, eu-central-1]}"
    text = rest + GLOBAL.format("!If [Two, [{Region: a}, {Region: b}], [{Region: a}]]")
    variants = read(text).reading.replicas[0].variants

    assert [variant.item and variant.item.subject.part for variant in variants] == ["b", None]


def test_global_tables_scale_by_settings_of_their_own() -> None:
    text = (
        GLOBAL.format(f"[{FIRST}]") + "      WriteProvisionedThroughputSettings: {WriteCapacityAutoScalingSettings: {}}"
    )

    assert said(read(text).table().autoscaled) is True


SIMPLE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::SimpleTable
    DeletionPolicy: Retain
    Properties: {0}
"""


def test_a_simple_table_is_a_table() -> None:
    properties = (
        "{TableName: orders, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}, Tags: {a: b}}"
    )
    table_ = read(SIMPLE.format(properties)).table()

    assert (said(table_.pitr), said(table_.subject.name), said(table_.partition_key)) == (True, "orders", "id")
    assert [(name, said(value)) for name, value in table_.tags.entries] == [("a", "b")]
    assert table_.kept_on_delete is not None
    assert said(table_.kept_on_delete) == "Retain"


def test_a_simple_tables_key_is_its_primary_key() -> None:
    assert said(read(SIMPLE.format("{PrimaryKey: {Name: LockID, Type: String}}")).table().partition_key) == "LockID"


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("table/orders", True),
        ("!Sub 'table/${Orders}'", True),
        ("!Join ['/', [table, !Ref Orders]]", True),
        ("!Sub 'table/${Env}-other'", False),
        ("!Sub 'table/${Orders}/index/By'", False),
        ("table/others", False),
        ("!ImportValue other", "?"),
    ],
)
def test_a_table_that_a_scalable_target_names_scales(target: str, wanted: object) -> None:
    text = (
        table("TableName: orders", "Parameters: {Env: {Type: String}}")
        + f"""
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {{ResourceId: {target}}}
"""
    )

    assert said(read(text).table().autoscaled) == wanted


@pytest.mark.parametrize(
    ("properties", "wanted"),
    [
        ("Tags: [{Key: restored-from, Value: orders}]", "orders"),
        ("Tags: [{Key: restored-from, Value: !Ref Gone}]", "?"),
        ("Tags: [{Key: other, Value: orders}]", None),
    ],
)
def test_a_tag_says_what_a_table_was_restored_from(properties: str, wanted: object) -> None:
    assert said(read(table(properties)).table().restored_from) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("OrdersRestored", "Orders"), ("OrdersRestored20240101", "Orders"), ("Restored", None), ("RestoredOrders", None)],
)
def test_a_logical_id_says_what_a_table_was_restored_from(name: str, wanted: object) -> None:
    assert said(read(f"Resources: {{{name}: {{Type: AWS::DynamoDB::Table}}}}").table(name).restored_from) == wanted


def test_metadata_declares_the_class_with_the_reason() -> None:
    declared = (
        read(table("TableName: x", attributes="Metadata: {recoverable: {class: rebuildable, reason: a cache}}"))
        .table()
        .declared_class
    )

    assert [fact.text for fact in declared.equals("rebuildable").facts] == ["class is rebuildable", "reason is a cache"]


def test_metadata_is_handed_on_as_a_remark() -> None:
    remark = read(table("TableName: x", attributes="Metadata: {recoverable: {accept: []}}")).reading.remarks[0]

    assert (remark.path, remark.address) == ("app.yaml", "Orders")


def test_cdk_gives_the_construct_path() -> None:
    text = table("TableName: x", attributes="Metadata: {aws:cdk:path: Shop/Orders/Resource}")

    assert read(text).table().subject.construct == "Shop/Orders/Resource"


def test_a_given_region_and_account_are_the_tables() -> None:
    subject = read(table("TableName: x"), AWS__Region="eu-west-1", AWS__AccountId="123456789012").table().subject

    assert (said(subject.region), said(subject.account)) == ("eu-west-1", "123456789012")


@pytest.mark.parametrize("body", ["text", "[]", "{}", "{Type: [a]}", "{Type: !Ref X}", ""])
def test_what_is_no_resource_is_left_alone(body: str) -> None:
    text = f"AWSTemplateFormatVersion: 2010-09-09\nResources:\n  Orders: {body}\n"

    assert read(text).reading.tables == ()


@pytest.mark.parametrize("section", ["Resources: []", "Resources: text", "Resources:", "Parameters: []\nConditions: x"])
def test_sections_of_the_wrong_shape_are_empty(section: str) -> None:
    assert read(f"AWSTemplateFormatVersion: 2010-09-09\n{section}\n").reading.tables == ()


@pytest.mark.parametrize("properties", ["text", "[a]", "5", "!Ref Gone", "!GetAtt X.Y"])
def test_properties_of_the_wrong_shape_leave_things_unknown(properties: str) -> None:
    text = f"Resources: {{Orders: {{Type: AWS::DynamoDB::Table, Properties: {properties}}}}}"

    assert said(read(text).table().pitr) == "?"


def test_tags_with_unknown_keys_leave_room_for_any() -> None:
    tags = read(table("Tags: [{Key: !Ref Gone, Value: x}, {Value: y}, {Key: a, Value: !Ref Gone}]")).table().tags

    assert tags.open == "the key of a tag is not known"
    assert [(name, said(value)) for name, value in tags.entries] == [("a", "?")]


def test_resources_in_the_order_of_the_text_are_tables_in_that_order() -> None:
    text = "Resources: {B: {Type: AWS::DynamoDB::Table}, A: {Type: AWS::DynamoDB::Table}}"

    assert read_all({"b.yaml": text, "a.yaml": text}).addresses() == ["B", "A", "B", "A"]


def test_an_unknown_window_keeps_its_reason() -> None:
    text = table(
        "PointInTimeRecoverySpecification: {RecoveryPeriodInDays: !Ref Days}", "Parameters: {Days: {Type: Number}}"
    )

    assert why(read(text).table().pitr_window) == "it comes from parameter Days, which has no default"
