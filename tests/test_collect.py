"""Collecting from AWS: what is asked, what is kept, and what becomes of everything that can go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aws_stub import Stub, World
from aws_stub.world import THEN
from collecting import ACCOUNT, HASTY, HOME, ROOT, a_world, answers, collect, everything, fill
from recoverable.collect.calls import AGGREGATE, ORGANIZATION, RECORD, calls
from recoverable.collect.collection import EntryRefusedError, Summary
from recoverable.collect.folder import FolderError
from recoverable.collect.wire import Patience

Answers = dict[str, dict[str, Any]]
Gather = Callable[..., Summary]

#: Asked only where another call failed.
INSTEAD = {"dynamodb:ListTagsOfResource", "ec2:DescribeRegions"}


ASKED = {name for name, call in calls().items() if call.scope not in (AGGREGATE, ORGANIZATION, RECORD)} - INSTEAD


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def stub(world: World) -> Iterator[Stub]:
    with Stub(world) as stub:
        yield stub
    assert stub.mistakes == []


@pytest.fixture
def gather(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gather:
    """Collects into a folder of that name."""

    def gather(name: str, **options: Any) -> Summary:  # noqa: ANN401
        return collect(stub, tmp_path / name, monkeypatch, **options)

    return gather


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """The answers of a run in which nothing goes wrong."""
    folder = tmp_path_factory.mktemp("whole") / "s"
    with pytest.MonkeyPatch.context() as patch, Stub(a_world()) as stub:
        collect(stub, folder, patch)
    return {**answers(folder), **answers(folder, region="global")}


def test_every_call_of_the_table_is_made_and_no_other(stub: Stub, gather: Gather) -> None:
    summary = gather("s")

    assert {*stub.counts} == ASKED
    assert {name: counts["requests"] for name, counts in summary.calls.items()} == stub.counts
    assert summary.troubles == []


def test_a_region_with_nothing_is_asked_three_things(stub: Stub, gather: Gather) -> None:
    gather("s", regions=("us-east-1",))

    assert {asked.operation for asked in stub.asked if asked.service in ("dynamodb", "backup", "kms", "events")} == {
        "ListTables", "ListBackupVaults", "ListBackupPlans", "DescribeGlobalSettings",
    }  # fmt: skip


def test_every_file_fits_the_schema(stub: Stub, tmp_path: Path, gather: Gather) -> None:
    stub.deny("dynamodb:DescribeTable", TableName="table-1")
    gather("s")
    schema = json.loads((ROOT / "linter/recoverable/schemas/snapshot.schema.json").read_text(encoding="utf-8"))

    files = sorted((tmp_path / "s").rglob("*.*"))
    assert len(files) == 5
    for path in files:
        jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), schema)


def test_answers_are_sorted_whenever_they_came(tmp_path: Path, gather: Gather) -> None:
    gather("s")
    keys = [key.split(" ", 1) for key in answers(tmp_path / "s")]

    assert keys == sorted(keys, key=lambda key: (*key[0].split(":"), key[1]))


def test_two_runs_tell_the_same(tmp_path: Path, gather: Gather) -> None:
    gather("a")
    gather("b")

    assert everything(tmp_path / "a") == everything(tmp_path / "b")


def test_pages_are_merged(stub: Stub, whole: Answers, tmp_path: Path, gather: Gather) -> None:
    stub.page = 1
    gather("s")

    told = answers(tmp_path / "s")
    assert told["dynamodb:ListTables {}"] == whole["dynamodb:ListTables {}"]
    assert stub.counts["dynamodb:ListTables"] == 3 + 2
    assert told == {key: each for key, each in whole.items() if key in told}


def test_empty_pages_end_no_list(stub: Stub, whole: Answers, tmp_path: Path, gather: Gather) -> None:
    stub.fault("empty-pages")
    gather("s", regions=(HOME,))

    told = answers(tmp_path / "s")
    assert told == {key: each for key, each in whole.items() if key in told}


def test_unknown_fields_change_nothing(stub: Stub, whole: Answers, tmp_path: Path, gather: Gather) -> None:
    stub.fault("unknown-fields")
    gather("s")

    told = answers(tmp_path / "s")
    # Maps may have any key.
    for name in ("backup:DescribeRegionSettings {}",):
        told.pop(name)
    assert told == {key: each for key, each in whole.items() if key in told}


@pytest.mark.parametrize("call", sorted(ASKED))
def test_what_is_denied_is_denied_and_nothing_else_changes(
    stub: Stub, whole: Answers, tmp_path: Path, gather: Gather, call: str
) -> None:
    stub.deny(call)
    if call == "sts:GetCallerIdentity":
        with pytest.raises(EntryRefusedError):
            gather("s")
        return
    summary = gather("s", regions=(HOME,))
    told = {**answers(tmp_path / "s"), **answers(tmp_path / "s", region="global")}

    assert {trouble.call for trouble in summary.troubles} == {call}
    denied = {key for key, each in told.items() if each["status"] == "denied"}
    assert denied == {key for key in whole if key.startswith(f"{call} ")}
    assert all(told[key]["result"] is None and not told[key]["complete"] for key in denied)
    others = {key: each for key, each in told.items() if key not in denied and key.partition(" ")[0] not in INSTEAD}
    for key, each in others.items():
        assert each == whole[key]
    instead = {key.partition(" ")[0] for key in told} & INSTEAD
    assert instead == {
        "resourcegroupstaggingapi:GetResources": {"dynamodb:ListTagsOfResource"},
        "account:ListRegions": {"ec2:DescribeRegions"},
    }.get(call, set())


def test_one_denied_item_leaves_the_others(stub: Stub, tmp_path: Path, gather: Gather) -> None:
    stub.deny("dynamodb:DescribeContinuousBackups", TableName="table-1")
    gather("s")

    told = {key: each["status"] for key, each in answers(tmp_path / "s").items() if "ContinuousBackups" in key}
    assert [*told.values()] == ["ok", "denied", "ok"]


def test_throttling_loses_nothing(stub: Stub, whole: Answers, tmp_path: Path, gather: Gather) -> None:
    """One call at a fifth of what we take AWS to allow."""
    stub.limits = dict.fromkeys(calls(), 10.0)
    stub.limits["dynamodb:DescribeContinuousBackups"] = 2
    for number in range(3, 9):
        stub.world.account(ACCOUNT).region(HOME).table(f"table-{number}", pitr=True)
    summary = gather("s", regions=(HOME,), patience=Patience(pause=0.1, longest=1))

    told = answers(tmp_path / "s")
    assert {each["status"] for each in told.values()} == {each["status"] for each in whole.values()}
    assert len([key for key in told if "DescribeContinuousBackups" in key]) == 9
    assert summary.calls["dynamodb:DescribeContinuousBackups"]["throttled"] > 0
    assert summary.troubles == []


def test_what_is_throttled_for_ever_is_given_up_and_named(stub: Stub, gather: Gather) -> None:
    stub.fail("dynamodb:DescribeTimeToLive", code="ThrottlingException", status=400)
    summary = gather("s", regions=(HOME,))

    (trouble,) = summary.troubles
    assert (trouble.call, trouble.status, trouble.answers) == ("dynamodb:DescribeTimeToLive", "throttled", 3)


def _patience(kind: str) -> Patience:
    """Silence is told by waiting, and a busy machine is silent, too."""
    return HASTY._replace(read=0.5, failed=2) if kind == "silence" else HASTY


@pytest.mark.parametrize("kind", ["drop", "nonsense", "silence"])
def test_a_fault_that_passes_loses_nothing(
    stub: Stub, whole: Answers, tmp_path: Path, gather: Gather, kind: str
) -> None:
    stub.fault(kind, "dynamodb:*", times=1 if kind == "silence" else 2)
    stub.fail("backup:*", times=2)
    summary = gather("s", regions=(HOME,), patience=_patience(kind))

    told = answers(tmp_path / "s")
    assert {*whole} >= {*told}
    assert [each for each in told.values() if each["status"] == "failed"] == []
    assert summary.troubles == []


@pytest.mark.parametrize("kind", ["drop", "nonsense", "silence"])
def test_a_fault_that_stays_fails_what_it_hits(stub: Stub, tmp_path: Path, gather: Gather, kind: str) -> None:
    """Broken JSON above all: botocore takes it for an answer with nothing in it."""
    stub.fault(kind, "dynamodb:ListBackups")
    summary = gather("s", regions=(HOME,), patience=_patience(kind))

    (trouble,) = summary.troubles
    assert (trouble.call, trouble.status) == ("dynamodb:ListBackups", "failed")
    assert answers(tmp_path / "s")['dynamodb:ListBackups {"BackupType": "USER"}']["result"] is None


def test_a_repeated_token_ends(stub: Stub, tmp_path: Path, gather: Gather) -> None:
    stub.page = 1
    stub.fault("repeated-token", "dynamodb:ListTables")
    summary = gather("s", regions=(HOME,))

    told = answers(tmp_path / "s")["dynamodb:ListTables {}"]
    assert not told["complete"]
    assert told["error"]["code"] == "RepeatedToken"
    assert told["result"]["TableNames"][0] == "table-0"
    assert [trouble.call for trouble in summary.troubles] == ["dynamodb:ListTables"]


def test_a_later_page_that_fails_keeps_the_earlier(stub: Stub, tmp_path: Path, gather: Gather) -> None:
    stub.page = 2
    stub.deny("dynamodb:ListTables", ExclusiveStartTableName=f"from-{'0' * 32}-2")
    gather("s", regions=(HOME,))

    told = answers(tmp_path / "s")["dynamodb:ListTables {}"]
    assert (told["status"], told["complete"]) == ("denied", False)
    assert told["result"] == {"TableNames": ["table-0", "table-1"]}


def test_a_table_that_goes_meanwhile_is_absent(stub: Stub, tmp_path: Path, gather: Gather) -> None:
    stub.fail("dynamodb:DescribeContinuousBackups", code="TableNotFoundException", status=400, TableName="table-1")
    summary = gather("s", regions=(HOME,))

    assert answers(tmp_path / "s")['dynamodb:DescribeContinuousBackups {"TableName": "table-1"}']["status"] == "absent"
    assert summary.troubles == []


def test_a_region_that_an_scp_closes_is_said_once(stub: Stub, tmp_path: Path, gather: Gather) -> None:
    for call in ("dynamodb:*", "backup:*"):
        stub.deny(call, region="us-east-1", scp=True)
    summary = gather("s")

    (account,) = summary.accounts
    assert {each["name"]: each["status"] for each in account["regions"]} == {
        "eu-central-1": "ok", HOME: "ok", "us-east-1": "closed-by-scp",
    }  # fmt: skip
    assert summary.troubles == []
    assert not (tmp_path / "s" / "accounts" / ACCOUNT / "us-east-1.json").exists()


def test_a_region_in_which_only_one_service_is_denied_is_trouble(stub: Stub, gather: Gather) -> None:
    stub.deny("backup:*", region="us-east-1", scp=True)
    summary = gather("s")

    assert {trouble.region for trouble in summary.troubles} == {"us-east-1"}


def test_a_region_that_is_not_switched_on_is_not_asked(stub: Stub, gather: Gather) -> None:
    summary = gather("s", regions=(HOME, "af-south-1"))

    (account,) = summary.accounts
    assert [(each["name"], each["status"]) for each in account["regions"]] == [
        ("af-south-1", "not-opted-in"),
        (HOME, "ok"),
    ]
    assert "af-south-1" not in {asked.region for asked in stub.asked}


def test_regions_are_found_out_where_nobody_tells(stub: Stub, gather: Gather) -> None:
    stub.deny("account:ListRegions")
    stub.deny("ec2:DescribeRegions")
    summary = gather("s")

    (account,) = summary.accounts
    found = {each["name"]: each["status"] for each in account["regions"]}
    assert {name for name, status in found.items() if status == "ok"} == {"eu-central-1", HOME, "us-east-1"}
    assert found["ap-southeast-5"] == "not-opted-in"
    assert {trouble.call for trouble in summary.troubles} == {"account:ListRegions", "ec2:DescribeRegions"}


def test_of_many_recovery_points_the_ends_are_kept(stub: Stub, tmp_path: Path, gather: Gather) -> None:
    region = stub.world.account(ACCOUNT).region(HOME)
    region.vaults["backups"]["Points"] = [
        region.point(
            "table-0", "backups", day, CreationDate=THEN + timedelta(days=day), CreatedBy={"BackupRuleId": rule}
        )
        for day in range(20)
        for rule in ("daily", "weekly")
    ] + [region.point("table-1", "backups", 99, Status="EXPIRED")]
    stub.page = 7
    gather("s", regions=(HOME,))

    (told,) = (each for key, each in answers(tmp_path / "s").items() if "ListRecoveryPoints" in key)
    kept = [
        (p["CreationDate"][:10], p.get("CreatedBy", {}).get("BackupRuleId")) for p in told["result"]["RecoveryPoints"]
    ]
    assert kept == [("2025-03-01", "daily"), ("2025-03-20", "daily"), ("2025-03-20", "weekly"), ("2025-03-01", None)]
    assert told["left_out"] == 41 - 4


def test_inputs_of_other_services_and_addresses_of_people_are_not_kept(
    stub: Stub, tmp_path: Path, gather: Gather
) -> None:
    gather("s")
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "s").rglob("*.json"))

    for secret in ("secret", "wJalrXUtnFEMI", stub.key(), "@example.com"):
        assert secret not in text
    assert '"Input": "{}"' in text  # a schedule that calls DynamoDB itself


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "mine").write_text("")

    with pytest.raises(FolderError, match="not empty"):
        gather(".")
    with pytest.raises(FolderError, match="no snapshot"):
        gather(".", resume=True)


def test_going_on_asks_for_what_is_missing_only(stub: Stub, tmp_path: Path, gather: Gather) -> None:
    gather("whole")
    stub.deny("dynamodb:DescribeTable", TableName="table-1")
    stub.fail("backup:GetBackupPlan")
    gather("s")
    stub.faults.clear()
    stub.counts.clear()
    summary = gather("s", resume=True)

    assert {name: count for name, count in stub.counts.items() if not name.startswith("sts")} == {
        "dynamodb:DescribeTable": 1, "backup:GetBackupPlan": 1,
    }  # fmt: skip
    assert summary.troubles == []
    assert everything(tmp_path / "s") == everything(tmp_path / "whole")


def test_a_service_that_a_region_does_not_have_is_no_trouble(
    stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a Region has no address for it; one that has the service may be unreachable."""
    environment = {**stub.environment(), "AWS_ENDPOINT_URL_SCHEDULER": "http://127.0.0.1:9"}
    fill(stub.world.account(ACCOUNT).region("xx-new-1"))
    stub.world.account(ACCOUNT).opted.append("xx-new-1")
    summary = collect(environment, tmp_path / "s", monkeypatch, regions=("xx-new-1",))
    told = answers(tmp_path / "s", region="xx-new-1")
    assert told["scheduler:ListSchedules {}"]["status"] == "unsupported"
    assert summary.troubles == []

    summary = collect(environment, tmp_path / "t", monkeypatch, regions=(HOME,))
    assert [(trouble.call, trouble.status) for trouble in summary.troubles] == [("scheduler:ListSchedules", "failed")]


def test_reports_that_a_region_does_not_have_are_no_trouble(stub: Stub, tmp_path: Path, gather: Gather) -> None:
    """AWS Backup calls it a lack of privileges."""
    message = "Insufficient privileges to perform this action."
    for call in ("backup:ListReportPlans", "backup:ListBackupPlans"):
        stub.fail(call, code="AccessDeniedException", status=403)
        stub.faults[-1].message = message
    summary = gather("s", regions=(HOME,))
    assert [trouble.call for trouble in summary.troubles] == ["backup:ListBackupPlans"]

    stub.faults.pop()
    assert gather("t", regions=(HOME,)).troubles == []
    assert answers(tmp_path / "t")["backup:ListReportPlans {}"]["status"] == "unsupported"


def test_two_regions_do_not_ask_for_each_others_plans(stub: Stub, gather: Gather) -> None:
    other = stub.world.account(ACCOUNT).region("us-east-1")
    other.plan("another", [], [])
    fill(stub.world.account(ACCOUNT).region("eu-central-1"))
    summary = gather("s")

    assert stub.counts["backup:GetBackupPlan"] == 3
    assert summary.troubles == []
