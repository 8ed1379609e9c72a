"""Principals of Terraform: what hangs on whom, as CloudFormation's readers have it."""

from __future__ import annotations

import json

import pytest

from configurations import read
from policies_seen import documents, guardrails, held_by_somebody, judged, may_delete_tables, statements
from recoverable import Severity, Truth, rule
from recoverable.estate.principals import Grant, Principal
from recoverable.source import Span
from recoverable.truth import Answer

ALLOW = 'policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }] })'
TRUST = 'assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole" }] })'


def _principals(files: dict[str, str] | str) -> dict[str, Principal]:
    """Every principal as it is in the first scenario that has it."""
    found = [
        next(variant.item for variant in entry.variants if variant.item is not None) for entry in read(files).principals
    ]
    return {principal.subject.address: principal for principal in found}


def _grants(principal: Principal) -> list[str]:
    return [_shown(grant) for grant in principal.grants]


def _shown(grant: Grant) -> str:
    actions = [] if grant.policy is None else [a.shown() for one in grant.policy.statements for a in one.actions]
    said = f"{grant.source} {grant.name.shown()}: {', '.join(actions) or ('-' if grant.policy is None else 'none')}"
    return said + (f" through {grant.through}" if grant.through else "") + ("?" if grant.doubt else "")


def test_a_role_has_its_inline_policies_and_trust() -> None:
    ops = _principals(f"""
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

    assert _grants(ops) == ["inline tables: dynamodb:*", "aws-managed arn:aws:iam::aws:policy/ReadOnlyAccess: -"]
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
    assert {address: _grants(one) for address, one in _principals(files).items()} == {
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
    assert _grants(_principals(files)["aws_iam_role.ops"]) == ["inline ${aws_iam_role_policy.p.Ref}: dynamodb:*"]


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
    assert _grants(_principals(files)["aws_iam_role.ops"]) == [expected]


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
    found = _principals(files)

    through = ["inline all: dynamodb:* through aws_iam_group.admins"]
    assert (_grants(found["aws_iam_user.anna"]), _grants(found["aws_iam_user.ben"])) == (through, through)
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
    assert {address: _grants(one) for address, one in _principals(files).items()} == {
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
    assert _grants(_principals(files)["aws_iam_role.ops"]) == ["inline tables: dynamodb:*"]


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
    assert _grants(_principals(files)["aws_iam_role.ops"]) == ["inline tables: dynamodb:*?"]


def test_a_literal_name_reaches_the_only_role_of_that_name_in_another_root() -> None:
    role = 'resource "aws_iam_role" "ops" {\n  name = "ops"\n}\n'
    policy = f'resource "aws_iam_role_policy" "p" {{\n  name = "t"\n  role = "ops"\n  {ALLOW}\n}}\n'

    found = _principals({"a/main.tf": role, "b/main.tf": policy})
    both = _principals({"a/main.tf": role, "b/main.tf": policy, "c/main.tf": role})

    assert _grants(found["aws_iam_role.ops"]) == ["inline t: dynamodb:*"]
    assert _grants(both["aws_iam_role.ops"]) == ["inline t: dynamodb:*?"]


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
    known = _principals(files)["aws_iam_role.ops"].boundary.known()

    assert known is not None
    assert _shown(known) == "managed own: dynamodb:*"
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
    ops = _principals(files)["aws_ssoadmin_permission_set.ops"]

    assert _grants(ops) == [
        "inline inline_policy: backup:*",
        "aws-managed arn:aws:iam::aws:policy/ReadOnlyAccess: -",
        "managed own: dynamodb:*",
    ]
    boundary = ops.boundary.known()
    assert boundary is not None
    assert _shown(boundary) == "managed own: dynamodb:*"


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
    found = _principals(files)

    assert _grants(found["awscc_iam_role.ops"]) == [
        "inline tables: backup:*", "managed own: dynamodb:*", "inline more: backup:*",
    ]  # fmt: skip
    assert _grants(found["awscc_iam_user.anna"]) == ["managed own: dynamodb:*"]


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
    (role,) = _principals(files).values()

    assert (role.subject.address, _grants(role)) == ("aws_iam_role.ops[?]", ["inline tables: dynamodb:*"])


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


def _planned() -> str:
    """A plan that makes a role with a policy, whose ARN is known only after it is applied."""
    allow = json.dumps({"Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]})
    trust = json.dumps({"Statement": []})
    made: dict[str, tuple[dict[str, object], dict[str, bool], dict[str, object]]] = {
        "aws_iam_role.ops": ({"name": "ops", "assume_role_policy": trust, "inline_policy": []}, {"arn": True}, {}),
        "aws_iam_policy.own": ({"name": "own", "policy": allow}, {"arn": True}, {}),
        "aws_iam_role_policy_attachment.a": (
            {"role": "ops"},
            {"policy_arn": True},
            {"policy_arn": {"references": ["aws_iam_policy.own.arn", "aws_iam_policy.own"]}},
        ),
    }
    heads = {
        address: {"address": address, "mode": "managed", "type": type_, "name": name}
        for address in made
        for type_, _, name in (address.partition("."),)
    }
    provider = {"provider_name": "registry.terraform.io/hashicorp/aws"}
    values = [{**heads[address], **provider, "values": after} for address, (after, _, _) in made.items()]
    return json.dumps({
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": values}},
        "resource_changes": [
            {
                **heads[address],
                "change": {"actions": ["create"], "before": None, "after": after, "after_unknown": unknown},
            }
            for address, (after, unknown, _) in made.items()
        ],
        "configuration": {
            "provider_config": {"aws": {"name": "aws"}},
            "root_module": {
                "resources": [
                    {**heads[address], "provider_config_key": "aws", "expressions": expressions}
                    for address, (_, _, expressions) in made.items()
                ]
            },
        },
    })  # fmt: skip


def test_principals_are_read_from_a_plan_with_what_is_known_only_after_it_is_applied() -> None:
    found: list[Principal] = []

    @rule(Severity.LOW)
    def seen(principal: Principal) -> Truth:
        found.append(principal)
        return Truth(Answer.NO)

    assert judged(seen, {"plan.json": _planned()}).faults == ()
    (ops,) = found

    assert (_grants(ops), ops.open) == (["managed own: dynamodb:*"], "")
    assert documents({"plan.json": _planned()})["aws_iam_policy.own"] == "identity: aws_iam_role.ops"


def _state() -> str:
    """A state: everything is made, and a role tells what is attached to it once more."""
    allow = json.dumps({"Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]})
    account = "arn:aws:iam::111122223333"
    permission_set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
    made: dict[str, dict[str, object]] = {
        "aws_iam_role.ops": {
            "name": "ops",
            "arn": f"{account}:role/ops",
            "id": "ops",
            "assume_role_policy": json.dumps({"Statement": []}),
            "inline_policy": [{"name": "tables", "policy": allow}],
            "managed_policy_arns": [f"{account}:policy/own", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
        },
        "aws_iam_policy.own": {"name": "own", "arn": f"{account}:policy/own", "policy": allow},
        "aws_iam_role_policy_attachment.a": {"role": "ops", "policy_arn": f"{account}:policy/own"},
        "aws_iam_role_policy.p": {"role": "ops", "name": "tables", "policy": allow},
        "aws_ssoadmin_permission_set.s": {"name": "s", "arn": permission_set},
        "aws_ssoadmin_permission_set_inline_policy.i": {"permission_set_arn": permission_set, "inline_policy": allow},
    }
    resources = [
        {
            "address": address,
            "mode": "managed",
            "type": address.partition(".")[0],
            "name": address.partition(".")[2],
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "values": values,
        }
        for address, values in made.items()
    ]
    values = {"root_module": {"resources": resources}}
    return json.dumps({"format_version": "1.0", "terraform_version": "1.9.0", "values": values})


def test_principals_are_read_from_a_state_with_each_policy_once() -> None:
    found: dict[str, Principal] = {}

    @rule(Severity.LOW)
    def seen(principal: Principal) -> Truth:
        found[principal.subject.address] = principal
        return Truth(Answer.NO)

    assert judged(seen, {"state.json": _state()}).faults == ()

    assert _grants(found["aws_iam_role.ops"]) == [
        "managed own: dynamodb:*",
        "aws-managed arn:aws:iam::aws:policy/ReadOnlyAccess: -",
        "inline tables: dynamodb:*",
    ]
    assert _grants(found["aws_ssoadmin_permission_set.s"]) == ["inline inline_policy: dynamodb:*"]
    assert [name.shown() for name in found["aws_iam_role.ops"].names if not name.holes()] == [
        "arn:aws:iam::111122223333:role/ops",
        "ops",
    ]


def test_a_policy_hangs_on_no_role_of_another_account_that_has_the_name() -> None:
    def root(account: str) -> str:
        return f"""
        provider "aws" {{
          allowed_account_ids = ["{account}"]
        }}
        """

    role = 'resource "aws_iam_role" "ops" {\n  name = "ops"\n}\n'
    policy = f'resource "aws_iam_role_policy" "p" {{\n  name = "t"\n  role = "ops"\n  {ALLOW}\n}}\n'

    found = _principals({"a/main.tf": role + root("111122223333"), "b/main.tf": policy + root("444455556666")})
    same = _principals({"a/main.tf": role + root("111122223333"), "b/main.tf": policy + root("111122223333")})

    assert (_grants(found["aws_iam_role.ops"]), _grants(same["aws_iam_role.ops"])) == ([], ["inline t: dynamodb:*"])


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
