"""Findings of accounts point into the files that declare what they are about, if one resource is meant for sure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accounts import plan, region, snapshot, table, written
from recoverable.cli.main import run

ORDERS = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: {on}
"""


def findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], *rules: str, **tables: list[Any]
) -> list[dict[str, Any]]:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    daily = plan("daily", {"Resources": ["*"]}, Lifecycle={"MoveToColdStorageAfterDays": 10, "DeleteAfterDays": 20})
    answers = region({name.replace("_", "-"): told for name, told in tables.items()}, {"daily": daily})
    kept = written(snapshot({"eu-west-1": answers}), tmp_path / "kept")
    iac = [word for name in files for word in ("--iac", str(tmp_path / name))]

    run(["check", str(kept), *iac, "--format", "json", "--only", ",".join(rules or ("pitr-disabled",))])

    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return found


def place(finding: dict[str, Any]) -> tuple[str, int] | None:
    where = finding["location"]
    return None if where is None else (where["path"], where["line"])


def test_the_logical_id_that_cloudformation_tags_with_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tags = {"aws:cloudformation:logical-id": "Orders", "aws:cloudformation:stack-name": "app"}
    orders = table("anything", pitr=False, tags=tags)

    (finding,) = findings(tmp_path, capsys, {"app.yaml": ORDERS.format(on="false")}, anything=orders)

    assert place(finding) == ("app.yaml", 6)
    assert finding["subject"]["address"] == finding["arn"] == "arn:aws:dynamodb:eu-west-1:111122223333:table/anything"


def test_the_name_that_cloudformation_makes_up_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders = table("app-Orders-1ABCDEF2GH", pitr=False)

    (finding,) = findings(tmp_path, capsys, {"app.yaml": ORDERS.format(on="false")}, app_Orders_1ABCDEF2GH=orders)

    assert place(finding) == ("app.yaml", 6)


def test_what_was_changed_by_hand_points_at_the_resource_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = table("anything", pitr=False, tags={"aws:cloudformation:logical-id": "Orders"})

    (finding,) = findings(tmp_path, capsys, {"app.yaml": ORDERS.format(on="true")}, anything=orders)

    assert place(finding) == ("app.yaml", 2)
    assert finding["facts"][0]["text"].startswith("it is declared as Orders, of which that does not hold")


def test_terraform_declares_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = 'resource "aws_dynamodb_table" "this" {\n  name = "orders"\n}\n'

    (finding,) = findings(tmp_path, capsys, {"main.tf": main}, orders=table("orders", pitr=False))

    assert place(finding) == ("main.tf", 1)


def test_a_rule_of_a_plan_is_found_by_the_names_of_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = """\
resource "aws_backup_plan" "this" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = "backups"
    lifecycle {
      cold_storage_after = 10
      delete_after       = 20
    }
  }
}
"""

    (finding,) = findings(tmp_path, capsys, {"main.tf": main}, "cold-storage-too-short", orders=table("orders"))

    path, line = place(finding) or ("", 0)
    assert (path, line) == ("main.tf", 8)


def test_of_two_that_may_be_meant_none_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tags = {"aws:cloudformation:logical-id": "Orders"}
    both = {name: ORDERS.format(on="false") for name in ("one.yaml", "two.yaml")}

    (finding,) = findings(tmp_path, capsys, both, anything=table("anything", pitr=False, tags=tags))

    assert place(finding) is None


def test_files_are_not_reported_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = findings(tmp_path, capsys, {"app.yaml": ORDERS.format(on="false")}, orders=table("orders"))

    assert found == []


def test_a_snapshot_in_the_repository_has_no_say_in_a_commit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "app.yaml"
    template.write_text(ORDERS.format(on="false"), encoding="utf-8")
    written(snapshot({"eu-west-1": region({"orders": table("orders", pitr=False)})}), tmp_path / "kept")

    run(["check", str(template), "--estate", str(tmp_path), "--format", "json", "--only", "pitr-disabled"])

    report = json.loads(capsys.readouterr().out)
    assert [place(finding) for finding in report["findings"]] == [("app.yaml", 6)]
    assert report["undetermined"] == []
