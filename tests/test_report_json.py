"""The JSON report keeps the promises of its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from recoverable.check import Report
from recoverable.report import render
from report_samples import SAMPLES, account, hostile, mixed, options
from snapshots import blessed

SCHEMA = json.loads((Path(__file__).parent.parent / "docs/report.schema.json").read_text(encoding="utf-8"))


def rendered(report: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(render("json", report, options()))
    return document


@pytest.mark.parametrize("name", SAMPLES)
def test_a_report_fits_its_schema(name: str) -> None:
    Draft202012Validator(SCHEMA).validate(rendered(SAMPLES[name]()))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_json_report_reads_as_expected(name: str) -> None:
    written = render("json", SAMPLES[name](), options())

    assert written == blessed(f"reports/{name}.json", written)


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_takes_no_key_that_it_does_not_name() -> None:
    document = rendered(mixed())
    document["findings"][0]["colour"] = "red"

    with pytest.raises(ValidationError, match="colour"):
        Draft202012Validator(SCHEMA).validate(document)


def test_every_object_of_the_schema_is_closed_and_complete() -> None:
    def check(node: object) -> None:
        if isinstance(node, dict):
            if "properties" in node:
                assert node["additionalProperties"] is False
                assert node["required"] == list(node["properties"])
            for child in node.values():
                check(child)
        elif isinstance(node, list):
            for child in node:
                check(child)

    check(SCHEMA)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render("json", mixed(), options()) == render("json", mixed(), options())


def test_counts_in_the_summary_are_the_lengths_of_the_lists() -> None:
    document = rendered(mixed())

    lists = ("findings", "undetermined", "accepted", "exempt", "errors", "notes")
    assert {name: document["summary"][name] for name in lists} == {name: len(document[name]) for name in lists}


def test_a_table_in_two_scenarios_counts_once_and_shows_twice() -> None:
    document = rendered(mixed())

    assert document["summary"]["tables"] == 4
    assert [(row["pitr"], row["scenario"]) for row in document["tables"] if row["address"] == "Orders"] == [
        ({"answer": "yes", "window_days": 35}, "when IsProd is true"),
        ({"answer": "no", "window_days": None}, "when IsProd is false"),
    ]


def test_a_replica_is_a_row_of_its_own_with_its_region() -> None:
    rows = rendered(mixed())["tables"]

    assert [(row["address"], row["kind"], row["region"]) for row in rows[-2:]] == [
        ("Ledger", "table", "eu-west-1"),
        ("Ledger", "replica", "日本"),
    ]


def test_what_is_not_known_is_unknown_and_never_no() -> None:
    audit = next(row for row in rendered(mixed())["tables"] if row["address"] == "Audit")

    assert audit["pitr"] == {"answer": "unknown", "window_days": None}
    assert audit["coverage"] == {"answer": "unknown", "by": [], "why_not": []}
    assert audit["destroyers"] is None


def test_a_key_is_named_by_its_arn() -> None:
    keys = {row["address"]: row["key"] for row in rendered(mixed())["tables"] if row["kind"] == "table"}

    assert keys["Ledger"] == {"answer": "yes", "arn": "arn:aws:kms:eu-west-1:111122223333:key/1"}
    assert keys["Orders"] == {"answer": "no", "arn": None}


def test_a_finding_in_an_account_has_an_arn_and_no_location() -> None:
    found = rendered(account())["findings"][0]

    assert (found["location"], found["arn"]) == (None, "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders")
    assert found["facts"][0]["operation"] == "DescribeContinuousBackups"


def test_nothing_in_the_report_can_steer_a_terminal() -> None:
    written = render("json", hostile(), options())

    assert not [mark for mark in written if not mark.isprintable() and mark != "\n"]


def test_the_report_can_be_written_as_utf_8_whatever_the_file_names_are() -> None:
    written = render("json", hostile(), options()).encode("utf-8")

    assert "\udcff" in json.loads(written)["findings"][0]["subject"]["address"]
