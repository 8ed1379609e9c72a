"""`recoverable audit` as a user runs it: against servers on loopback, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from aws_stub import Stub
from collecting import ACCOUNT, HOME, a_world, command
from moto_server import environment, moto_server


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub(a_world()) as stub:
        yield stub
    assert stub.mistakes == []


def audit(stub: Stub, *words: str) -> tuple[int, dict[str, Any], str]:
    done = command("audit", "--region", HOME, "--format", "json", *words, environment=stub.environment())
    return done.returncode, json.loads(done.stdout), done.stderr


def test_an_account_is_asked_and_judged(stub: Stub) -> None:
    code, report, _ = audit(stub)

    assert code == 1
    assert report["errors"] == []
    found = {(one["rule"], one["arn"]) for one in report["findings"]}
    assert ("pitr-disabled", f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/table-1") in found
    assert ("pitr-disabled", f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/table-0") not in found


def test_what_is_kept_gives_the_same_report_again(stub: Stub, tmp_path: Path) -> None:
    _, report, _ = audit(stub, "--snapshot", str(tmp_path / "kept"))
    done = command("check", str(tmp_path / "kept"), "--format", "json", environment={})

    assert done.returncode == 1
    assert json.loads(done.stdout) == report


def test_a_call_that_is_denied_is_an_error_and_leaves_open_what_needs_it(stub: Stub) -> None:
    stub.deny("dynamodb:DescribeContinuousBackups", TableName="table-1")

    code, report, _ = audit(stub)

    assert code == 2
    assert [error["kind"] for error in report["errors"]] == ["denied"]
    table = f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/table-1"
    assert ("pitr-disabled", table) in {(one["rule"], one["arn"]) for one in report["undetermined"]}
    assert not [one for one in report["findings"] if one["rule"] == "pitr-disabled"]


def test_no_credentials_are_an_error_with_what_to_do() -> None:
    done = command("audit", environment={"AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nowhere"})

    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing was collected: NoCredentials" in done.stderr


def test_resuming_takes_a_folder() -> None:
    done = command("audit", "--resume", environment={})

    assert done.returncode == 2
    assert "--snapshot DIR" in done.stderr


def test_a_finding_points_into_the_template_that_declares_it(stub: Stub, tmp_path: Path) -> None:
    template = tmp_path / "app.yaml"
    template.write_text(
        "Resources:\n"
        "  First:\n"
        "    Type: AWS::DynamoDB::Table\n"
        "    Properties:\n"
        "      TableName: table-1\n"
        "      PointInTimeRecoverySpecification:\n"
        "        PointInTimeRecoveryEnabled: false\n",
        encoding="utf-8",
    )

    _, report, _ = audit(stub, "--iac", str(template), "--only", "pitr-disabled")

    (finding,) = report["findings"]
    assert finding["arn"].endswith(":table/table-1")
    assert (finding["location"]["path"], finding["location"]["line"]) == ("app.yaml", 7)
    assert finding["subject"]["address"] == finding["arn"]


def test_moto_and_the_stub_together_are_one_account(stub: Stub) -> None:
    """DynamoDB and its like of moto, AWS Backup of the stub."""
    with moto_server() as url:
        client = boto3.client(
            "dynamodb", endpoint_url=url, region_name=HOME, aws_access_key_id="a", aws_secret_access_key="b"
        )
        client.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        theirs = environment(url)
        backup = stub.environment("backup", "resourcegroupstaggingapi", "account")
        wanted = {name: value for name, value in backup.items() if name.startswith("AWS_ENDPOINT_URL_")}
        done = command("audit", "--region", HOME, "--format", "json", environment={**theirs, **wanted})

    report = json.loads(done.stdout)
    found = {(one["rule"], one["arn"].rpartition("/")[2]) for one in report["findings"] if one["arn"]}
    assert ("pitr-disabled", "orders") in found
