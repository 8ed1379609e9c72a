"""Plans and states in JSON: recognised, read like the sources they were made from, and never beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from planned import judged, plan, reading, story, verdicts
from recoverable.files import discover
from recoverable.scan import Documents, Request, prepare, scan
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


@pytest.mark.parametrize("name", ["created", "dynamodb-table-module", "backup-destination-module"])
def test_a_plan_beside_its_sources_gives_the_verdicts_that_the_sources_give(name: str) -> None:
    sources = judged(story(name, without=[".json"]))
    both = judged(story(name))

    assert verdicts(both)
    assert verdicts(both) == verdicts(sources)
    assert len(both.tables) == len(sources.tables)


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


def test_a_plan_larger_than_templates_may_be_is_read_and_one_far_larger_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What matters stands behind all that a template may be long.
    text = json.dumps(plan("created"))
    (tmp_path / "plan.json").write_text(text[0] + " " * 17_000_000 + text[1:])

    (file,) = discover([str(tmp_path)], str(tmp_path)).files
    monkeypatch.setattr("recoverable.content.OUTCOME_LIMIT", 17_000_000)
    found = discover([str(tmp_path)], str(tmp_path))

    assert len(file.data) == 17_000_000 + len(text)
    assert not found.files
    assert [(fault.kind, fault.origin.start()) for fault in found.faults] == [("too-large", "plan.json:1:1")]


def test_what_is_no_plan_in_json_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "tfplan").write_bytes(b"PK\x03\x04...tfplan...tfstate")
    (tmp_path / "log.json").write_text('{"@level":"info","terraform":"1.11.4","type":"version"}\n{"@level":"info"}\n')

    found = discover([str(tmp_path / "tfplan"), str(tmp_path / "log.json")], str(tmp_path))

    assert [fault.kind for fault in found.faults] == ["no-plan", "no-plan"]
    assert all("terraform show -json tfplan > plan.json" in fault.do for fault in found.faults)
    assert not discover([str(tmp_path)], str(tmp_path)).faults


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"format_version": "1.2",\n "terraform_version": "1", "resource_changes": [{"type": ', 2),
        ('{"format_version": "1.2", "terraform_version": "1",\n\n"resource_changes": [}', 3),
        ('{"format_version": "1.2", "terraform_version": "1", "resource_changes": []} {}', 1),
        ('{"terraform_version": "1", "values": ' + '{"a":' * 20_000, 1),
    ],
)
def test_a_plan_that_is_broken_is_told_at_its_line(text: str, line: int) -> None:
    found = reading({"plan.json": text})

    (fault,) = found.faults
    assert fault.kind == "unparsable"
    assert isinstance(fault.origin, Span)
    assert fault.origin.line == line


def test_a_plan_that_broke_off_makes_the_answer_incomplete() -> None:
    made = plan("created")
    made["errored"] = True

    report = judged({"plan.json": json.dumps(made)}, "table-in-no-backup-plan")

    assert [fault.kind for fault in report.faults] == ["plan-errored"]
    assert not report.findings


def test_what_a_plan_of_a_part_leaves_out_counts_as_it_was() -> None:
    made = plan("created")
    made["complete"] = False
    made["resource_changes"] = [each for each in made["resource_changes"] if each["name"] != "plain"]
    made["planned_values"] = {}
    made["prior_state"] = {
        "values": {"root_module": {"resources": [
            {"address": "aws_dynamodb_table.plain", "mode": "managed", "type": "aws_dynamodb_table", "name": "plain",
             "values": {"name": "plain", "point_in_time_recovery": [{"enabled": True}]}},
        ]}},
    }  # fmt: skip

    found = reading({"plan.json": json.dumps(made)})

    assert len(found.tables) == 7
    assert [note.kind for note in found.notes] == ["plan-incomplete"]
    plain = next(
        item for entry in found.tables for _, item in entry.variants if item and item.subject.name.known() == "plain"
    )
    assert plain.pitr.known() is True


def test_a_plan_of_things_that_do_not_concern_us_is_something_to_examine(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"format_version": "1.2", "terraform_version": "1", "resource_changes": []}')

    assert discover([str(tmp_path)], str(tmp_path)).other_count == 1


def test_an_acceptance_of_the_configuration_holds_for_what_is_destroyed(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(plan("changed")))
    (tmp_path / ".recoverable.yaml").write_text(
        "accept:\n  - rule: table-destroyed\n    address: aws_dynamodb_table.payments\n    reason: SHOP-12\n"
    )

    report = scan(prepare(str(tmp_path)), [str(tmp_path)], Request(), Documents()).report

    assert [each.rule.name for each in report.accepted] == ["table-destroyed"]
    assert "acceptance-unused" not in {each.rule.name for each in report.findings}


def test_where_terraform_runs_can_be_said() -> None:
    made = plan("created")
    del made["configuration"]["provider_config"]["aws"]["expressions"]["region"]
    templates = Templates(lambda _: None)
    templates.add("plan.json", json.dumps(made).encode())

    found = templates.reading(lambda _: {"AWS::Region": "eu-west-3", "AWS::AccountId": "111122223333"})

    places = {
        table.subject.address: (table.subject.region.known(), table.subject.account.known())
        for entry in found.tables
        for _, table in entry.variants
        if table is not None
    }
    assert places["aws_dynamodb_table.orders"] == ("eu-west-3", "111122223333")
    assert places["aws_dynamodb_table.dyn"] == ("eu-central-1", "111122223333")


def test_more_resources_than_anybody_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoverable.read.planned.intake.MOST_INSTANCES", 10)

    found = reading({"plan.json": json.dumps(plan("created"))})

    (fault,) = found.faults
    assert fault.message == "more than 10 resources in one file"


def one_table(type_: str, after: dict[str, object]) -> Table:
    made = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": [
            {"address": f"{type_}.t", "mode": "managed", "type": type_, "name": "t",
             "change": {"actions": ["create"], "before": None, "after": after, "after_unknown": {"arn": True}}}
        ],
    }  # fmt: skip
    (table,) = tables({"plan.json": json.dumps(made)}).values()
    return table


def test_a_resource_that_names_its_region_lands_there() -> None:
    """Provider 6 has an argument for it."""
    assert one_table("aws_dynamodb_table", {"name": "t", "region": "eu-west-3"}).subject.region.known() == "eu-west-3"


def test_nested_attributes_of_cloud_control_are_read() -> None:
    settings = {"point_in_time_recovery_enabled": True, "recovery_period_in_days": 7}
    table = one_table("awscc_dynamodb_table", {"table_name": "t", "point_in_time_recovery_specification": settings})

    assert (table.pitr.known(), table.pitr_window.known()) == (True, 7)


def test_where_a_plan_of_opentofu_comes_from_makes_no_difference() -> None:
    made = plan("created")
    text = json.dumps(made).replace("registry.terraform.io", "registry.opentofu.org").replace("1.11.4", "1.9.1")

    found, expected = (verdicts(judged({"plan.json": each})) for each in (text, json.dumps(made)))
    assert {verdict[:3] for verdict in found} == {verdict[:3] for verdict in expected}


def test_a_resource_of_which_it_is_not_known_what_it_is_makes_the_answer_incomplete() -> None:
    made = plan("created")
    del made["resource_changes"][-1]["type"]
    made["resource_changes"][-2]["module_address"] = "module.m[not a key]"
    made["planned_values"] = {}

    report = judged({"plan.json": json.dumps(made)}, "table-in-no-backup-plan")

    assert [fault.message for fault in report.faults] == ["2 resources have no type, name or address that can be read"]
    assert not report.findings
