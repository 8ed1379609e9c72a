"""How many requests collecting takes is known before: docs/snapshots.md says how many, and servers count them."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from math import ceil
from pathlib import Path

import pytest

from aws_stub import Account, Organization, Region, Stub, World
from collecting import ACCOUNT, collect, fill


def _pages(entries: int, page: int) -> int:
    return max(1, ceil(entries / page))


def _of_region(region: Region) -> Counter[str]:
    """The plan on paper for one Region: T tables, V vaults, P plans, S selections, and what comes with them."""
    tables, vaults, plans = len(region.tables), len(region.vaults), len(region.plans)
    own_keys = {key for key, each in region.keys.items() if each["Key"]["KeyManager"] == "CUSTOMER"}
    used = {table["Table"].get("SSEDescription", {}).get("KMSMasterKeyArn") for table in region.tables.values()}
    used |= {vault["Vault"]["EncryptionKeyArn"] for vault in region.vaults.values()}
    count: Counter[str] = Counter(
        {"dynamodb:ListTables": _pages(tables, 100), "backup:ListBackupVaults": 1, "backup:ListBackupPlans": 1}
    )
    count["kms:DescribeKey"] = len(used - {None})
    count["kms:GetKeyPolicy"] = len(used & own_keys)
    count["kms:ListAliases"] = 1 if used & own_keys else 0
    if tables:
        each = ("DescribeTable", "DescribeContinuousBackups", "DescribeTimeToLive", "GetResourcePolicy")
        count.update({f"dynamodb:{name}": tables for name in each})
        count["resourcegroupstaggingapi:GetResources"] = _pages(
            sum(1 for t in region.tables.values() if t["Tags"]), 100
        )
        count["dynamodb:ListBackups"] = _pages(len(region.backups), 100)
        count["application-autoscaling:DescribeScalableTargets"] = count["scheduler:ListSchedules"] = 1
        count["scheduler:GetSchedule"] = len(region.schedules)
    if vaults:
        count["backup:GetBackupVaultAccessPolicy"] = count["backup:GetBackupVaultNotifications"] = vaults
        count["backup:ListRecoveryPointsByBackupVault"] = sum(
            _pages(len(vault["Points"]), 1000) for vault in region.vaults.values() if vault["Points"]
        )
        count["backup:ListBackupJobs"], count["backup:ListCopyJobs"] = 4, 2
        for name in ("ListRestoreJobs", "ListProtectedResources", "ListRestoreTestingPlans"):
            count[f"backup:{name}"] = 1
        count["backup:GetRestoreTestingPlan"] = count["backup:ListRestoreTestingSelections"] = len(region.tests)
        count["backup:GetRestoreTestingSelection"] = sum(len(test["Selections"]) for test in region.tests.values())
    if plans:
        count["backup:GetBackupPlan"] = count["backup:ListBackupSelections"] = plans
        count["backup:GetBackupSelection"] = sum(len(plan["Selections"]) for plan in region.plans.values())
        count["backup:ListFrameworks"] = count["backup:ListReportPlans"] = count["cloudwatch:DescribeAlarms"] = 1
        count["backup:DescribeFramework"] = len(region.frameworks)
    if tables or plans:
        count["backup:DescribeRegionSettings"] = count["events:ListRules"] = 1
        count["events:ListTargetsByRule"] = len(region.rules)
    return +count


def _of_account(account: Account, *, member: bool) -> Counter[str]:
    count: Counter[str] = Counter()
    for name in {*account.opted, *account.regions}:
        count += _of_region(account.region(name))
    for call in ("sts:GetCallerIdentity", "account:ListRegions", "iam:GetAccountAuthorizationDetails"):
        count[call] += 1
    count["organizations:DescribeOrganization"] += 1
    if member:
        count["organizations:DescribeEffectivePolicy"] += 1
        count["backup:DescribeGlobalSettings"] += 1
    return count


def test_a_large_account_takes_as_many_requests_as_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    account = world.account(ACCOUNT)
    account.opted = ["eu-west-1", "eu-west-2", "eu-west-3", "us-east-1", "us-east-2"]
    fill(account.region("eu-west-1"), tables=217)
    for number in range(40):
        account.region("eu-west-2").table(f"table-{number}", tags={"a": "b"} if number % 2 else {})
    many = [account.region("us-east-1").point("gone", "old", number) for number in range(2500)]
    account.region("us-east-1").vault("old", points=many)
    account.region("us-east-1").vault("empty")
    account.region("us-east-2").plan("idle", [], [{"Resources": ["*"]}, {"Resources": ["*"]}])
    with Stub(world, strict=False) as stub:
        summary = collect(stub, tmp_path / "s", monkeypatch)

    planned = _of_account(account, member=False)
    planned["sts:GetCallerIdentity"] += 1  # to learn which account the keys are of
    assert stub.counts == planned
    assert {name: counts["requests"] for name, counts in summary.calls.items()} == planned
    assert summary.troubles == []


def test_an_organization_takes_as_many_requests_as_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.account(ACCOUNT)
    world.organization = Organization(ACCOUNT)
    for number in range(60):
        account = world.account(f"{200_000_000_000 + number}")
        if number % 3 == 0:
            account.region("eu-west-1").table("only")
    for number in range(3):
        world.organization.policy(f"p-{number}", "SERVICE_CONTROL_POLICY", {"Statement": []}, ("r-root",))
    with Stub(world, strict=False) as stub:
        summary = collect(stub, tmp_path / "s", monkeypatch, organization=True, member_role="audit")

    planned: Counter[str] = Counter()
    for account in world.accounts.values():
        planned += _of_account(account, member=True)
    planned["sts:GetCallerIdentity"] += 1
    planned["sts:AssumeRole"] = 60
    planned["organizations:ListAccounts"] = _pages(61, 20)
    planned["organizations:ListPolicies"] = 2
    planned["organizations:DescribePolicy"] = planned["organizations:ListTargetsForPolicy"] = 3
    assert stub.counts == planned
    assert summary.troubles == []


def test_while_there_is_enough_to_ask_no_further_account_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else large accounts would all be in memory at once. Here one question is enough."""
    world = World()
    world.account(ACCOUNT)
    world.organization = Organization(ACCOUNT)
    for number in range(3):
        world.account(f"{200_000_000_000 + number}").region("eu-west-1").table("only")
    monkeypatch.setattr("recoverable.collect.collection._AT_FIRST", 1)
    monkeypatch.setattr("recoverable.collect.collection._FEW_QUESTIONS", 0)
    with Stub(world, strict=False) as stub:
        summary = collect(stub, tmp_path / "s", monkeypatch, organization=True, member_role="audit")

    of_accounts = [asked.account for asked in stub.asked if asked.service in ("dynamodb", "backup")]
    assert [account for account, _ in groupby(of_accounts)] == sorted(world.accounts)
    assert [each["status"] for each in summary.accounts] == ["ok"] * 4
