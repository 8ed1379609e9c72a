"""Snapshots become the estate: what was answered is known, and what was not is unknown, but only where it counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accounts import answer, found, judged, plan, region, snapshot, stored, table, undetermined
from recoverable.cli.main import run

SHOP = Path(__file__).parents[1] / "fixtures" / "snapshots" / "shop"
ORDERS = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
DAILY = {"Resources": [ORDERS]}


def test_a_folder_with_a_snapshot_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["check", str(SHOP), "--quiet", "--only", "pitr-disabled"])

    told = capsys.readouterr().out.splitlines()
    assert code == 2  # one call was denied
    assert [line.partition(":table/")[2].partition(":")[0] for line in told if " high " in line] == [
        "orders",
        "baskets",
    ]
    assert any("ledger: cannot tell whether" in line for line in told)


def test_a_denied_call_is_a_fault_that_is_told_once() -> None:
    report = judged(stored(SHOP))

    assert [fault.kind for fault in report.faults] == ["denied"]
    assert (
        "dynamodb:DescribeContinuousBackups was denied in account 111122223333, eu-west-1" in report.faults[0].message
    )


def test_copies_of_a_global_table_are_one_table_and_its_replicas() -> None:
    copies = {
        name: region({"orders": table("orders", region=name, pitr=False, Replicas=[{"RegionName": other}])}, name=name)
        for name, other in (("eu-west-1", "us-east-1"), ("us-east-1", "eu-west-1"))
    }

    report = judged(snapshot(copies), only=("pitr-disabled", "replica-pitr-disabled"))

    assert found(report) == {
        ("pitr-disabled", "eu-west-1 table/orders"),
        ("replica-pitr-disabled", "us-east-1 table/orders"),
    }


def test_tables_of_one_name_in_two_regions_are_two_tables() -> None:
    two = {
        name: region({"orders": table("orders", region=name, pitr=False)}, name=name)
        for name in ("eu-west-1", "us-east-1")
    }

    assert found(judged(snapshot(two), only=("pitr-disabled", "replica-pitr-disabled"))) == {
        ("pitr-disabled", "eu-west-1 table/orders"),
        ("pitr-disabled", "us-east-1 table/orders"),
    }


def test_rules_about_stacks_say_nothing_of_accounts() -> None:
    report = judged(
        snapshot({"eu-west-1": region({"orders": table("orders", protected=False)}, {"daily": plan("daily", DAILY)})})
    )

    assert not {rule for rule, _ in found(report) | undetermined(report)} & {
        "table-deleted-with-stack", "prevent-destroy-missing", "vault-deleted-with-stack",
    }  # fmt: skip


def test_a_plan_covers_tables_of_its_own_region_alone() -> None:
    star = plan("daily", {"Resources": ["*"]})
    two = {
        "eu-west-1": region({"orders": table("orders")}, {"daily": star}),
        "us-east-1": region({"orders": table("orders", region="us-east-1")}, name="us-east-1"),
    }

    report = judged(snapshot(two), only=("table-in-no-backup-plan", "backup-plan-in-another-region"))

    assert {short for _, short in found(report)} == {"us-east-1 table/orders"}


def test_a_plan_covers_tables_of_its_own_account_alone() -> None:
    other = "444455556666"
    mine = snapshot({"eu-west-1": region({"orders": table("orders")}, {"daily": plan("daily", {"Resources": ["*"]})})})
    theirs = snapshot({"eu-west-1": region({"bills": table("bills", account=other)})}, account=other)

    report = judged(mine, theirs, only=("table-in-no-backup-plan",))

    assert found(report) == {("table-in-no-backup-plan", "eu-west-1 table/bills")}


def test_plans_that_could_not_be_listed_in_one_account_leave_the_others_as_they_are() -> None:
    denied = answer("backup:ListBackupPlans", status="denied")
    mine = snapshot({"eu-west-1": region({"orders": table("orders")}, {}, denied)})
    bills = {"bills": table("bills", account="444455556666")}
    theirs = snapshot({"eu-west-1": region(bills)}, account="444455556666")

    report = judged(mine, theirs, only=("table-in-no-backup-plan",))

    assert found(report) == {("table-in-no-backup-plan", "eu-west-1 table/bills")}
    assert undetermined(report) == {("table-in-no-backup-plan", "eu-west-1 table/orders")}


def test_plans_that_could_not_be_listed_in_one_region_uncover_no_table_of_another() -> None:
    two = {
        "eu-west-1": region({"orders": table("orders")}, {}, answer("backup:ListBackupPlans", status="throttled")),
        "us-east-1": region(
            {"orders": table("orders", region="us-east-1")},
            {"daily": plan("daily", {"Resources": ["*"]}, region="us-east-1")},
            name="us-east-1",
        ),
    }
    report = judged(snapshot(two), only=("table-in-no-backup-plan", "table-excluded-from-backup"))

    assert undetermined(report) == {
        ("table-in-no-backup-plan", "eu-west-1 table/orders"),
        ("table-excluded-from-backup", "eu-west-1 table/orders"),
    }


def test_tables_that_could_not_be_listed_are_unknown() -> None:
    report = judged(snapshot({"eu-west-1": [answer("dynamodb:ListTables", status="denied")]}), only=("pitr-disabled",))

    assert undetermined(report) == {("pitr-disabled", "eu-west-1 table/*")}
    assert [fault.kind for fault in report.faults] == ["denied"]


def test_the_newest_snapshot_of_an_account_counts() -> None:
    old = snapshot({"eu-west-1": region({"orders": table("orders", pitr=False)})}, started="2026-01-01T00:00:00Z")
    new = snapshot({"eu-west-1": region({"orders": table("orders")})})

    report = judged(old, new, only=("pitr-disabled",))

    assert not report.findings
    assert [note.kind for note in report.notes] == ["older-snapshot"]


def test_what_protection_costs_follows_from_the_size_that_dynamodb_tells() -> None:
    orders = table("orders", region="us-east-1", TableSizeBytes=100 * 1024**3)

    (row,) = judged(snapshot({"us-east-1": region({"orders": orders}, name="us-east-1")})).postures

    assert row.cost is not None
    assert row.cost.prices is not None
    assert row.cost.prices.pitr is not None
    assert row.cost.monthly == round(100 * row.cost.prices.pitr, 2)


def test_a_key_of_another_account_that_dynamodb_cannot_use_is_told() -> None:
    key = "arn:aws:kms:eu-west-1:999988887777:key/11111111-2222-3333-4444-555555555555"
    refused = {"Status": "ENABLED", "KMSMasterKeyArn": key, "InaccessibleEncryptionDateTime": "2026-11-01T00:00:00Z"}
    answers = region(
        {"orders": table("orders", SSEDescription=refused)}, {}, answer("kms:DescribeKey", status="denied", KeyId=key)
    )

    report = judged(snapshot({"eu-west-1": answers}), only=("table-key-unusable",))

    assert found(report) == {("table-key-unusable", "eu-west-1 table/orders")}


def test_plans_of_a_backup_policy_cover_the_accounts_tables() -> None:
    policy = {
        "plans": {
            "daily": {
                "regions": ["eu-west-1"],
                "rules": {
                    "nightly": {"target_backup_vault_name": "backups", "schedule_expression": "cron(0 5 ? * * *)"}
                },
                "selections": {
                    "tags": {
                        "tagged": {
                            "iam_role_arn": "arn:aws:iam::$account:role/backup",
                            "tag_key": "backup",
                            "tag_value": ["daily"],
                        }
                    }
                },
            }
        }
    }
    effective = {"EffectivePolicy": {"PolicyContent": json.dumps(policy), "PolicyType": "BACKUP_POLICY"}}
    whole = [answer("organizations:DescribeEffectivePolicy", effective, PolicyType="BACKUP_POLICY")]
    tables = {"orders": table("orders", tags={"backup": "daily"}), "bills": table("bills")}
    far = table("far", region="us-east-1", tags={"backup": "daily"})
    both = {"eu-west-1": region(tables), "us-east-1": region({"far": far}, name="us-east-1")}

    report = judged(snapshot(both, whole=whole), only=("table-in-no-backup-plan", "backup-plan-in-another-region"))

    assert {name for _, name in found(report)} == {"eu-west-1 table/bills", "us-east-1 table/far"}
