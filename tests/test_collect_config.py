"""Tables read from records of AWS Config: fewer calls, older facts, and what is not recorded is not known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aws_stub import Organization, Stub
from collecting import ACCOUNT, HOME, OTHER, a_world, answers, collect, command, everything, fill
from recoverable.collect.collection import Request, Summary
from recoverable.collect.folder import FolderError

OF_A_TABLE = ("DescribeTable", "DescribeContinuousBackups", "DescribeTimeToLive", "GetResourcePolicy")


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub(a_world()) as stub:
        stub.world.account(ACCOUNT).region(HOME).recorded = True
        yield stub
    assert stub.mistakes == []


def _asked(stub: Stub) -> dict[str, int]:
    return {name: stub.counts[f"dynamodb:{name}"] for name in OF_A_TABLE if stub.counts[f"dynamodb:{name}"]}


def test_a_record_answers_for_the_table(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collect(stub, tmp_path / "direct", monkeypatch, regions=(HOME,))
    stub.counts.clear()
    summary = collect(stub, tmp_path / "config", monkeypatch, regions=(HOME,), source="config")
    told, direct = answers(tmp_path / "config"), answers(tmp_path / "direct")

    assert _asked(stub) == {}
    assert summary.troubles == []
    for number in range(3):
        name = f'dynamodb:DescribeTable {{"TableName": "table-{number}"}}'
        table, asked = told[name]["result"]["Table"], direct[name]["result"]["Table"]
        assert table == {key: value for key, value in asked.items() if key != "DeletionProtectionEnabled"}
        assert told[name]["captured"] == "2026-10-01T10:00:00Z"
        name = f'dynamodb:DescribeContinuousBackups {{"TableName": "table-{number}"}}'
        recovery, asked = (
            each[name]["result"]["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
            for each in (told, direct)
        )
        assert recovery == {"PointInTimeRecoveryStatus": asked["PointInTimeRecoveryStatus"]}
    rest = {key: each for key, each in direct.items() if not any(f":{name} " in key for name in OF_A_TABLE)}
    assert rest == {key: each for key, each in told.items() if key in rest}


def test_auto_asks_for_what_has_no_record(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub.world.account(ACCOUNT).region(HOME).unrecorded.add("table-1")
    collect(stub, tmp_path / "s", monkeypatch, regions=(HOME,), source="auto")

    assert _asked(stub) == dict.fromkeys(OF_A_TABLE, 1)
    assert "captured" not in answers(tmp_path / "s")['dynamodb:DescribeTable {"TableName": "table-1"}']


def test_config_alone_leaves_what_has_no_record_unasked(
    stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.world.account(ACCOUNT).region(HOME).unrecorded.add("table-1")
    collect(stub, tmp_path / "s", monkeypatch, regions=(HOME,), source="config")

    assert _asked(stub) == {}
    assert 'dynamodb:DescribeTable {"TableName": "table-1"}' not in answers(tmp_path / "s")


@pytest.mark.parametrize("source", ["config", "auto"])
def test_where_config_is_denied_only_auto_goes_without(
    stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    stub.deny("config:SelectResourceConfig")
    summary = collect(stub, tmp_path / "s", monkeypatch, regions=(HOME,), source=source)

    named = [trouble.call for trouble in summary.troubles]
    assert (named, sum(_asked(stub).values())) == {
        "config": (["config:SelectResourceConfig"], 0),
        "auto": ([], 12),
    }[source]


def test_nonsense_in_a_record_is_no_record(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    region = stub.world.account(ACCOUNT).region(HOME)
    region.tables["table-0"]["Table"]["CreationDateTime"] = "yesterday"
    region.tables["table-2"]["Recovery"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] = "SO SO"
    stub.strict = False
    stub.fail("dynamodb:DescribeTable", TableName="table-0", code="ResourceNotFoundException", status=400)
    summary: Summary = collect(stub, tmp_path / "s", monkeypatch, regions=(HOME,), source="auto")

    assert stub.counts["dynamodb:DescribeTable"] == 1
    assert summary.troubles == []


def test_an_aggregator_answers_for_all_accounts(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = stub.world
    world.organization = Organization(ACCOUNT)
    fill(world.account(OTHER).region(HOME))
    world.account(OTHER).region(HOME).recorded = True
    collect(stub, tmp_path / "s", monkeypatch, regions=(HOME,), source="auto", aggregator="all",
            organization=True, member_role="audit")  # fmt: skip

    assert stub.counts["config:SelectAggregateResourceConfig"] == 1
    assert stub.counts["config:SelectResourceConfig"] == 0
    assert _asked(stub) == {}
    for account in (ACCOUNT, OTHER):
        table = answers(tmp_path / "s", account)['dynamodb:DescribeTable {"TableName": "table-0"}']
        assert table["result"]["Table"]["TableArn"].split(":")[4] == account


def test_going_on_gives_the_same(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"regions": (HOME,), "source": "auto"}
    collect(stub, tmp_path / "whole", monkeypatch, **options)
    stub.deny("backup:GetBackupPlan")
    collect(stub, tmp_path / "s", monkeypatch, **options)
    stub.faults.clear()
    collect(stub, tmp_path / "s", monkeypatch, **options, resume=True)

    assert everything(tmp_path / "s") == everything(tmp_path / "whole")
    with pytest.raises(FolderError, match="begun with --source auto"):
        collect(stub, tmp_path / "s", monkeypatch, regions=(HOME,), resume=True)


def test_the_printed_policy_has_it_only_if_it_is_asked_for() -> None:
    plain, config = (
        json.loads(command("print-policy", "--org", *words, environment={}).stdout)["Statement"]
        for words in ((), ("--source", "auto"))
    )
    more = [{*asked["Action"]} - {*given["Action"]} for given, asked in zip(plain, config, strict=True)]

    assert more == [{"config:SelectResourceConfig"}, {"config:SelectAggregateResourceConfig"}, set()]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--config-aggregator", "all"), "--config-aggregator is about the accounts of an organization"),
        (("--config-aggregator", "all", "--org"), "--config-aggregator asks AWS Config: give --source config or"),
    ],
)
def test_an_aggregator_needs_an_organization_and_a_source(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    done = command("collect", "-o", str(tmp_path / "s"), *words, environment={})

    assert done.returncode == 2
    assert message in done.stderr


def test_a_request_reads_from_the_services_by_itself() -> None:
    assert Request(Path()).source == "direct"
