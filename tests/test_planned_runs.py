"""Runs over plans from the command line: exit codes, places in reports, and what is reported on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from planned import STORIES, story
from recoverable.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lay(folder: Path, name: str) -> None:
    for path, text in story(name).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = run(list(words))
    return code, json.loads(capsys.readouterr().out)


def test_a_plan_that_destroys_a_table_fails_the_pipeline(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan.json").write_text((STORIES / "changed" / "plan.json").read_text(encoding="utf-8"))

    code, report = printed(capsys, "check", "plan.json", "--format", "json", "--only", "table-destroyed")

    assert code == 1
    assert [each["subject"]["address"] for each in report["findings"]] == ["aws_dynamodb_table.payments"]


def test_a_named_plan_is_read_with_the_sources_beside_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, "created")

    _, report = printed(capsys, "check", "plan.json", "--format", "json", "--only", "pitr-disabled")

    assert {each["location"]["path"] for each in report["findings"]} == {"main.tf", "m/main.tf"}


@pytest.mark.parametrize("words", [("--estate", ".", "plan.json"), ("--estate", ".", "main.tf", "m")])
def test_what_a_plan_and_its_sources_say_is_reported_on_for_either(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    lay(folder, "created")

    _, report = printed(capsys, "check", "--format", "json", "--only", "pitr-disabled", *words)

    # The dynamic block of one table is known only after apply.
    assert len(report["findings"]) == 4
    assert len(report["undetermined"]) == 1


def test_the_place_in_the_plan_is_a_related_location(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, "created")

    _, log = printed(capsys, "check", ".", "--format", "sarif", "--only", "pitr-disabled")

    for result in log["runs"][0]["results"]:
        (place,) = result["locations"]
        related = [each["physicalLocation"]["artifactLocation"]["uri"] for each in result["relatedLocations"]]
        assert place["physicalLocation"]["artifactLocation"]["uri"].endswith("main.tf")
        assert "plan.json" in related


def test_the_fingerprint_is_the_same_with_and_without_the_plan(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(folder, "created")

    _, both = printed(capsys, "check", ".", "--format", "json", "--only", "pitr-disabled")
    (folder / "plan.json").unlink()
    _, sources = printed(capsys, "check", ".", "--format", "json", "--only", "pitr-disabled")

    assert {each["fingerprint"] for each in both["findings"]} == {each["fingerprint"] for each in sources["findings"]}


def test_the_recovery_picture_of_a_plan_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan.json").write_text((STORIES / "created" / "plan.json").read_text(encoding="utf-8"))

    assert run(["posture", "plan.json"]) == 0

    shown = capsys.readouterr().out
    assert "aws_dynamodb_table.orders in eu-central-1" in shown
    assert 'module.m["x"].aws_dynamodb_table.t[0]' in shown


def test_a_comment_in_the_sources_accepts_what_the_plan_shows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, "changed")
    text = (folder / "main.tf").read_text(encoding="utf-8")
    comment = "  # recoverable: accept[table-replaced] moved to the new key, SHOP-7\n"
    (folder / "main.tf").write_text(text.replace('  hash_key     = "id"\n', comment + '  hash_key     = "id"\n', 1))

    _, report = printed(capsys, "check", ".", "--format", "json", "--only", "table-replaced")

    assert not report["findings"]
    assert [each["rule"] for each in report["accepted"]] == ["table-replaced"]
