"""Whole modules against what Terraform plans for them: `fixtures/terraform/plans.jsonl`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from planned_facts import compared, of_plan, of_reading

PLANS = Path(__file__).parent.parent / "fixtures" / "terraform" / "plans.jsonl"
TOLD: list[dict[str, Any]] = [json.loads(line) for line in PLANS.read_text(encoding="utf-8").splitlines()[1:]]


@pytest.mark.parametrize("told", TOLD, ids=[f"module {number}" for number in range(len(TOLD))])
def test_a_module_is_read_as_terraform_plans_it(told: dict[str, Any]) -> None:
    result = compared(told["planned"], of_reading(told["files"]))

    assert (result.differences, result.unknown) == ([], 0)


def test_there_are_enough_plans() -> None:
    resources = [address for told in TOLD for address in told["planned"]]
    kinds = {address.partition(".")[0] for address in resources}

    assert len(TOLD) >= 50
    assert len(resources) > 200
    assert kinds == {"aws_dynamodb_table", "aws_backup_plan", "aws_backup_selection", "aws_backup_vault", "module"}


def test_a_reading_that_differs_from_the_plan_is_told() -> None:
    told = TOLD[0]
    address, facts = next(iter(told["planned"].items()))
    other = {**told["planned"], address: {**facts, "name": "other"}, "aws_dynamodb_table.more": facts}

    result = compared(told["planned"], other)

    assert [each.partition(":")[0] for each in result.differences] == [
        "aws_dynamodb_table.more is not planned",
        address,
    ]


def test_what_a_plan_does_not_know_yet_need_not_be_known() -> None:
    plan = {
        "resource_changes": [{"address": "module.m.aws_backup_vault.v", "change": {"after_unknown": {"name": True}}}],
        "planned_values": {
            "root_module": {
                "child_modules": [
                    {
                        "resources": [
                            {
                                "address": "module.m.aws_backup_vault.v",
                                "type": "aws_backup_vault",
                                "values": {"force_destroy": None},
                            }
                        ]
                    }
                ]
            }
        },
    }

    facts = of_plan(plan, ["m"])["m"]

    assert facts == {"aws_backup_vault.v": {"name": "?", "destroyed": False, "lock": None}}
    ours = {"aws_backup_vault.v": {"name": "main", "destroyed": False, "lock": None}}
    assert compared(facts, ours) == (2, 0, [])
