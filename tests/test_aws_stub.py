"""The loopback AWS of the tests: a client of botocore reads from it what it was given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from aws_stub import Organization, Stub, World
from moto_server import ACCOUNT as MOTO_ACCOUNT
from moto_server import moto_server

ACCOUNT = "111122223333"


@pytest.fixture
def world() -> World:
    world = World()
    region = world.account(ACCOUNT).region("eu-west-1")
    for number in range(3):
        region.table(f"table{number}", pitr=True, tags={"backup": "daily"})
    region.vault("backups", points=[region.point("table0", "backups", n) for n in range(5)])
    region.plan("daily", [{"RuleName": "nightly", "TargetBackupVaultName": "backups"}], [{"Resources": ["*"]}])
    region.restore_test("monthly", [{"ProtectedResourceArns": ["*"]}])
    region.alarms.append({"AlarmName": "failures", "Namespace": "AWS/Backup", "MetricName": "NumberOfBackupJobsFailed"})
    world.account(ACCOUNT).role("backup", {"Version": "2012-10-17", "Statement": []})
    world.organization = Organization(ACCOUNT)
    return world


@pytest.fixture
def stub(world: World) -> Iterator[Stub]:
    with Stub(world, page=2) as stub:
        yield stub
    assert stub.mistakes == []


CLIENTS: list[Any] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while CLIENTS:
        CLIENTS.pop().close()


def _client(url: str, service: str, key: str, token: str | None = None, patience: float = 20) -> Any:  # noqa: ANN401
    config = Config(retries={"total_max_attempts": 1}, read_timeout=patience)
    client = botocore.session.Session().create_client(
        service, "eu-west-1", endpoint_url=url, config=config,
        aws_access_key_id=key, aws_secret_access_key="s", aws_session_token=token,
    )  # fmt: skip
    CLIENTS.append(client)
    return client


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "entries"),
    [
        ("dynamodb", "list_tables", {}, 3),
        ("backup", "list_backup_vaults", {}, 1),
        ("backup", "list_recovery_points_by_backup_vault", {"BackupVaultName": "backups"}, 5),
        ("backup", "list_restore_testing_selections", {"RestoreTestingPlanName": "monthly"}, 1),
        ("resourcegroupstaggingapi", "get_resources", {"ResourceTypeFilters": ["dynamodb:table"]}, 3),
        ("cloudwatch", "describe_alarms", {}, 1),
        ("iam", "get_account_authorization_details", {"Filter": ["User", "Role"]}, 1),
        ("organizations", "list_accounts", {}, 1),
        ("account", "list_regions", {}, 4),
    ],
)  # fmt: skip
def test_every_protocol_pages_to_the_end(
    stub: Stub, service: str, operation: str, parameters: dict[str, Any], entries: int
) -> None:
    pages = list(_client(stub.url, service, stub.key()).get_paginator(operation).paginate(**parameters))
    lists = [value for page in pages for value in page.values() if isinstance(value, list)]

    assert sum(len(each) for each in lists) == entries
    assert len(pages) == (entries + 1) // 2


def test_texts_times_and_numbers_come_through(stub: Stub, world: World) -> None:
    told = _client(stub.url, "dynamodb", stub.key()).describe_table(TableName="table0")["Table"]

    assert told == world.account(ACCOUNT).region("eu-west-1").tables["table0"]["Table"]
    assert _client(stub.url, "ec2", stub.key()).describe_regions()["Regions"][0]["RegionName"] == "eu-central-1"
    assert _client(stub.url, "sts", stub.key()).get_caller_identity()["Account"] == ACCOUNT


def test_what_is_denied_is_denied_and_nothing_else(stub: Stub) -> None:
    stub.deny("dynamodb:DescribeTable", TableName="table1")
    client = _client(stub.url, "dynamodb", stub.key())

    client.describe_table(TableName="table0")
    with pytest.raises(ClientError) as denied:
        client.describe_table(TableName="table1")
    assert denied.value.response["Error"]["Code"] == "AccessDeniedException"


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("dynamodb", "list_tables"),
        ("backup", "list_backup_plans"),
        ("iam", "get_account_authorization_details"),
        ("ec2", "describe_regions"),
        ("cloudwatch", "describe_alarms"),
    ],
)
def test_every_protocol_has_errors(stub: Stub, service: str, operation: str) -> None:
    stub.deny(f"{service}:*")

    with pytest.raises(ClientError) as denied:
        getattr(_client(stub.url, service, stub.key()), operation)()
    assert denied.value.response["Error"]["Code"] == "AccessDeniedException"
    assert "is not authorized to perform" in denied.value.response["Error"]["Message"]


@pytest.mark.parametrize("kind", ["silence", "drop"])
def test_a_fault_happens_as_often_as_it_is_asked_for(stub: Stub, kind: str) -> None:
    stub.fault(kind, "dynamodb:ListTables", times=1)
    client = _client(stub.url, "dynamodb", stub.key(), patience=2)

    with pytest.raises(HTTPClientError):
        client.list_tables()
    assert client.list_tables()["TableNames"] == ["table0", "table1"]


def test_a_role_of_another_account_sees_that_account(stub: Stub, world: World) -> None:
    world.account("444455556666").region("eu-west-1").table("theirs")
    given = _client(stub.url, "sts", stub.key()).assume_role(
        RoleArn="arn:aws:iam::444455556666:role/audit", RoleSessionName="recoverable"
    )["Credentials"]
    client = _client(stub.url, "dynamodb", given["AccessKeyId"], given["SessionToken"])

    assert client.list_tables()["TableNames"] == ["theirs"]


def test_moto_answers_beside_it() -> None:
    with moto_server() as url:
        client = _client(url, "sts", "AKIAIOSFODNN7EXAMPLE")

        assert client.get_caller_identity()["Account"] == MOTO_ACCOUNT
