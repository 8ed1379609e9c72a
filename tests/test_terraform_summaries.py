"""What is known of popular modules without their text: it says what their text says, and is found by every spelling."""

from __future__ import annotations

import json

import pytest

from configurations import read, scenarios, table
from module_calls import ANSWERS, PLANNED, calls, summarised
from planned_facts import compared, of_reading
from recoverable.read.terraform.summaries import registry_name, summary_of

CALLS = calls()
PLANS = json.loads(PLANNED.read_text(encoding="utf-8"))
INSTALLED = json.loads(ANSWERS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CALLS)
def test_a_module_that_is_not_installed_makes_what_it_makes_when_it_is(name: str) -> None:
    assert json.loads(json.dumps(summarised(CALLS[name]))) == INSTALLED[name]


@pytest.mark.parametrize("name", CALLS)
def test_a_module_that_is_not_installed_makes_what_terraform_plans_for_it(name: str) -> None:
    ours = {address.split(".", 2)[2]: facts for address, facts in of_reading({"main.tf": CALLS[name]}).items()}

    result = compared(PLANS[name], ours)

    assert (result.differences, result.unknown) == ([], 0)


def test_the_calls_make_something_of_every_kind() -> None:
    made = {key.partition(":")[0] for things in INSTALLED.values() for key in things}

    assert made == {
        "tables", "replicas", "plans", "selections", "vaults", "restore_test_plans", "restore_test_selections",
        "region_settings", "global_settings", "frameworks",
    }  # fmt: skip
    assert len(CALLS) == len(INSTALLED) > 20


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("cloudposse/backup/aws", "cloudposse/backup/aws"),
        ("registry.terraform.io/cloudposse/backup/aws", "cloudposse/backup/aws"),
        ("registry.opentofu.org/cloudposse/backup/aws", "cloudposse/backup/aws"),
        ("terraform-aws-modules/dynamodb-table/aws//wrappers", "terraform-aws-modules/dynamodb-table/aws//wrappers"),
        ("github.com/lgallard/terraform-aws-backup", "lgallard/backup/aws"),
        ("github.com/lgallard/terraform-aws-backup.git?ref=1.0.0", "lgallard/backup/aws"),
        ("https://github.com/lgallard/terraform-aws-backup", "lgallard/backup/aws"),
        ("git::https://github.com/lgallard/terraform-aws-backup.git?ref=1.0.0", "lgallard/backup/aws"),
        ("git::https://github.com/LGallard/terraform-aws-backup.git//?ref=1.0.0&depth=1", "lgallard/backup/aws"),
        ("git::ssh://git@github.com/lgallard/terraform-aws-backup.git", "lgallard/backup/aws"),
        ("git@github.com:lgallard/terraform-aws-backup.git", "lgallard/backup/aws"),
        ("git::git@github.com:lgallard/terraform-aws-backup.git", "lgallard/backup/aws"),
        (
            "git::https://github.com/terraform-aws-modules/terraform-aws-dynamodb-table.git//wrappers?ref=v4.0.0",
            "terraform-aws-modules/dynamodb-table/aws//wrappers",
        ),
        ("app.terraform.io/cloudposse/backup/aws", ""),
        ("git::https://gitlab.com/cloudposse/terraform-aws-backup.git", ""),
        ("https://example.com/github.com/cloudposse/terraform-aws-backup", ""),
        ("https://github.com.example.com/cloudposse/terraform-aws-backup", ""),
        ("github.com/cloudposse/backup", ""),
        ("s3::https://s3.amazonaws.com/bucket/backup.zip", ""),
        ("./cloudposse/backup/aws", ""),
        ("", ""),
    ],
)
def test_a_module_is_known_by_every_spelling_of_its_source(source: str, name: str) -> None:
    assert registry_name(source) == name


@pytest.mark.parametrize("source", ["app.terraform.io/cloudposse/backup/aws", "acme/backup/aws", "../backup"])
def test_nothing_is_known_of_other_modules(source: str) -> None:
    assert summary_of(source) is None


def test_a_folder_of_a_known_module_is_no_known_module() -> None:
    reading = read('module "b" {\n  source = "cloudposse/backup/aws//modules/other"\n}\n')

    assert [note.kind for note in reading.notes] == ["module-unread"]
    assert reading.backups_open != ""


@pytest.mark.parametrize(
    "source", ["terraform-aws-modules/dynamodb-table/aws", "cloudposse/dynamodb/aws", "lgallard/backup/aws"]
)
def test_nothing_is_left_open_by_a_known_module(source: str) -> None:
    reading = read(f'module "b" {{\n  source = "{source}"\n  hash_key = "id"\n}}\n')

    assert (reading.backups_open, reading.notes) == ("", ())


LABELLED = """
module "label" {
  source    = "cloudposse/label/null"
  namespace = "eg"
  stage     = "prod"
  tags      = { team = "shop" }
}
variable "unknown" {}
module "t" {
  source   = "cloudposse/dynamodb/aws"
  name     = "orders"
  hash_key = "id"
  context  = %s
  tags     = { backup = "daily" }
}
"""


def test_a_label_goes_on_from_another_one() -> None:
    found = table(LABELLED % "module.label.context")

    assert found.subject.name.known() == "eg-prod-orders"
    assert {key: value.known() for key, value in found.tags.entries} == {
        "Name": "eg-prod-orders",
        "Namespace": "eg",
        "Stage": "prod",
        "team": "shop",
        "backup": "daily",
    }


def test_a_label_of_a_context_that_is_not_known_is_not_known() -> None:
    reading = read(LABELLED % "var.unknown")
    found = {when: each for when, each in scenarios(reading.tables[0]).items() if each is not None}

    assert list(found) == ["var.unknown.enabled is true"]
    (made,) = found.values()
    assert (made.subject.name.known(), made.pitr.known(), reading.notes) == (None, True, ())
    assert made.tags.open != ""


def test_the_rule_that_a_backup_module_had_before_its_version_1() -> None:
    reading = read("""
        module "b" {
          source           = "cloudposse/backup/aws"
          version          = "0.12.0"
          name             = "daily"
          schedule         = "cron(0 19 * * ? *)"
          delete_after     = 35
          backup_resources = ["*"]
        }
    """)
    (rule,) = [variant.item for entry in reading.plan_rules for variant in entry.variants]

    assert rule is not None
    assert (rule.schedule.known(), rule.lifecycle.delete_after.known()) == ("cron(0 19 * * ? *)", 35)
