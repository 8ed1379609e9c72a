"""Several accounts of an organization: copies cross them, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from accounts import ACCOUNT, answer, found, judged, plan, region, snapshot, table, undetermined
from aws_stub import Organization, Stub, World
from collecting import command, fill

SAFE = "444455556666"
MANAGEMENT = "999988887777"
COPIES = f"arn:aws:backup:eu-central-1:{SAFE}:backup-vault:backups"
ORDERS = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"
REFUSED = ("copy-target-refuses",)


def mine() -> Any:  # noqa: ANN401
    """An account whose plan copies into another account's vault."""
    copying = plan("daily", {"Resources": [ORDERS]}, CopyActions=[{"DestinationBackupVaultArn": COPIES}])
    return snapshot({"eu-west-1": region({"orders": table("orders")}, {"daily": copying})})


def safe(policy: object = None, **lock: object) -> Any:  # noqa: ANN401
    """The account that copies go to: it has a vault and no tables."""
    vault = {
        "BackupVaultName": "backups",
        "BackupVaultArn": COPIES,
        "VaultType": "BACKUP_VAULT",
        "Locked": False,
        "EncryptionKeyArn": f"arn:aws:kms:eu-central-1:{SAFE}:alias/aws/backup",
        **lock,
    }
    written = {"Policy": json.dumps(policy)} if policy else None
    status = "ok" if policy else "absent"
    answers = [
        answer("dynamodb:ListTables", {"TableNames": []}),
        answer("backup:ListBackupPlans", {"BackupPlansList": []}),
        answer("backup:ListBackupVaults", {"BackupVaultList": [vault]}),
        answer("backup:GetBackupVaultAccessPolicy", written, status=status, BackupVaultName="backups"),
        answer("backup:GetBackupVaultNotifications", status="absent", BackupVaultName="backups"),
    ]
    return snapshot({"eu-central-1": answers}, account=SAFE)


def lets_in(account: str) -> dict[str, object]:
    allow = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [allow]}


def test_a_vault_of_another_account_that_lets_nobody_in_refuses_copies() -> None:
    assert {rule for rule, _ in found(judged(mine(), safe(), only=REFUSED))} == {"copy-target-refuses"}


def test_a_vault_of_another_account_that_lets_the_account_in_takes_copies() -> None:
    report = judged(mine(), safe(lets_in(ACCOUNT)), only=REFUSED)

    assert (found(report), undetermined(report)) == (set(), set())


def test_a_vault_that_lets_in_some_other_account_refuses_copies() -> None:
    report = judged(mine(), safe(lets_in("123456789012")), only=REFUSED)

    assert {rule for rule, _ in found(report)} == {"copy-target-refuses"}


def test_copies_in_a_final_lock_of_another_account_survive() -> None:
    locked = safe(lets_in(ACCOUNT), Locked=True, MinRetentionDays=7, LockDate="2026-01-01T00:00:00Z")

    row = next(row for row in judged(mine(), locked).postures if row.table.subject.name.known() == "orders")

    assert row.posture is not None
    assert [
        answer.answer.value for answer in (row.posture.other_region, row.posture.other_account, row.posture.immutable)
    ] == ["yes", "yes", "yes"]


def test_a_lock_that_is_not_final_yet_holds_nobody_back() -> None:
    locked = safe(lets_in(ACCOUNT), Locked=True, MinRetentionDays=7, LockDate="2026-12-24T00:00:00Z")

    report = judged(mine(), locked)

    row = next(row for row in report.postures if row.table.subject.name.known() == "orders")
    assert row.posture is not None
    assert row.posture.immutable.answer.value == "no"
    assert ("vault-lock-becomes-final", "eu-central-1 backup-vault:backups") in found(report)


def test_the_vault_of_one_account_is_none_of_another_with_its_name() -> None:
    """Both accounts have a vault called backups; the plan means its own."""
    short = plan("daily", {"Resources": [ORDERS]}, Lifecycle={"DeleteAfterDays": 1})
    own = snapshot({"eu-west-1": region({"orders": table("orders")}, {"daily": short})})
    locked = safe(Locked=True, MinRetentionDays=60, MaxRetentionDays=400)

    assert found(judged(own, locked, only=("retention-outside-vault-lock",))) == set()


@pytest.fixture
def stub() -> Iterator[Stub]:
    world = World()
    world.account(MANAGEMENT)
    for number in (ACCOUNT, SAFE):
        fill(world.account(number).region("eu-west-1"), 2)
    world.organization = Organization(MANAGEMENT)
    with Stub(world) as stub:
        yield stub


def test_an_organization_is_audited_and_one_closed_account_stops_no_other(stub: Stub) -> None:
    stub.deny("sts:AssumeRole", RoleArn=f"arn:aws:iam::{SAFE}:role/recoverable-audit")
    done = command(
        "audit", "--org", "--region", "eu-west-1", "--format", "json", "--only", "pitr-disabled",
        environment=stub.environment(account=MANAGEMENT),
    )  # fmt: skip

    report = json.loads(done.stdout)
    assert done.returncode == 2
    assert [(error["kind"], SAFE in error["message"]) for error in report["errors"]] == [("account-denied", True)]
    assert {one["subject"]["account"] for one in report["findings"]} == {ACCOUNT}
