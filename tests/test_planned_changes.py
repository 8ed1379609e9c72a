"""What a plan does: Terraform's own plan of a changed configuration, and what the rules of `changes/` say of it."""

from __future__ import annotations

import json

import pytest

from planned import judged, plan, reading, story, verdicts

CHANGES = (
    "table-destroyed", "table-replaced", "table-and-backups-destroyed", "pitr-turned-off", "pitr-window-shortened",
    "deletion-protection-dropped", "replica-recreated", "replica-removed", "vault-removed", "vault-lock-removed",
    "backup-plan-removed", "backup-selection-narrowed", "key-removed", "table-no-longer-managed",
)  # fmt: skip


def said(files: dict[str, str], verdict: str = "findings") -> set[tuple[str, str]]:
    report = judged(files, *CHANGES)
    return {(each.rule.name, each.subject.title()) for each in getattr(report, verdict)}


#: What Terraform plans for `changed`, as its own text says it.
PLANNED = {
    ("backup-plan-removed", "aws_backup_plan.daily"),
    ("backup-selection-narrowed", "aws_backup_selection.daily"),
    ("backup-selection-narrowed", "aws_backup_selection.weekly"),
    ("deletion-protection-dropped", "aws_dynamodb_table.orders"),
    ("key-removed", "aws_kms_key.tables"),
    ("pitr-turned-off", "aws_dynamodb_table.orders"),
    ("pitr-window-shortened", "aws_dynamodb_table.audit"),
    ("table-and-backups-destroyed", "aws_dynamodb_table.payments"),
    ("table-destroyed", "aws_dynamodb_table.payments"),
    ("table-no-longer-managed", "aws_dynamodb_table.legacy"),
    ("table-replaced", "aws_dynamodb_table.carts"),
    ("vault-lock-removed", "aws_backup_vault.locked"),
    ("vault-removed", "aws_backup_vault.daily"),
}


def test_everything_that_a_plan_takes_away_is_found() -> None:
    assert said(story("changed")) == PLANNED
    assert said(story("changed"), "undetermined") == set()


def test_a_plan_alone_leaves_open_only_what_it_does_not_show() -> None:
    files = story("changed", without=[".tf"])

    # Its resources are a set that is known only after apply, and a plan names only what the set refers to.
    hidden = {("backup-selection-narrowed", f"aws_backup_selection.{name}") for name in ("daily", "weekly")}
    assert said(files) == PLANNED - hidden
    assert said(files, "undetermined") == hidden


def test_a_table_that_is_moved_is_neither_destroyed_nor_new() -> None:
    found = reading(story("changed"))

    actions = {
        change.subject.address: change.action.known()
        for entry in found.table_changes
        for _, change in entry.variants
        if change is not None
    }
    assert actions["aws_dynamodb_table.logins"] == "keep"
    assert "aws_dynamodb_table.sessions" not in actions
    assert actions["aws_dynamodb_table.legacy"] == "forget"


def test_what_forces_a_replacement_is_named_at_the_line_that_forces_it() -> None:
    report = judged(story("changed"), "table-replaced")

    (finding,) = report.findings
    assert finding.origin.start() == "main.tf:31:18"
    assert finding.facts[0].text == "hash_key changes from cart to id, which makes a new one necessary"


def test_a_table_that_is_destroyed_or_forgotten_is_in_no_estate() -> None:
    report = judged(story("changed"))

    assert {row.table.subject.address for row in report.tables} == {
        f"aws_dynamodb_table.{name}" for name in ("audit", "carts", "logins", "orders")
    }


def test_a_plan_that_changes_nothing_says_nothing_of_changes() -> None:
    assert said(story("created")) == set()


def test_without_a_plan_there_is_nothing_to_say_of_changes() -> None:
    report = judged(story("changed", without=[".json"]), *CHANGES)

    assert verdicts(report) == set()


def test_a_table_that_may_be_lost_is_spared_with_the_reason() -> None:
    made = plan("changed")
    for change in made["resource_changes"]:
        if change["address"] == "aws_dynamodb_table.payments":
            change["change"]["before"]["hash_key"] = "LockID"

    report = judged({"plan.json": json.dumps(made)}, "table-destroyed")

    assert [each.subject.address for each in report.exempt] == ["aws_dynamodb_table.payments"]


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["no-op"], "keep"),
        (["create"], "create"),
        (["update"], "update"),
        (["delete"], "destroy"),
        (["create", "delete"], "replace"),
        (["delete", "create"], "replace"),
        (["forget"], "forget"),
        (["create", "forget"], "forget"),
        (["archive"], None),
        ([], None),
    ],
)
def test_actions_are_told_apart(actions: list[str], expected: str | None) -> None:
    values = {"name": "orders"}
    change = {
        "actions": actions,
        "before": None if actions == ["create"] else values,
        "after": None if actions[-1:] in (["delete"], ["forget"]) and len(actions) == 1 else values,
    }
    made = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": [
            {"address": "aws_dynamodb_table.t", "mode": "managed", "type": "aws_dynamodb_table", "name": "t",
             "change": change}
        ],
    }  # fmt: skip

    (entry,) = reading({"plan.json": json.dumps(made)}).table_changes

    assert entry.variants[0].item is not None
    assert entry.variants[0].item.action.known() == expected
