"""Plans and states in JSON: recognised, read like the sources they were made from, and never beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from planned import judged, plan, reading, story, verdicts
from recoverable.files import discover
from recoverable.source import Span
from recoverable.templates import Templates
from recoverable.text import Hole
from recoverable.value import Known

if TYPE_CHECKING:
    from pathlib import Path

    from recoverable.estate import Table


def tables(files: dict[str, str]) -> dict[str, Table]:
    return {
        table.subject.address: table
        for entry in reading(files).tables
        for _, table in entry.variants
        if table is not None
    }


def test_a_plan_beside_its_sources_gives_the_verdicts_that_the_sources_give() -> None:
    sources = judged(story("created", without=[".json"]))
    both = judged(story("created"))

    assert verdicts(both) == verdicts(sources)
    assert len(both.tables) == len(sources.tables) == 8


def test_what_is_found_in_sources_names_the_plan_beside_it() -> None:
    report = judged(story("created"), "pitr-disabled")

    finding = next(each for each in report.findings if each.subject.address == "aws_dynamodb_table.plain")

    assert finding.origin.start() == "main.tf:62:1"
    assert finding.facts[-1].text == "Terraform has it here"
    assert finding.facts[-1].origin is not None
    assert finding.facts[-1].origin.start().startswith("plan.json:")


def test_a_plan_alone_is_found_at_its_own_lines() -> None:
    files = story("created", without=[".tf"])

    report = judged(files, "pitr-disabled", "replica-pitr-disabled")

    lines = files["plan.json"].split("\n")
    shown = {
        each.subject.title(): lines[each.origin.line - 1].strip()
        for each in report.findings
        if isinstance(each.origin, Span)
    }
    assert shown["aws_dynamodb_table.plain"] == '"address": "aws_dynamodb_table.plain",'
    assert shown["aws_dynamodb_table.orders in eu-central-1"] == '"point_in_time_recovery": false,'
    assert set(shown) == {
        "aws_dynamodb_table.dyn", 'aws_dynamodb_table.many["b"]', "aws_dynamodb_table.orders in eu-central-1",
        "aws_dynamodb_table.plain", 'module.m["x"].aws_dynamodb_table.t[0]', 'module.m["y"].aws_dynamodb_table.t[0]',
    }  # fmt: skip


def test_a_plan_alone_says_where_a_resource_lands_and_what_it_refers_to() -> None:
    found = tables(story("created", without=[".tf"]))

    orders = found["aws_dynamodb_table.orders"]
    inner = found['module.m["x"].aws_dynamodb_table.t[0]']
    assert orders.subject.region.known() == "eu-west-1"
    assert inner.subject.region.known() == "eu-central-1"
    for table in (orders, inner):
        assert isinstance(table.key.state, Known)
        (hole,) = table.key.state.value.parts
        assert isinstance(hole, Hole)
        assert hole.stands_for == "plan.json#aws_kms_key.k.Arn"
    assert {key for key, _ in orders.tags.entries} == {"backup", "s", "team"}


def test_a_policy_of_which_only_an_arn_is_not_known_is_read() -> None:
    report = judged(story("created", without=[".tf"]), "table-policy-open")

    assert [each.subject.address for each in report.findings] == ["aws_dynamodb_table.orders"]


def test_a_selection_names_what_its_references_name_and_may_hold_more() -> None:
    found = reading(story("created", without=[".tf"]))

    selection = next(
        item
        for entry in found.selections
        for _, item in entry.variants
        if item is not None and item.subject.address == "aws_backup_selection.s"
    )
    assert [each.text.stands_for() for each in selection.resources] == ["plan.json#aws_dynamodb_table.orders.Arn"]
    assert selection.resources_open == "a plan does not show what else is in it"


@pytest.mark.parametrize(
    ("indent", "sort", "encoding"), [(2, False, "utf-8"), (None, True, "utf-8"), (None, False, "utf-16")]
)
def test_a_plan_is_recognised_however_it_was_written(
    indent: int | None, sort: bool, encoding: str, tmp_path: Path
) -> None:
    text = json.dumps(plan("created"), indent=indent, sort_keys=sort)
    (tmp_path / "out.json").write_bytes(text.encode(encoding))

    found = discover([str(tmp_path)], str(tmp_path))
    templates = Templates(lambda _: None)
    for file in found.files:
        templates.add(file.path, file.data, named=file.named)

    assert len(templates.reading(lambda _: {}).tables) == 7
    assert not templates.faults
