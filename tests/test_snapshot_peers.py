"""The eight cases in which prowler 5.46.0's collectors were measured to give a wrong verdict."""

from __future__ import annotations

from accounts import answer, found, judged, plan, region, snapshot, table, undetermined
from recoverable.config import Settings, parse

UNCOVERED = ("table-in-no-backup-plan", "table-excluded-from-backup", "backup-plan-in-another-region")
TWO = ("eu-west-1", "us-east-1")


def arn(name: str, region: str = "eu-west-1") -> str:
    return f"arn:aws:dynamodb:{region}:111122223333:table/{name}"


def test_each_of_two_regions_has_its_plan() -> None:
    answers = {
        name: region(
            {"orders": table("orders", region=name)},
            {"daily": plan("daily", {"Resources": [arn("orders", name)]}, region=name)},
            name=name,
        )
        for name in TWO
    }

    assert found(judged(snapshot(answers), only=UNCOVERED)) == set()


def test_a_pattern_selects_by_beginning() -> None:
    tables = {name: table(name) for name in ("prod-orders", "test-orders")}
    answers = region(tables, {"daily": plan("daily", {"Resources": [arn("prod-*")]})})

    report = judged(snapshot({"eu-west-1": answers}), only=UNCOVERED)

    assert found(report) == {("table-in-no-backup-plan", "eu-west-1 table/test-orders")}


def test_a_tag_selects() -> None:
    tags = [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}]
    tables = {"orders": table("orders", tags={"backup": "daily"}), "bills": table("bills", tags={"backup": "never"})}
    answers = region(tables, {"daily": plan("daily", {"ListOfTags": tags})})

    report = judged(snapshot({"eu-west-1": answers}), only=UNCOVERED)

    assert found(report) == {("table-in-no-backup-plan", "eu-west-1 table/bills")}


def test_what_is_left_out_is_not_covered() -> None:
    everything_but = {"Resources": ["*"], "NotResources": [arn("orders")]}
    answers = region({"orders": table("orders")}, {"daily": plan("daily", everything_but)})

    report = judged(snapshot({"eu-west-1": answers}), only=UNCOVERED)

    assert found(report) == {("table-excluded-from-backup", "eu-west-1 table/orders")}


def test_a_plan_of_another_region_covers_nothing() -> None:
    answers = {
        "us-east-1": region({}, {"daily": plan("daily", {"Resources": ["*"]}, region="us-east-1")}, name="us-east-1"),
        "eu-west-1": region({"orders": table("orders")}),
    }

    report = judged(snapshot(answers), only=UNCOVERED)

    assert found(report) == {("backup-plan-in-another-region", "eu-west-1 table/orders")}


def test_a_key_that_aws_manages_is_none_of_the_customers() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/99999999-2222-3333-4444-555555555555"
    encrypted = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
    described = answer("kms:DescribeKey", {"KeyMetadata": {"KeyManager": "AWS", "KeyState": "Enabled"}}, KeyId=key)
    answers = region({"orders": table("orders", SSEDescription=encrypted)}, {}, described)
    settings: Settings = parse("objectives:\n  production:\n    customer_key: true\n")

    report = judged(snapshot({"eu-west-1": answers}), settings=settings, only=("table-key-not-customer-managed",))

    assert found(report) == {("table-key-not-customer-managed", "eu-west-1 table/orders")}


def test_one_table_that_may_not_be_described_leaves_the_others_as_they_are() -> None:
    tables = {name: table(name, protected=name != "c") for name in "abcd"}
    tables["b"][0] = answer("dynamodb:DescribeTable", status="denied", TableName="b")

    report = judged(snapshot({"eu-west-1": region(tables)}), only=("deletion-protection-disabled",))

    assert undetermined(report) == {("deletion-protection-disabled", "eu-west-1 table/b")}
    assert found(report) == {("deletion-protection-disabled", "eu-west-1 table/c")}


def test_point_in_time_recovery_that_may_not_be_asked_for_is_unknown() -> None:
    orders = table("orders")
    orders[1] = answer("dynamodb:DescribeContinuousBackups", status="denied", TableName="orders")

    report = judged(snapshot({"eu-west-1": region({"orders": orders})}), only=("pitr-disabled",))

    assert undetermined(report) == {("pitr-disabled", "eu-west-1 table/orders")}
    assert found(report) == set()
