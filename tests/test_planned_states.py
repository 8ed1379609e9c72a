"""States: what is there, in either form that Terraform writes, and beside the sources it was made from."""

from __future__ import annotations

import json

import pytest

from planned import judged, plan, reading, story, verdicts

#: What is left out of a state, so that no state can say anything about it.
OF_SOURCES = {"prevent-destroy-missing"}


@pytest.mark.parametrize("form", [".tfstate", "state.json"])
def test_a_state_gives_the_verdicts_of_the_configuration_that_made_it(form: str) -> None:
    other = "state.json" if form == ".tfstate" else ".tfstate"
    sources = judged(story("applied", without=[".tfstate", ".json"]))
    state = judged(story("applied", without=[".tf", other]))

    assert {verdict[:3] for verdict in verdicts(state)} == {
        verdict[:3] for verdict in verdicts(sources) if verdict[0] not in OF_SOURCES
    }


def test_a_state_says_where_things_are() -> None:
    found = reading(story("applied", without=[".tf", "state.json"]))

    table = found.tables[0].variants[0].item
    assert table is not None
    assert (table.subject.region.known(), table.subject.account.known()) == ("eu-west-1", "123456789012")


def test_a_state_that_lies_beside_its_sources_is_left_aside_with_a_note() -> None:
    found = reading(story("applied", without=["state.json"]))

    assert len(found.tables) == 4
    assert [note.message for note in found.notes] == ["this state was not looked at: its configuration is read instead"]


def test_a_state_that_is_named_stands_for_its_sources() -> None:
    files = story("applied", without=["state.json"])

    found = reading(files, named=["terraform.tfstate"])

    assert len(found.tables) == 4
    assert not found.notes
    subjects = [entry.variants[0].item.subject for entry in found.tables if entry.variants[0].item is not None]
    assert {subject.origin.start().partition(":")[0] for subject in subjects} == {"main.tf", "table/main.tf"}
    assert {subject.seen.path for subject in subjects if subject.seen} == {"terraform.tfstate"}


def test_a_plan_stands_for_its_sources_and_for_their_state() -> None:
    files = story("created")
    state = {"version": 4, "terraform_version": "1.11.4", "resources": [
        {"mode": "managed", "type": "aws_dynamodb_table", "name": "orders",
         "instances": [{"attributes": {"name": "orders"}}]},
    ]}  # fmt: skip

    found = reading({**files, "terraform.tfstate": json.dumps(state)})

    assert len(found.tables) == 7
    assert [note.message for note in found.notes] == [
        "this state was not looked at: plan.json is a plan of the same configuration"
    ]


def test_a_plan_elsewhere_is_told_by_what_it_declares() -> None:
    files = {f"infra/shop/{path}": text for path, text in story("created", without=[".json"]).items()}
    files["plans/shop.json"] = json.dumps(plan("created"))

    found = reading(files)

    assert len(found.tables) == 7
    assert all(entry.variants[0].item and entry.variants[0].item.subject.seen for entry in found.tables)


def test_a_plan_that_may_be_of_two_folders_is_said_to_be() -> None:
    sources = story("created", without=[".json"])
    files = {f"{folder}/{path}": text for folder in ("one", "two") for path, text in sources.items()}
    files["plans/shop.json"] = json.dumps(plan("created"))

    found = reading(files)

    assert [note.kind for note in found.notes] == ["sources-undecided"]
    assert len(found.tables) == 21


def test_of_two_plans_of_one_configuration_the_newer_one_counts() -> None:
    older, newer = plan("created"), plan("created")
    older["timestamp"], newer["timestamp"] = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
    files = story("created", without=[".json"])

    found = reading({**files, "a.json": json.dumps(newer), "b.json": json.dumps(older)})

    assert len(found.tables) == 7
    assert [note.message for note in found.notes] == [
        "this plan was not looked at: a.json is a newer plan of the same configuration"
    ]


def test_plans_of_one_configuration_for_two_stages_both_count() -> None:
    one, two = plan("created"), plan("created")
    two["variables"]["retention"]["value"] = 7
    files = story("created", without=[".json"])

    found = reading({**files, "a.json": json.dumps(one), "b.json": json.dumps(two)})

    assert len(found.tables) == 14
    symbols = {symbol for entry in found.tables for _, table in entry.variants if table for symbol in table.symbols}
    assert len(symbols) == 14


def test_a_plan_that_only_looks_again_is_what_is_there() -> None:
    """`terraform plan -refresh-only`, after one table lost its recovery and another was deleted by hand."""
    files = story("refreshed")

    pitr = {row.table.subject.address: row.table.pitr.known() for row in judged(files).tables}
    beside = reading({**files, **story("applied", without=[".json", ".tfstate"])})

    assert pitr == {
        "aws_dynamodb_table.orders": False,
        "aws_dynamodb_table.carts": False,
        'module.many["two"].aws_dynamodb_table.this[0]': False,
    }
    assert len(beside.tables) == 4
    assert not beside.table_changes
    assert [note.kind for note in beside.notes] == ["left-aside"]


@pytest.mark.parametrize("name", ["created", "changed", "dynamodb-table-module", "backup-destination-module"])
def test_a_plan_of_sources_that_have_not_changed_stands_for_them(name: str) -> None:
    found = reading(story(name))

    tables = [item.subject for entry in found.tables for _, item in entry.variants if item is not None]
    vaults = [item.subject for entry in found.vaults for _, item in entry.variants if item is not None]
    assert tables or vaults
    assert all(subject.seen for subject in (*tables, *vaults))
    assert not found.notes


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('name         = "plain"', 'name         = "simple"', "name of aws_dynamodb_table.plain"),
        ("recovery_period_in_days = 14", "recovery_period_in_days = 7", "recovery_period_in_days of"),
        ("    recovery_period_in_days = 14\n", "", "recovery_period_in_days of"),
        ('resource "aws_dynamodb_table" "plain"', 'resource "aws_dynamodb_table" "other"', ".other is not in the plan"),
        ("  stream_enabled   = true\n", "  deletion_protection_enabled = true\n  stream_enabled   = true\n",
         "deletion_protection_enabled of aws_dynamodb_table.orders"),
        ('  replica {\n    region_name = "eu-central-1"\n  }\n', "", "replica of aws_dynamodb_table.orders"),
    ],
)  # fmt: skip
def test_a_plan_that_was_forgotten_in_a_folder_hides_no_change(old: str, new: str, why: str) -> None:
    files = story("created")
    assert files["main.tf"].count(old) == 1
    files["main.tf"] = files["main.tf"].replace(old, new)

    come_across, named = reading(files), reading(files, named=["plan.json"])

    (note,) = come_across.notes
    assert note.kind == "left-aside"
    assert why in note.message
    assert not any(entry.variants[0].item and entry.variants[0].item.subject.seen for entry in come_across.tables)
    assert [each.kind for each in named.notes] == ["plan-out-of-date"]
    assert not come_across.table_changes
    assert named.table_changes


def test_a_plan_of_a_part_does_not_stand_for_all() -> None:
    made = plan("created")
    made["complete"] = False

    found = reading({**story("created"), "plan.json": json.dumps(made)})

    assert [note.kind for note in found.notes] == ["left-aside"]
    assert len(found.tables) == 7


@pytest.mark.parametrize("form", [".tfstate", "state.json"])
def test_the_tags_of_the_provider_are_known_from_a_state(form: str) -> None:
    other = "state.json" if form == ".tfstate" else ".tfstate"

    found = reading(story("applied", without=[".tf", other]))

    carts = next(
        item for entry in found.tables for _, item in entry.variants if item and item.subject.name.known() == "carts"
    )
    assert {key: value.known() for key, value in carts.tags.entries} == {"team": "shop"}
    assert not carts.tags.open
