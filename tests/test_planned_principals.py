"""Principals of Terraform's plans and states."""

from __future__ import annotations

import json

from policies_seen import (
    documents,
    grants_shown,
    judged,
)
from recoverable import Severity, Truth, rule
from recoverable.estate.principals import Principal
from recoverable.truth import Answer


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

    assert (grants_shown(ops), ops.open) == (["managed own: dynamodb:*"], "")
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

    assert grants_shown(found["aws_iam_role.ops"]) == [
        "managed own: dynamodb:*",
        "aws-managed arn:aws:iam::aws:policy/ReadOnlyAccess: -",
        "inline tables: dynamodb:*",
    ]
    assert grants_shown(found["aws_ssoadmin_permission_set.s"]) == ["inline inline_policy: dynamodb:*"]
    assert [name.shown() for name in found["aws_iam_role.ops"].names if not name.holes()] == [
        "arn:aws:iam::111122223333:role/ops",
        "ops",
    ]
