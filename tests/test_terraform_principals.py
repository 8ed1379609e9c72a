"""Principals of Terraform: what hangs on whom, as CloudFormation's readers have it."""

from __future__ import annotations

import pytest

from policies_seen import (
    documents,
    grant_shown,
    grants_shown,
    held_by_somebody,
    judged,
    principals_by_address,
)

ALLOW = 'policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }] })'
TRUST = 'assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole" }] })'


def test_a_role_has_its_inline_policies_and_trust() -> None:
    ops = principals_by_address(f"""
    resource "aws_iam_role" "ops" {{
      name = "ops"
      path = "/team/"
      {TRUST}
      inline_policy {{
        name = "tables"
        {ALLOW}
      }}
      inline_policy {{}}
      managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    }}
    """)["aws_iam_role.ops"]

    assert grants_shown(ops) == ["inline tables: dynamodb:*", "aws-managed arn:aws:iam::aws:policy/ReadOnlyAccess: -"]
    trust = ops.trust.known()
    assert trust is not None
    assert [action.shown() for action in trust.statements[0].actions] == ["sts:AssumeRole"]
    assert [name.shown() for name in ops.names][-2:] == [
        "ops",
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/team/ops",
    ]
    assert ops.open == ""


@pytest.mark.parametrize(
    "role",
    ["aws_iam_role.ops.name", "aws_iam_role.ops.id", '"ops"', "local.role"],
)
def test_a_policy_hangs_on_the_role_that_it_names(role: str) -> None:
    files = f"""
    locals {{ role = "ops" }}
    resource "aws_iam_role" "ops" {{ name = "ops" }}
    resource "aws_iam_role" "other" {{ name = "other" }}
    resource "aws_iam_role_policy" "p" {{
      name = "tables"
      role = {role}
      {ALLOW}
    }}
    """
    assert {address: grants_shown(one) for address, one in principals_by_address(files).items()} == {
        "aws_iam_role.ops": ["inline tables: dynamodb:*"],
        "aws_iam_role.other": [],
    }


@pytest.mark.parametrize("name", ['name_prefix = "ops-"', 'name = "${var.stage}-ops"', ""])
def test_a_role_whose_name_is_not_written_out_is_found_by_reference(name: str) -> None:
    files = f"""
    variable "stage" {{}}
    resource "aws_iam_role" "ops" {{
      {name}
    }}
    resource "aws_iam_role_policy" "p" {{
      role = aws_iam_role.ops.name
      {ALLOW}
    }}
    """
    assert grants_shown(principals_by_address(files)["aws_iam_role.ops"]) == [
        "inline ${aws_iam_role_policy.p.Ref}: dynamodb:*"
    ]


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("aws_iam_policy.own.arn", "managed own: dynamodb:*"),
        ("aws_iam_policy.own.id", "managed own: dynamodb:*"),
        ('"arn:aws:iam::${data.aws_caller_identity.me.account_id}:policy/own"', "managed own: dynamodb:*"),
        ('"arn:aws:iam::111122223333:policy/own"', "managed arn:aws:iam::111122223333:policy/own: -"),
        ("data.aws_iam_policy.found.arn", "managed own: dynamodb:*"),
        ("data.aws_iam_policy.theirs.arn", "managed ReadOnlyAccess: -"),
        ("module.absent.arn", "managed ${module.absent.arn}: -"),
    ],
)
def test_a_managed_policy_is_found_by_what_it_is_called(arn: str, expected: str) -> None:
    files = f"""
    data "aws_caller_identity" "me" {{}}
    data "aws_iam_policy" "found" {{ name = "own" }}
    data "aws_iam_policy" "theirs" {{ name = "ReadOnlyAccess" }}
    module "absent" {{ source = "example/absent/aws" }}
    resource "aws_iam_policy" "own" {{
      name = "own"
      {ALLOW}
    }}
    resource "aws_iam_role" "ops" {{ name = "ops" }}
    resource "aws_iam_role_policy_attachment" "a" {{
      role       = aws_iam_role.ops.name
      policy_arn = {arn}
    }}
    """
    assert grants_shown(principals_by_address(files)["aws_iam_role.ops"]) == [expected]


def test_a_user_has_what_its_groups_have() -> None:
    files = f"""
    resource "aws_iam_user" "anna" {{ name = "anna" }}
    resource "aws_iam_user" "ben" {{ name = "ben" }}
    resource "aws_iam_group" "admins" {{ name = "admins" }}
    resource "aws_iam_group_policy" "all" {{
      name  = "all"
      group = aws_iam_group.admins.name
      {ALLOW}
    }}
    resource "aws_iam_user_group_membership" "anna" {{
      user   = aws_iam_user.anna.name
      groups = [aws_iam_group.admins.name, "elsewhere"]
    }}
    resource "aws_iam_group_membership" "rest" {{
      name  = "rest"
      group = "admins"
      users = [aws_iam_user.ben.name]
    }}
    """
    found = principals_by_address(files)

    through = ["inline all: dynamodb:* through aws_iam_group.admins"]
    assert (grants_shown(found["aws_iam_user.anna"]), grants_shown(found["aws_iam_user.ben"])) == (through, through)
    assert found["aws_iam_user.anna"].open == "what the group elsewhere may do is not in what was read"
    assert documents({"main.tf": files}) == {
        "aws_iam_group_policy.all": "identity: "
        "aws_iam_group.admins, aws_iam_user.anna through aws_iam_group.admins, "
        "aws_iam_user.ben through aws_iam_group.admins"
    }


def test_an_attachment_to_many_hangs_on_each() -> None:
    files = f"""
    resource "aws_iam_policy" "own" {{
      {ALLOW}
    }}
    resource "aws_iam_role" "ops" {{ name = "ops" }}
    resource "aws_iam_user" "anna" {{ name = "anna" }}
    resource "aws_iam_policy_attachment" "a" {{
      name       = "a"
      roles      = [aws_iam_role.ops.name]
      users      = ["anna"]
      policy_arn = aws_iam_policy.own.arn
    }}
    """
    assert documents({"main.tf": files}) == {
        "aws_iam_policy.own": "identity: aws_iam_role.ops, aws_iam_user.anna",
        "aws_iam_role.ops policy trust": "trust: aws_iam_role.ops",
    }


def test_each_instance_of_a_role_has_its_own_policies() -> None:
    files = """
    resource "aws_iam_role" "ops" {
      for_each = toset(["a", "b"])
      name     = "ops-${each.key}"
    }
    resource "aws_iam_role_policy" "p" {
      for_each = aws_iam_role.ops
      name     = each.key
      role     = each.value.name
      policy   = jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:${each.key}", Resource = "*" }] })
    }
    """
    assert {address: grants_shown(one) for address, one in principals_by_address(files).items()} == {
        'aws_iam_role.ops["a"]': ["inline a: dynamodb:a"],
        'aws_iam_role.ops["b"]': ["inline b: dynamodb:b"],
    }


def test_a_policy_of_a_module_hangs_on_the_role_that_its_caller_passes() -> None:
    files = {
        "main.tf": """
        resource "aws_iam_role" "ops" {}
        module "rights" {
          source = "./rights"
          role   = aws_iam_role.ops.name
        }
        """,
        "rights/main.tf": f"""
        variable "role" {{}}
        resource "aws_iam_role_policy" "p" {{
          name = "tables"
          role = var.role
          {ALLOW}
        }}
        """,
    }
    assert grants_shown(principals_by_address(files)["aws_iam_role.ops"]) == ["inline tables: dynamodb:*"]


def test_a_policy_for_a_role_that_is_not_known_may_hang_on_each() -> None:
    files = f"""
    variable "role" {{}}
    resource "aws_iam_role" "ops" {{ name = "ops" }}
    resource "aws_iam_role_policy" "p" {{
      name = "tables"
      role = var.role
      {ALLOW}
    }}
    """
    assert grants_shown(principals_by_address(files)["aws_iam_role.ops"]) == ["inline tables: dynamodb:*?"]


def test_a_literal_name_reaches_the_only_role_of_that_name_in_another_root() -> None:
    role = 'resource "aws_iam_role" "ops" {\n  name = "ops"\n}\n'
    policy = f'resource "aws_iam_role_policy" "p" {{\n  name = "t"\n  role = "ops"\n  {ALLOW}\n}}\n'

    found = principals_by_address({"a/main.tf": role, "b/main.tf": policy})
    both = principals_by_address({"a/main.tf": role, "b/main.tf": policy, "c/main.tf": role})

    assert grants_shown(found["aws_iam_role.ops"]) == ["inline t: dynamodb:*"]
    assert grants_shown(both["aws_iam_role.ops"]) == ["inline t: dynamodb:*?"]


def test_what_is_attached_under_a_condition_hangs_in_its_scenario_alone() -> None:
    files = f"""
    variable "wide" {{ type = bool }}
    resource "aws_iam_role" "ops" {{ name = "ops" }}
    resource "aws_iam_policy" "p" {{
      name  = "tables"
      {ALLOW}
    }}
    resource "aws_iam_role_policy_attachment" "a" {{
      count      = var.wide ? 1 : 0
      role       = aws_iam_role.ops.name
      policy_arn = aws_iam_policy.p.arn
    }}
    """
    found = judged(held_by_somebody, {"main.tf": files}).findings

    assert [(one.scenario, one.subject.address) for one in found if one.subject.part == "#1"] == [
        ("when var.wide is true", "aws_iam_policy.p")
    ]


@pytest.mark.parametrize(
    "boundary", ["aws_iam_policy.own.arn", '"arn:aws:iam::${data.aws_caller_identity.me.account_id}:policy/own"']
)
def test_the_boundary_of_a_role_is_read(boundary: str) -> None:
    files = f"""
    data "aws_caller_identity" "me" {{}}
    resource "aws_iam_policy" "own" {{
      name = "own"
      {ALLOW}
    }}
    resource "aws_iam_role" "ops" {{
      name                 = "ops"
      permissions_boundary = {boundary}
    }}
    """
    known = principals_by_address(files)["aws_iam_role.ops"].boundary.known()

    assert known is not None
    assert grant_shown(known) == "managed own: dynamodb:*"
    assert documents({"main.tf": files})["aws_iam_policy.own"] == "boundary: aws_iam_role.ops"


def test_a_permission_set_has_what_its_resources_attach() -> None:
    files = f"""
    resource "aws_ssoadmin_permission_set" "ops" {{
      name         = "ops"
      instance_arn = "arn:aws:sso:::instance/ssoins-1"
    }}
    resource "aws_iam_policy" "own" {{
      name = "own"
      {ALLOW}
    }}
    resource "aws_ssoadmin_permission_set_inline_policy" "inline" {{
      permission_set_arn = aws_ssoadmin_permission_set.ops.arn
      inline_policy      = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "backup:*", Resource = "*" }}] }})
    }}
    resource "aws_ssoadmin_managed_policy_attachment" "m" {{
      permission_set_arn = aws_ssoadmin_permission_set.ops.arn
      managed_policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    }}
    resource "aws_ssoadmin_customer_managed_policy_attachment" "c" {{
      permission_set_arn = aws_ssoadmin_permission_set.ops.arn
      customer_managed_policy_reference {{
        name = "own"
        path = "/"
      }}
    }}
    resource "aws_ssoadmin_permissions_boundary_attachment" "b" {{
      permission_set_arn = aws_ssoadmin_permission_set.ops.arn
      permissions_boundary {{
        customer_managed_policy_reference {{
          name = aws_iam_policy.own.name
        }}
      }}
    }}
    """
    ops = principals_by_address(files)["aws_ssoadmin_permission_set.ops"]

    assert grants_shown(ops) == [
        "inline inline_policy: backup:*",
        "aws-managed arn:aws:iam::aws:policy/ReadOnlyAccess: -",
        "managed own: dynamodb:*",
    ]
    boundary = ops.boundary.known()
    assert boundary is not None
    assert grant_shown(boundary) == "managed own: dynamodb:*"


def test_the_provider_awscc_is_read_alike() -> None:
    files = """
    resource "awscc_iam_managed_policy" "own" {
      managed_policy_name = "own"
      policy_document     = jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }] })
      users               = ["anna"]
    }
    resource "awscc_iam_role" "ops" {
      role_name = "ops"
      assume_role_policy_document = jsonencode({ Statement = [] })
      policies = [{
        policy_name     = "tables"
        policy_document = jsonencode({ Statement = [{ Effect = "Allow", Action = "backup:*", Resource = "*" }] })
      }]
      managed_policy_arns = [awscc_iam_managed_policy.own.policy_arn]
    }
    resource "awscc_iam_user" "anna" {
      user_name = "anna"
    }
    resource "awscc_iam_role_policy" "more" {
      role_name       = awscc_iam_role.ops.id
      policy_name     = "more"
      policy_document = jsonencode({ Statement = [{ Effect = "Deny", Action = "backup:*", Resource = "*" }] })
    }
    """
    found = principals_by_address(files)

    assert grants_shown(found["awscc_iam_role.ops"]) == [
        "inline tables: backup:*", "managed own: dynamodb:*", "inline more: backup:*",
    ]  # fmt: skip
    assert grants_shown(found["awscc_iam_user.anna"]) == ["managed own: dynamodb:*"]
