"""Policies of Terraform: where they stand, what they hang on beside principals, and which roots they reach."""

from __future__ import annotations

from configurations import read
from policies_seen import (
    documents,
    grants_shown,
    guardrails,
    held_by_somebody,
    judged,
    may_delete_tables,
    principals_by_address,
    statements,
)
from recoverable.source import Span

ALLOW = 'policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }] })'


def test_a_finding_points_at_the_action_in_a_data_source() -> None:
    files = """\
    data "aws_iam_policy_document" "wipe" {
      statement {
        sid       = "Wipe"
        actions   = [
          "dynamodb:PutItem",
          "dynamodb:DeleteTable",
        ]
        resources = ["*"]
      }
    }
    resource "aws_iam_policy" "wipe" {
      name   = "wipe"
      policy = data.aws_iam_policy_document.wipe.json
    }
    """
    (finding,) = judged(may_delete_tables, {"main.tf": files}).findings

    assert isinstance(finding.origin, Span)
    assert (finding.origin.line, finding.subject.title()) == (6, "aws_iam_policy.wipe statement Wipe")


def test_control_policies_of_an_organization_are_guardrails() -> None:
    files = """
    resource "aws_organizations_policy" "keep" {
      name    = "keep"
      content = jsonencode({ Statement = [{ Effect = "Deny", Action = "backup:Delete*", Resource = "*" }] })
    }
    resource "aws_organizations_policy" "ours" {
      name    = "ours"
      type    = "RESOURCE_CONTROL_POLICY"
      content = jsonencode({ Statement = [] })
    }
    resource "aws_organizations_policy" "tags" {
      name    = "tags"
      type    = "TAG_POLICY"
      content = "{}"
    }
    resource "awscc_organizations_policy" "cloud" {
      name       = "cloud"
      type       = "SERVICE_CONTROL_POLICY"
      content    = jsonencode({ Statement = [] })
      target_ids = ["r-ab12"]
    }
    resource "aws_organizations_policy_attachment" "keep" {
      policy_id = aws_organizations_policy.keep.id
      target_id = "ou-ab12-11111111"
    }
    """
    assert guardrails({"main.tf": files}) == {
        "aws_organizations_policy.keep": "scp with 1 on ou-ab12-11111111",
        "aws_organizations_policy.ours": "rcp with 0 on nothing",
        "awscc_organizations_policy.cloud": "scp with 0 on r-ab12",
    }
    assert statements({"main.tf": files}) == {
        "aws_organizations_policy.keep statement #1": "Deny backup:Delete*",
    }


def test_the_policy_of_a_stream_is_no_policy_of_its_table() -> None:
    files = f"""
    resource "aws_dynamodb_table" "orders" {{
      name           = "orders"
      stream_enabled = true
    }}
    resource "aws_dynamodb_resource_policy" "stream" {{
      resource_arn = aws_dynamodb_table.orders.stream_arn
      {ALLOW}
    }}
    """
    assert documents({"main.tf": files}) == {"aws_dynamodb_resource_policy.stream": "stream: nobody"}


def test_the_first_of_as_many_as_nobody_knows_is_the_one_that_stands_for_all() -> None:
    files = f"""
    data "aws_ssm_parameter" "count" {{ name = "count" }}
    resource "aws_iam_role" "ops" {{
      count = data.aws_ssm_parameter.count.value
    }}
    resource "aws_iam_role_policy" "p" {{
      name  = "tables"
      role  = aws_iam_role.ops[0].name
      {ALLOW}
    }}
    """
    (role,) = principals_by_address(files).values()

    assert (role.subject.address, grants_shown(role)) == ("aws_iam_role.ops[?]", ["inline tables: dynamodb:*"])


def test_tags_of_a_role_are_read_and_make_no_scenarios() -> None:
    (entry,) = read("""
    variable "production" { type = bool }
    provider "aws" {
      default_tags {
        tags = { owner = "us" }
      }
    }
    resource "aws_iam_role" "ops" {
      tags = { team = "data", stage = var.production ? "prod" : "dev" }
    }
    """).principals
    (variant,) = entry.variants

    assert variant.item is not None
    assert variant.item.tags is not None
    assert {key: value.known() for key, value in variant.item.tags.entries} == {
        "owner": "us",
        "team": "data",
        "stage": None,
    }


def test_what_a_root_tells_apart_late_is_told_apart_for_all_principals() -> None:
    files = """
    variable "stage" {}
    resource "aws_iam_role" "a" {
      count = var.stage == "prod" ? 1 : 0
    }
    resource "aws_iam_role" "b" {
      count = var.stage == "dev" ? 1 : 0
    }
    """
    choices = {
        choice
        for entry in read(files).principals
        for variant in entry.variants
        for choice, _ in variant.scenario.settled
    }

    assert len(choices) == 1


def test_a_document_that_goes_to_a_module_that_is_absent_is_one_that_somebody_may_have() -> None:
    statement = 'statement {\n    actions = ["dynamodb:DeleteTable"]\n    resources = ["*"]\n  }'
    files = f"""
    data "aws_iam_policy_document" "base" {{
      {statement}
    }}
    data "aws_iam_policy_document" "used" {{
      source_policy_documents = [data.aws_iam_policy_document.base.json]
    }}
    data "aws_iam_policy_document" "passed" {{
      {statement}
    }}
    data "aws_iam_policy_document" "unused" {{
      {statement}
    }}
    data "aws_iam_policy_document" "bucket" {{
      statement {{
        actions = ["s3:GetObject"]
        principals {{
          type        = "AWS"
          identifiers = ["*"]
        }}
      }}
    }}
    resource "aws_iam_policy" "p" {{
      name   = "p"
      policy = data.aws_iam_policy_document.used.json
    }}
    module "function" {{
      source = "terraform-aws-modules/lambda/aws"
      policy = data.aws_iam_policy_document.passed.json
    }}
    """
    assert documents({"main.tf": files}) == {
        "aws_iam_policy.p": "unattached: nobody",
        "module.function policy policy": "unattached: nobody and perhaps others",
        "data.aws_iam_policy_document.unused": "unattached: nobody and perhaps others",
    }


def test_a_policy_hangs_on_no_role_of_another_account_that_has_the_name() -> None:
    def root(account: str) -> str:
        return f"""
        provider "aws" {{
          allowed_account_ids = ["{account}"]
        }}
        """

    role = 'resource "aws_iam_role" "ops" {\n  name = "ops"\n}\n'
    policy = f'resource "aws_iam_role_policy" "p" {{\n  name = "t"\n  role = "ops"\n  {ALLOW}\n}}\n'

    found = principals_by_address(
        {"a/main.tf": role + root("111122223333"), "b/main.tf": policy + root("444455556666")}
    )
    same = principals_by_address({"a/main.tf": role + root("111122223333"), "b/main.tf": policy + root("111122223333")})

    assert (grants_shown(found["aws_iam_role.ops"]), grants_shown(same["aws_iam_role.ops"])) == (
        [],
        ["inline t: dynamodb:*"],
    )


def test_policies_among_the_arguments_of_a_module_that_is_absent_are_found_where_they_are_written() -> None:
    files = """\
    variable "wide" { type = bool }
    module "outer" {
      source = "./outer"
      wide   = var.wide
    }
    """
    outer = """\
    variable "wide" {}
    module "policy" {
      source = "terraform-aws-modules/iam/aws//modules/iam-policy"
      name   = "own"
      policy = jsonencode({
        Statement = [
          { Effect = "Allow", Action = var.wide ? "dynamodb:DeleteTable" : "dynamodb:GetItem", Resource = "*" }
        ]
      })
      policies = [<<-EOT
        {
          "Statement": [{"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}]
        }
      EOT
      ]
      trust = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sts:AssumeRole" }] })
      tags  = { Statement = "none" }
    }
    """
    report = judged(may_delete_tables, {"main.tf": files, "outer/main.tf": outer})

    (finding,) = report.findings
    assert isinstance(finding.origin, Span)
    assert (finding.subject.title(), finding.scenario, finding.origin.path, finding.origin.line) == (
        "module.outer.module.policy statement policy/#1", "when var.wide is true", "outer/main.tf", 7,
    )  # fmt: skip
    assert list(statements({"main.tf": files, "outer/main.tf": outer})) == [
        "module.outer.module.policy statement policies #1/#1",
        "module.outer.module.policy statement policy/#1",
    ]


def test_roles_that_two_roots_make_of_one_module_are_kept_apart() -> None:
    module = f"""
    variable "wide" {{}}
    resource "aws_iam_role" "ops" {{
      assume_role_policy = jsonencode({{ Statement = [] }})
    }}
    resource "aws_iam_role_policy" "p" {{
      count = var.wide ? 1 : 0
      name  = "tables"
      role  = aws_iam_role.ops.name
      {ALLOW}
    }}
    """
    call = 'module "ops" {{\n  source = "../../ops"\n  wide   = {0}\n}}\n'
    files = {"ops/main.tf": module, "live/a/main.tf": call.format("false"), "live/b/main.tf": call.format("true")}

    (finding,) = judged(held_by_somebody, files).findings

    assert finding.subject.address == "module.ops.aws_iam_role_policy.p[0]"
