"""Modules, instances, variables and providers of Terraform."""

from __future__ import annotations

import pytest

from configurations import addresses, read, scenarios, table
from recoverable.source import Span
from recoverable.truth import Answer

MODULE = """
    variable "name" {}
    variable "settings" {
      type = object({ pitr = optional(bool, true), days = optional(number) })
      default = {}
    }
    resource "aws_dynamodb_table" "this" {
      name = var.name
      point_in_time_recovery {
        enabled                 = var.settings.pitr
        recovery_period_in_days = var.settings.days
      }
    }
    output "arn" {
      value = aws_dynamodb_table.this.arn
    }
"""


def test_a_called_module_is_read_through_its_caller_alone() -> None:
    reading = read({"modules/t/main.tf": MODULE, "main.tf": 'module "t" {\n  source = "./modules/t"\n  name = "a"\n}'})

    assert addresses(reading) == ["module.t.aws_dynamodb_table.this"]


def test_a_module_outside_of_the_scanned_folder_is_looked_for() -> None:
    found = table({"app/main.tf": 'module "t" {\n  source = "../t"\n  name = "a"\n}'}, aside={"t/main.tf": MODULE})

    assert found.subject.name.known() == "a"
    assert found.pitr.known() is True


def test_defaults_of_optional_attributes_complete_what_a_caller_gives() -> None:
    call = 'module "t" {\n  source = "./t"\n  name = "a"\n  settings = { days = 7 }\n}'
    found = table({"t/main.tf": MODULE, "main.tf": call})

    assert (found.pitr.known(), found.pitr_window.known()) == (True, 7)


def test_what_a_caller_passes_is_noted_at_the_callers_line() -> None:
    call = 'module "t" {\n  source = "./t"\n  name = "a"\n  settings = { pitr = false }\n}'
    found = table({"t/main.tf": MODULE, "main.tf": call})
    truth = found.pitr.equals(False)

    assert truth.answer is Answer.YES
    places = [(fact.origin.path, fact.origin.line) for fact in truth.facts if isinstance(fact.origin, Span)]
    assert places[0] == ("t/main.tf", 10)
    assert ("main.tf", 4) in places


def test_instances_of_modules_and_resources_have_terraforms_addresses() -> None:
    reading = read({
        "t/main.tf": """
            variable "names" {}
            resource "aws_dynamodb_table" "this" {
              for_each = toset(var.names)
              name     = each.key
            }
            resource "aws_dynamodb_table" "other" {
              count = 2
              name  = "other-${count.index}"
            }
        """.replace("toset(var.names)", "var.names"),
        "main.tf": """
            module "t" {
              source   = "./t"
              for_each = { eu = { a = 1 }, us = {} }
              names    = each.value
            }
        """,
    })  # fmt: skip

    assert addresses(reading) == [
        'module.t["eu"].aws_dynamodb_table.this["a"]',
        'module.t["eu"].aws_dynamodb_table.other[0]',
        'module.t["eu"].aws_dynamodb_table.other[1]',
        'module.t["us"].aws_dynamodb_table.other[0]',
        'module.t["us"].aws_dynamodb_table.other[1]',
    ]  # fmt: skip


def test_a_count_of_nothing_makes_nothing() -> None:
    assert read('resource "aws_dynamodb_table" "t" {\n  count = 0\n  name = "t"\n}').tables == ()


def test_how_many_a_variable_makes_is_left_open_and_one_stands_for_all() -> None:
    (entry,) = read("""
        variable "tables" {}
        resource "aws_dynamodb_table" "t" {
          for_each = var.tables
          name     = each.key
        }
    """).tables
    found = scenarios(entry)

    assert set(found) == {"aws_dynamodb_table.t[?] is made", "aws_dynamodb_table.t[?] is not made"}
    assert found["aws_dynamodb_table.t[?] is not made"] is None
    made = found["aws_dynamodb_table.t[?] is made"]
    assert made is not None
    assert made.subject.name.known() is None


def test_known_keys_are_kept_beside_those_that_are_not_known() -> None:
    reading = read("""
        variable "more" {}
        resource "aws_dynamodb_table" "t" {
          for_each = { a = 1, (var.more) = 2 }
          name     = each.key
        }
    """)

    assert addresses(reading) == ['aws_dynamodb_table.t["a"]', "aws_dynamodb_table.t[?]"]


def test_a_variable_without_a_value_splits_what_it_conditions() -> None:
    (entry,) = read("""
        variable "production" {}
        resource "aws_dynamodb_table" "t" {
          name = "t"
          point_in_time_recovery {
            enabled = var.production && true ? true : false
          }
        }
    """).tables
    pitr = {when: found and found.pitr.known() for when, found in scenarios(entry).items()}

    assert pitr == {"var.production is true": True, "var.production is false": False}


def test_a_workspace_splits_what_is_compared_with_it() -> None:
    (entry,) = read("""
        resource "aws_dynamodb_table" "t" {
          name                        = "t"
          deletion_protection_enabled = terraform.workspace == "prod"
        }
    """).tables
    found = {when: each and each.deletion_protection.known() for when, each in scenarios(entry).items()}

    assert found == {
        'terraform.workspace == "prod" is true': True,
        'terraform.workspace == "prod" is false': False,
    }


def test_one_variable_is_one_choice_in_all_modules_it_is_passed_to() -> None:
    module = """
        variable "on" {}
        resource "aws_dynamodb_table" "t" {
          name                        = "t"
          deletion_protection_enabled = var.on ? true : false
        }
    """
    reading = read({
        "t/main.tf": module,
        "main.tf": """
            variable "on" {}
            module "a" {
              source = "./t"
              on     = var.on
            }
            module "b" {
              source = "./t"
              on     = var.on
            }
        """,
    })  # fmt: skip
    choices = {choice for entry in reading.tables for each in entry.variants for choice, _ in each.scenario.settled}

    assert len(choices) == 1


def test_values_of_tfvars_apply_in_terraforms_order() -> None:
    found = table({
        "main.tf": 'variable "name" {}\nresource "aws_dynamodb_table" "t" {\n  name = var.name\n}',
        "terraform.tfvars": 'name = "first"',
        "b.auto.tfvars": 'name = "last"',
        "a.auto.tfvars": 'name = "middle"',
    })  # fmt: skip

    assert found.subject.name.known() == "last"


def test_other_files_of_values_are_scenarios() -> None:
    (entry,) = read({
        "main.tf": """
            variable "protect" {}
            resource "aws_dynamodb_table" "t" {
              name                        = "t"
              deletion_protection_enabled = var.protect
            }
        """,
        "prod.tfvars": "protect = true",
        "dev.tfvars": "protect = false",
    }).tables  # fmt: skip
    found = {when: each and each.deletion_protection.known() for when, each in scenarios(entry).items()}

    assert found == {"the variable file is dev.tfvars": False, "the variable file is prod.tfvars": True}


def test_what_is_given_wins_over_files_and_defaults() -> None:
    found = table(
        {
            "main.tf": """
                variable "name" {
                  default = "x"
                }
                resource "aws_dynamodb_table" "t" {
                  name = var.name
                }
            """,
            "terraform.tfvars": 'name = "file"',
        },
        name="given",
    )

    assert found.subject.name.known() == "given"


def test_a_module_lands_where_its_callers_provider_says() -> None:
    found = table({
        "t/main.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n}',
        "main.tf": """
            provider "aws" {
              region = "eu-west-1"
            }
            provider "aws" {
              alias  = "far"
              region = "us-west-2"
            }
            module "t" {
              source    = "./t"
              providers = { aws = aws.far }
            }
        """,
    })  # fmt: skip

    assert found.subject.region.known() == "us-west-2"


def test_an_alias_inside_of_a_module_is_what_the_caller_passes_for_it() -> None:
    found = table({
        "t/main.tf": 'resource "aws_dynamodb_table" "t" {\n  provider = aws.there\n  name = "t"\n}',
        "main.tf": """
            provider "aws" {
              alias  = "far"
              region = "us-west-2"
            }
            module "t" {
              source    = "./t"
              providers = { aws.there = aws.far }
            }
        """,
    })  # fmt: skip

    assert found.subject.region.known() == "us-west-2"


def test_the_region_of_a_provider_without_one_is_unknown() -> None:
    found = table('resource "aws_dynamodb_table" "t" {\n  name = "t"\n}')

    assert found.subject.region.known() is None


def test_a_region_argument_of_the_resource_wins() -> None:
    found = table('resource "aws_dynamodb_table" "t" {\n  name = "t"\n  region = "eu-north-1"\n}')

    assert found.subject.region.known() == "eu-north-1"


def test_an_override_file_changes_what_others_declare() -> None:
    found = table({
        "main.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  deletion_protection_enabled = false\n}',
        "main_override.tf": 'resource "aws_dynamodb_table" "t" {\n  deletion_protection_enabled = true\n}',
    })  # fmt: skip

    assert found.deletion_protection.known() is True
    assert found.subject.origin == Span("main.tf", 1, 1, 1, 34)


def test_a_dynamic_block_is_written_out() -> None:
    reading = read("""
        resource "aws_dynamodb_table" "t" {
          name = "t"
          dynamic "replica" {
            for_each = ["eu-west-1", "us-east-1"]
            content {
              region_name = replica.value
            }
          }
        }
    """)

    copies = [variant.item for entry in reading.replicas for variant in entry.variants]
    assert [copy.subject.part for copy in copies if copy is not None] == ["eu-west-1", "us-east-1"]


def test_an_absent_module_is_told_once_with_its_source() -> None:
    reading = read("""
        module "a" {
          source = "terraform-aws-modules/vpc/aws"
        }
        module "b" {
          source = "terraform-aws-modules/vpc/aws"
        }
    """)
    (note,) = reading.notes

    assert note.kind == "module-unread"
    assert "module.a" in note.message
    assert "terraform-aws-modules/vpc/aws" in note.message


def test_an_absent_module_of_tables_is_known_by_its_inputs() -> None:
    found = table("""
        module "orders" {
          source                         = "terraform-aws-modules/dynamodb-table/aws"
          name                           = "orders"
          point_in_time_recovery_enabled = false
        }
    """)

    assert found.subject.address == "module.orders.aws_dynamodb_table.this[0]"
    assert found.pitr.known() is False
    assert isinstance(found.pitr.origin, Span)
    assert found.pitr.origin.line == 5
    assert found.prevent_destroy is None


def test_an_absent_module_that_switches_recovery_on_by_itself_is_believed() -> None:
    found = table('module "t" {\n  source = "cloudposse/dynamodb/aws"\n  name = "t"\n  hash_key = "id"\n}')

    assert found.pitr.known() is True
    assert found.subject.name.known() == "t"


def test_an_installed_module_is_read_and_stands_at_its_call() -> None:
    manifest = '{"Modules": [{"Key": "t", "Source": "registry.terraform.io/x/y/aws", "Dir": ".terraform/modules/t"}]}'
    found = table(
        {"main.tf": 'module "t" {\n  source = "x/y/aws"\n  name = "a"\n}'},
        aside={".terraform/modules/modules.json": manifest, ".terraform/modules/t/main.tf": MODULE},
    )

    assert found.pitr.known() is True
    assert found.subject.origin == Span("main.tf", 1, 1, 1, 11)


def test_modules_that_call_each_other_come_to_an_end() -> None:
    reading = read({
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\nresource "aws_dynamodb_table" "t" {\n  name = "t"\n}',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}',
    })  # fmt: skip

    assert addresses(reading) == ["aws_dynamodb_table.t"]
    assert [note.kind for note in reading.notes] == ["module-unread"]


@pytest.mark.parametrize("source", ["../../outside", "../../../etc", "/etc"])
def test_no_module_outside_of_the_repository_is_asked_for(source: str) -> None:
    reading = read({"app/main.tf": f'module "t" {{\n  source = "{source}"\n}}'})

    assert reading.tables == ()
    assert [note.kind for note in reading.notes] == ["module-unread"]


def test_a_local_value_that_refers_to_itself_is_unknown() -> None:
    found = table("""
        locals {
          a = local.b
          b = local.a
        }
        resource "aws_dynamodb_table" "t" {
          name                        = "t"
          deletion_protection_enabled = local.a
        }
    """)

    assert found.deletion_protection.equals(False).answer is Answer.UNKNOWN


def test_an_expression_that_explodes_is_unknown() -> None:
    names = "\n".join(f"  v{index} = [for x in [1, 2, 3, 4, 5, 6, 7, 8] : local.v{index + 1}]" for index in range(40))
    found = table(
        "locals {\n" + names + "\n  v40 = true\n}\n"
        'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  deletion_protection_enabled = local.v0[0][0] == 1\n}'
    )

    assert found.subject.name.known() == "t"


def test_a_text_that_doubles_without_end_is_unknown() -> None:
    doubling = "\n".join(f'  v{index} = "${{local.v{index + 1}}}${{local.v{index + 1}}}"' for index in range(60))
    found = table(
        f'locals {{\n{doubling}\n  v60 = "x"\n}}\n'
        'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  deletion_protection_enabled = local.v0 == "x"\n}'
    )

    assert found.deletion_protection.equals(False).answer is Answer.UNKNOWN


def test_more_instances_than_are_followed_are_told() -> None:
    module = 'module "x" {\n  source = "../b"\n  count = 40\n}'
    reading = read({
        "a/main.tf": module,
        "b/main.tf": module.replace("../b", "../c"),
        "c/main.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n}',
    })  # fmt: skip

    assert len(reading.tables) == 500
    assert [note.kind for note in reading.notes] == ["too-many-instances"]


def test_a_module_inherits_the_default_provider_of_its_caller() -> None:
    found = table({
        "t/main.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n}',
        "main.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\nmodule "t" {\n  source = "./t"\n}',
    })  # fmt: skip

    assert found.subject.region.known() == "eu-west-1"


def test_null_for_an_optional_attribute_means_its_default() -> None:
    call = 'module "t" {\n  source = "./t"\n  name = "a"\n  settings = { pitr = null }\n}'

    assert table({"t/main.tf": MODULE, "main.tf": call}).pitr.known() is True
