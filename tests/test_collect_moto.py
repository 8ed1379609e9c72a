"""Collecting from moto, which keeps state, for DynamoDB, IAM, KMS, STS and tagging; the stub stands in for the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from aws_stub import Stub
from collecting import HOME, OTHER, a_world, answers, collect, command
from moto_server import ACCOUNT, environment, moto_server

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

#: What moto does not know, or not well enough.
NOT_MOTO = ("backup", "account", "scheduler", "organizations", "application-auto-scaling", "cloudwatch", "eventbridge")


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with moto_server() as url:
        for account in (ACCOUNT, OTHER):
            _fill(url, account)
        yield url


def _client(url: str, service: str, keys: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
    given: dict[str, Any] = keys or {
        "AccessKeyId": "AKIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "s",
        "SessionToken": None,
    }
    return botocore.session.Session().create_client(
        service, HOME, endpoint_url=url, aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"], aws_session_token=given["SessionToken"],
    )  # fmt: skip


def _role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/audit"


def _fill(url: str, account: str) -> None:
    """A table that is protected, and one that is not, with a key and a policy."""
    keys = None
    if account != ACCOUNT:
        assumed = _client(url, "sts").assume_role(RoleArn=_role(account), RoleSessionName="fill")
        keys = assumed["Credentials"]
    key = _client(url, "kms", keys).create_key()["KeyMetadata"]["Arn"]
    dynamodb = _client(url, "dynamodb", keys)
    for name, more in (
        ("orders", {"SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}}),
        ("baskets", {}),
    ):
        dynamodb.create_table(
            TableName=f"{name}-{account[:3]}", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST",
            Tags=[{"Key": "backup", "Value": "daily"}] if more else [], **more,
        )  # fmt: skip
    table = f"orders-{account[:3]}"
    dynamodb.update_continuous_backups(
        TableName=table,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
    )
    dynamodb.create_backup(TableName=table, BackupName="before")
    dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    _client(url, "iam", keys).create_role(
        RoleName="backup", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []})
    )


@pytest.fixture
def stub() -> Iterator[Stub]:
    """AWS Backup and others, for the accounts that moto makes up keys of."""
    with Stub(a_world()) as stub:
        stub.account_of = lambda _: next(iter(stub.world.accounts))
        yield stub


def _collect(moto: str, stub: Stub, folder: Path, *words: str) -> Any:  # noqa: ANN401
    variables = {**environment(moto), **{name: stub.url for name in stub.environment(*NOT_MOTO) if "ENDPOINT" in name}}
    return command("collect", "-o", str(folder), "--region", HOME, *words, environment=variables)


def test_what_moto_keeps_is_what_is_told(moto: str, stub: Stub, tmp_path: Path) -> None:
    done = _collect(moto, stub, tmp_path / "s")
    told = answers(tmp_path / "s", ACCOUNT)

    assert (done.returncode, done.stderr) == (0, "")
    table = told['dynamodb:DescribeTable {"TableName": "orders-123"}']["result"]["Table"]
    (key,) = (each["parameters"]["KeyId"] for name, each in told.items() if name.startswith("kms:GetKeyPolicy"))
    assert table["SSEDescription"]["KMSMasterKeyArn"] == key
    recovery = told['dynamodb:DescribeContinuousBackups {"TableName": "orders-123"}']["result"]
    described = recovery["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert (described["PointInTimeRecoveryStatus"], described["RecoveryPeriodInDays"]) == ("ENABLED", 7)
    assert told[f'dynamodb:GetResourcePolicy {{"ResourceArn": "{table["TableArn"]}"}}']["status"] == "absent"
    (tagged,) = told['resourcegroupstaggingapi:GetResources {"ResourceTypeFilters": ["dynamodb:table"]}']["result"][
        "ResourceTagMappingList"
    ]
    assert (tagged["ResourceARN"], tagged["Tags"]) == (table["TableArn"], [{"Key": "backup", "Value": "daily"}])
    (backup,) = told['dynamodb:ListBackups {"BackupType": "USER"}']["result"]["BackupSummaries"]
    assert backup["BackupName"] == "before"
    whole = answers(tmp_path / "s", ACCOUNT, "global").items()
    (details,) = (each["result"] for name, each in whole if name.startswith("iam:GetAccountAuthorizationDetails"))
    (role,) = details["RoleDetailList"]
    assert role["AssumeRolePolicyDocument"] == {"Version": "2012-10-17", "Statement": []}


def test_two_accounts_are_kept_apart(moto: str, stub: Stub, tmp_path: Path) -> None:
    _collect(moto, stub, tmp_path / "own")
    done = _collect(moto, stub, tmp_path / "other", "--role-arn", _role(OTHER))

    assert done.returncode == 0, done.stderr
    own, other = (
        answers(tmp_path / name, account)["dynamodb:ListTables {}"]["result"]["TableNames"]
        for name, account in (("own", ACCOUNT), ("other", OTHER))
    )
    assert sorted(own) == ["baskets-123", "orders-123"]
    assert sorted(other) == ["baskets-444", "orders-444"]
    assert "123456789012" not in (tmp_path / "other" / "accounts" / OTHER / f"{HOME}.json").read_text(encoding="utf-8")


def test_an_endpoint_that_knows_nothing_of_backups_leaves_them_unknown(
    moto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """moto alone: most of AWS Backup is not there, and nothing of that passes for an answer."""
    summary = collect(environment(moto), tmp_path / "s", monkeypatch, regions=(HOME,))
    told = answers(tmp_path / "s", ACCOUNT)

    assert told["backup:ListBackupPlans {}"]["status"] == "ok"
    region = told["backup:DescribeRegionSettings {}"]
    assert (region["status"], region["result"]) == ("failed", None)
    assert "backup:DescribeRegionSettings" in {trouble.call for trouble in summary.troubles}
