"""What a plan or state marks as sensitive is in no output, wherever it turns up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planned import STORIES, judged, plan, story
from recoverable.report import FORMATS, render
from recoverable.report.options import Options, RuleHelp
from recoverable.report.posture import render as render_posture
from recoverable.report.posture import render_json

SIGN = "planted"


def planted(value: Any, number: list[int]) -> tuple[Any, Any]:  # noqa: ANN401 (JSON)
    """A value with another text, told apart, in every place of a text; and the marks that say so."""
    if isinstance(value, dict):
        made = {key: planted(each, number) for key, each in value.items()}
        return {key: each[0] for key, each in made.items()}, {key: each[1] for key, each in made.items()}
    if isinstance(value, list):
        parts = [planted(each, number) for each in value]
        return [each[0] for each in parts], [each[1] for each in parts]
    if isinstance(value, str):
        number[0] += 1
        return f"{SIGN}-{number[0]}", True
    return value, False


def shown(files: dict[str, str]) -> str:
    """All that any format says of the files."""
    report = judged(files)
    options = Options(help_of=lambda rule: RuleHelp(rule.name, "", "", ""), version="0", aws_data="")
    outputs = [render(name, report, options) for name in FORMATS]
    return "\n".join([*outputs, render_json(report), render_posture(report, options)])


@pytest.mark.parametrize("name", ["created", "changed"])
@pytest.mark.parametrize("without", [(), (".tf",)], ids=["beside its sources", "alone"])
def test_no_sensitive_text_of_a_plan_is_shown(name: str, without: tuple[str, ...]) -> None:
    made = plan(name)
    number = [0]
    for each in made["resource_changes"]:
        for when in ("before", "after"):
            each["change"][when], each["change"][f"{when}_sensitive"] = planted(each["change"][when], number)
    made.pop("planned_values")
    made.pop("prior_state", None)
    made["configuration"]["root_module"].setdefault("variables", {})["hidden"] = {
        "sensitive": True, "default": f"{SIGN}-default",
    }  # fmt: skip
    made.setdefault("variables", {})["hidden"] = {"value": f"{SIGN}-variable"}

    said = shown({**story(name, without=without), "plan.json": json.dumps(made)})

    assert number[0] > 50
    assert SIGN not in said
    assert "sensitive" in said


def test_a_secret_that_a_provider_copied_without_its_mark_is_not_shown() -> None:
    made = plan("created")
    secret = "hunter2-secret"
    assert secret in json.dumps(made["planned_values"])
    for each in made["resource_changes"]:
        if each["address"] == "aws_dynamodb_table.orders":
            # As a provider that makes something of a sensitive name.
            each["change"]["after"]["point_in_time_recovery"][0]["enabled"] = f"arn:aws:x:::{secret}/index"

    assert secret not in shown({"plan.json": json.dumps(made)})


def test_no_line_of_a_plan_is_shown() -> None:
    """A plan is often one line, with the secrets of one resource beside the tables of another."""
    made = plan("created")
    made["resource_changes"].append({
        "address": "aws_db_instance.db", "mode": "managed", "type": "aws_db_instance", "name": "db",
        "change": {"actions": ["create"], "before": None, "after": {"password": f"{SIGN}-password"}},
    })  # fmt: skip

    assert SIGN not in shown({"plan.json": json.dumps(made)})


def test_no_sensitive_text_of_a_raw_state_is_shown() -> None:
    text = (STORIES / "applied" / "terraform.tfstate").read_text(encoding="utf-8")
    made = json.loads(text)
    number = [0]
    for resource in made["resources"]:
        for instance in resource["instances"]:
            instance["attributes"], _ = planted(instance["attributes"], number)
            instance["sensitive_attributes"] = [[{"type": "get_attr", "value": key}] for key in instance["attributes"]]

    said = shown({"terraform.tfstate": json.dumps(made)})

    assert SIGN not in said
    assert "sensitive" in said


def test_a_tag_that_is_sensitive_is_there_and_not_known() -> None:
    report = judged({"terraform.tfstate": (STORIES / "applied" / "terraform.tfstate").read_text(encoding="utf-8")})

    table = next(row.table for row in report.tables if row.table.subject.address == "aws_dynamodb_table.orders")
    tags = dict(table.tags.entries)
    assert tags["backup"].known() == "daily"
    assert tags["token"].known() is None


def test_what_is_worked_out_from_sources_shows_no_sensitive_text() -> None:
    """A policy that is known only after apply is worked out from the sources, where the secret stands in the clear."""
    files = story("created")
    files["main.tf"] = files["main.tf"].replace(
        'Action = "dynamodb:*"', 'Action = "dynamodb:*", Sid = "hunter2-secret"'
    )

    report = judged(files, "table-policy-open")

    (finding,) = (each for each in report.undetermined if each.subject.address == "aws_dynamodb_table.plain")
    assert "hunter2" not in repr(finding.facts)
    assert any("sensitive" in fact.text for fact in finding.facts)
