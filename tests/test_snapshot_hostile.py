"""Snapshots that are broken, half there or made up: nothing crashes, nothing else is lost, and it is told."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from accounts import ACCOUNT, answer, found, judged, region, snapshot, stored, table, undetermined
from recoverable.cli.main import run
from recoverable.read.snapshot.vaults import read_vaults
from test_snapshot_unknowns import paths

SHOP = Path(__file__).parents[1] / "fixtures" / "snapshots" / "shop"

#: What may stand anywhere in JSON.
ANYTHING: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, 10**30, "", "x" * 5000, "\ud800", "*", "arn:aws:dynamodb", [], {}, [None], [[[]]],
    {"a": {"b": []}}, [1, "two", {"three": 3}], "{", '{"Statement": 7}', "9999-99-99T99:99:99Z", "0001-01-01T00:00:00",
)  # fmt: skip


def test_no_answer_crashes_the_reader() -> None:
    chance = random.Random(6)
    shop = stored(SHOP)
    places = [(place, number) for place, content in shop.files.items() for number in range(len(content["answers"]))]
    for _ in range(100):
        files = dict(shop.files)
        for place, number in chance.sample(places, 4):
            content = copy.deepcopy(files[place])
            spot = chance.choice([(), *paths(content["answers"][number])])
            put(content["answers"], (number, *spot), chance.choice(ANYTHING))
            files[place] = content

        report = judged(shop._replace(files=files))

        assert not [fault for fault in report.faults if fault.kind.endswith("crashed")]


def put(owner: Any, path: tuple[Any, ...], value: object) -> None:  # noqa: ANN401
    for step in path[:-1]:
        owner = owner[step]
    owner[path[-1]] = value


@pytest.mark.parametrize("summary", [{}, {"version": 1}, {"version": 2, "scope": []}, {"version": 1, "scope": 5}])
def test_a_summary_of_any_shape_is_told(summary: dict[str, Any]) -> None:
    report = judged(stored(SHOP)._replace(summary=summary))

    assert {fault.kind for fault in report.faults} & {"snapshot-version", "snapshot-malformed", "snapshot-unfinished"}


def test_an_account_that_breaks_the_reader_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(place: Any) -> Any:  # noqa: ANN401
        if place.account == "444455556666":
            raise RuntimeError
        return read_vaults(place)

    monkeypatch.setattr("recoverable.read.snapshot.read_vaults", broken)
    mine = snapshot({"eu-west-1": region({"orders": table("orders", pitr=False)})})
    theirs = snapshot({"eu-west-1": region({})}, account="444455556666")

    report = judged(mine, theirs, only=("pitr-disabled",))

    assert [fault.kind for fault in report.faults] == ["reader-crashed"]
    assert found(report) == {("pitr-disabled", "eu-west-1 table/orders")}


def test_a_file_that_is_missing_leaves_its_region_open() -> None:
    shop = stored(SHOP)
    files = {place: content for place, content in shop.files.items() if place[1] != "eu-central-1"}

    report = judged(shop._replace(files=files), only=("pitr-disabled", "replica-pitr-disabled"))

    assert "accounts/111122223333/eu-central-1.json is missing" in [fault.message for fault in report.faults]
    assert ("pitr-disabled", "eu-central-1 table/*") in undetermined(report)


def test_a_file_that_is_no_json_is_told_with_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "kept"
    (folder / "accounts" / ACCOUNT).mkdir(parents=True)
    (folder / "snapshot.json").write_text((SHOP / "snapshot.json").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "accounts" / ACCOUNT / "eu-west-1.json").write_text("{", encoding="utf-8")

    code = run(["check", str(folder), "--quiet"])

    assert code == 2
    assert f"accounts/{ACCOUNT}/eu-west-1.json cannot be read: it is not JSON" in capsys.readouterr().out


def test_a_snapshot_reads_nothing_outside_of_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "kept"
    (folder / "accounts" / ACCOUNT).mkdir(parents=True)
    (folder / "snapshot.json").write_text((SHOP / "snapshot.json").read_text(encoding="utf-8"), encoding="utf-8")
    secret = tmp_path / "secret.json"
    secret.write_text(
        json.dumps({"answers": [answer("dynamodb:ListTables", {"TableNames": ["secret"]})]}), encoding="utf-8"
    )
    (folder / "accounts" / ACCOUNT / "eu-west-1.json").symlink_to(secret)

    run(["check", str(folder)])

    out = capsys.readouterr().out
    assert "secret" not in out
    assert "it is no file of the snapshot" in out


def test_what_is_not_finished_is_told_and_left_open() -> None:
    whole = snapshot({"eu-west-1": [answer("dynamodb:ListTables", {"TableNames": ["orders"]})]})
    summary = copy.deepcopy(whole.summary)
    summary["finished"] = None
    summary["scope"]["accounts"][0]["regions"][0]["status"] = "unfinished"

    report = judged(whole._replace(summary=summary), only=("pitr-disabled", "table-in-no-backup-plan"))

    assert [fault.kind for fault in report.faults] == ["snapshot-unfinished"]
    assert undetermined(report) == {
        ("pitr-disabled", "eu-west-1 table/orders"),
        ("table-in-no-backup-plan", "eu-west-1 table/orders"),
    }


@pytest.mark.parametrize("status", ["unsupported", "not-opted-in", "something-new"])
def test_an_endpoint_that_does_not_know_a_call_leaves_it_open(status: str) -> None:
    orders = table("orders")
    orders[1] = answer("dynamodb:DescribeContinuousBackups", status=status, TableName="orders")

    report = judged(snapshot({"eu-west-1": region({"orders": orders})}), only=("pitr-disabled",))

    assert undetermined(report) == {("pitr-disabled", "eu-west-1 table/orders")}


def test_an_account_that_could_not_be_entered_is_a_fault() -> None:
    whole = snapshot({"eu-west-1": region({})})
    summary = copy.deepcopy(whole.summary)
    summary["scope"]["accounts"].append({"id": "444455556666", "status": "denied", "error": {"code": "AccessDenied"}})

    report = judged(whole._replace(summary=summary))

    assert [(fault.kind, "444455556666" in fault.message) for fault in report.faults] == [("account-denied", True)]


def test_a_region_that_a_policy_closes_is_out_of_scope() -> None:
    whole = snapshot({"eu-west-1": region({})})
    summary = copy.deepcopy(whole.summary)
    summary["scope"]["accounts"][0]["regions"].append({"name": "us-east-1", "status": "closed-by-scp", "error": None})

    report = judged(whole._replace(summary=summary))

    assert (report.faults, [note.kind for note in report.notes]) == ((), ["closed-by-scp"])


def test_what_config_keeps_is_known_and_what_it_leaves_out_is_not() -> None:
    orders = table("orders", protected=False)
    del orders[0]["result"]["Table"]["DeletionProtectionEnabled"]
    orders[0]["captured"] = "2026-11-20T00:00:00Z"
    only = ("deletion-protection-disabled", "table-key-not-customer-managed")

    report = judged(snapshot({"eu-west-1": region({"orders": orders})}), only=only)

    assert ("deletion-protection-disabled", "eu-west-1 table/orders") in undetermined(report)
    (finding,) = [one for one in report.undetermined if one.rule.name == "deletion-protection-disabled"]
    assert "2026-11-20" in finding.origin.start()
