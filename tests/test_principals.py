"""Roles, users, groups and permission sets: what hangs on them, found from wherever it is hung."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recoverable
from recoverable.estate.principals import Grant, Principal
from recoverable.read import cloudformation
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.source import Span
from recoverable.text import Hole, Text, may_equal
from recoverable.truth import Answer
from recoverable.value import Entry, Known, Later, Variant
from templates import Templates, read, read_all, said, why

DOCUMENT = "{Statement: {Effect: Allow, Action: 'dynamodb:CreateBackup', Resource: '*'}}"
OTHER = "{Statement: {Effect: Allow, Action: 'backup:*', Resource: '*'}}"


def _entry(templates: Templates, address: str, path: str = "") -> Entry[Principal]:
    return next(
        entry
        for entry in templates.reading.principals
        for item in [next(variant.item for variant in entry.variants if variant.item is not None)]
        if item.subject.address == address and item.subject.path.startswith(path)
    )


def _principal(templates: Templates, address: str = "Ops", path: str = "") -> Principal:
    """A principal that is the same in all scenarios."""
    (variant,) = _entry(templates, address, path).variants
    assert variant.item is not None
    return variant.item


def _resources(text: str, rest: str = "") -> Templates:
    body = "\n".join("  " + line for line in text.strip("\n").splitlines())
    return read(f"AWSTemplateFormatVersion: 2010-09-09\n{rest}\nResources:\n{body}\n")


def _shown(grant: Grant) -> str:
    """A grant in one line: how it hangs, what it is called, and what it allows."""
    statements = grant.policy.statements if grant.policy is not None else ()
    actions = ", ".join(action.shown() for one in statements for action in one.actions)
    return f"{grant.source} {grant.name.shown()}: {actions or 'not read'}{' (perhaps)' if grant.doubt else ''}"


def _grants(principal: Principal) -> list[str]:
    return [_shown(grant) for grant in principal.grants]


def test_an_inline_policy_hangs_on_its_role() -> None:
    role = _principal(_resources(f"Ops:\n  Type: AWS::IAM::Role\n  Properties:\n    Policies:\n"
                                 f"      - {{PolicyName: backups, PolicyDocument: {DOCUMENT}}}"))  # fmt: skip

    assert _grants(role) == ["inline backups: dynamodb:CreateBackup"]
    assert role.grants[0].origin == Span("app.yaml", 8, 11, 8, 126)


def test_a_role_is_known_by_reference_name_and_arn() -> None:
    role = _principal(_resources("Ops:\n  Type: AWS::IAM::Role\n  Properties: {RoleName: ops, Path: /team/}"))

    assert [name.shown() for name in role.names] == [
        "${Ops.Ref}",
        "${Ops.Arn}",
        "${Ops.RoleId}",
        "ops",
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/team/ops",
    ]
    assert (role.subject.kind, said(role.subject.name)) == ("role", "ops")


def test_a_role_without_a_name_gets_one_when_it_is_deployed() -> None:
    role = _principal(_resources("Ops:\n  Type: AWS::IAM::Role"))

    assert "CloudFormation makes a name up" in why(role.subject.name)


def test_the_trust_policy_of_a_role_is_read() -> None:
    role = _principal(
        _resources(
            "Ops:\n  Type: AWS::IAM::Role\n  Properties:\n    AssumeRolePolicyDocument:\n"
            "      Statement: {Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: backup.amazonaws.com}}"
        )
    )
    trust = role.trust.known()

    assert trust is not None
    assert [principal.name.shown() for principal in trust.statements[0].principals] == ["backup.amazonaws.com"]


def test_a_role_without_a_trust_policy_does_not_say_whom_it_trusts() -> None:
    trust = _principal(_resources("Ops:\n  Type: AWS::IAM::Role")).trust.known()

    assert trust is not None
    assert trust.open == "there is no AssumeRolePolicyDocument"


@pytest.mark.parametrize(
    ("arn", "source"),
    [
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", "aws-managed"),
        ("!Sub arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess", "aws-managed"),
        ("!Join ['', ['arn:', !Ref AWS::Partition, ':iam::aws:policy/ReadOnlyAccess']]", "aws-managed"),
        ("arn:aws:iam::123456789012:policy/ReadOnlyAccess", "managed"),
    ],
)
def test_a_managed_policy_of_aws_is_told_from_one_of_an_account(arn: str, source: str) -> None:
    role = _principal(_resources(f"Ops:\n  Type: AWS::IAM::Role\n  Properties:\n    ManagedPolicyArns:\n      - {arn}"))

    assert [(grant.source, grant.policy) for grant in role.grants] == [(source, None)]


@pytest.mark.parametrize(
    "reference",
    [
        "!Ref Own",
        "!GetAtt Own.PolicyArn",
        "!Sub arn:aws:iam::${AWS::AccountId}:policy/own",
        "!Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/team/own",
        "!If [Never, !Ref AWS::NoValue, !Ref Own]",
    ],
)
def test_a_managed_policy_of_the_template_is_found_by_what_it_is_called(reference: str) -> None:
    templates = _resources(
        f"Ops:\n  Type: AWS::IAM::Role\n  Properties:\n    ManagedPolicyArns:\n      - {reference}\n"
        f"Own:\n  Type: AWS::IAM::ManagedPolicy\n  Properties: {{ManagedPolicyName: own, PolicyDocument: {DOCUMENT}}}",
        "Conditions: {Never: !Equals [a, b]}",
    )

    assert _grants(_principal(templates)) == ["managed own: dynamodb:CreateBackup"]


def test_a_policy_of_another_account_is_not_the_one_of_the_template_that_has_its_name() -> None:
    templates = _resources(
        "Ops:\n  Type: AWS::IAM::Role\n  Properties: {ManagedPolicyArns: ['arn:aws:iam::999999999999:policy/own']}\n"
        f"Own:\n  Type: AWS::IAM::ManagedPolicy\n  Properties: {{ManagedPolicyName: own, PolicyDocument: {DOCUMENT}}}",
    )

    assert _grants(_principal(templates)) == ["managed arn:aws:iam::999999999999:policy/own: not read"]


@pytest.mark.parametrize(
    ("kind", "attachment"),
    [
        ("Role", "AWS::IAM::Policy\n  Properties: {PolicyName: p, Roles: [!Ref Ops]"),
        ("Role", "AWS::IAM::ManagedPolicy\n  Properties: {ManagedPolicyName: p, Roles: [!Ref Ops]"),
        ("Role", "AWS::IAM::RolePolicy\n  Properties: {PolicyName: p, RoleName: !Ref Ops"),
        ("User", "AWS::IAM::Policy\n  Properties: {PolicyName: p, Users: [!Ref Ops]"),
        ("User", "AWS::IAM::UserPolicy\n  Properties: {PolicyName: p, UserName: !Ref Ops"),
        ("Group", "AWS::IAM::ManagedPolicy\n  Properties: {ManagedPolicyName: p, Groups: [!Ref Ops]"),
        ("Group", "AWS::IAM::GroupPolicy\n  Properties: {PolicyName: p, GroupName: !Ref Ops"),
    ],
)
def test_a_policy_hangs_itself_on_the_principal_that_it_names(kind: str, attachment: str) -> None:
    templates = _resources(
        f"Ops:\n  Type: AWS::IAM::{kind}\nP:\n  Type: {attachment}, PolicyDocument: {DOCUMENT}}}\n"
        f"Bystander:\n  Type: AWS::IAM::{kind}"
    )
    source = "managed" if "ManagedPolicy" in attachment else "inline"

    assert _grants(_principal(templates)) == [f"{source} p: dynamodb:CreateBackup"]
    assert _grants(_principal(templates, "Bystander")) == []


def test_a_role_whose_name_is_a_parameter_is_still_found_by_reference() -> None:
    templates = _resources(
        f"Ops:\n  Type: AWS::IAM::Role\n  Properties: {{RoleName: !Ref Name}}\nP:\n  Type: AWS::IAM::Policy\n"
        f"  Properties: {{PolicyName: p, Roles: [!Ref Ops], PolicyDocument: {DOCUMENT}}}\n"
        "Bystander:\n  Type: AWS::IAM::Role",
        "Parameters: {Name: {Type: String}}",
    )

    assert _grants(_principal(templates)) == ["inline p: dynamodb:CreateBackup"]
    assert _grants(_principal(templates, "Bystander")) == []


def test_a_role_is_meant_by_the_name_cut_out_of_its_arn() -> None:
    templates = _resources(
        "Ops:\n  Type: AWS::IAM::Role\nBystander:\n  Type: AWS::IAM::Role\n"
        "P:\n  Type: AWS::IAM::Policy\n  Properties:\n    PolicyName: p\n"
        "    Roles: [!Select [1, !Split [/, !Select [5, !Split [':', !GetAtt Ops.Arn]]]]]\n"
        f"    PolicyDocument: {DOCUMENT}"
    )

    assert _grants(_principal(templates)) == ["inline p: dynamodb:CreateBackup"]
    assert _grants(_principal(templates, "Bystander")) == []


def test_a_policy_that_hangs_on_a_role_given_by_parameter_may_hang_on_each() -> None:
    templates = _resources(
        f"Ops:\n  Type: AWS::IAM::Role\nP:\n  Type: AWS::IAM::Policy\n"
        f"  Properties: {{PolicyName: p, Roles: [!Ref Name], PolicyDocument: {DOCUMENT}}}",
        "Parameters: {Name: {Type: String}}",
    )
    role = _principal(templates)

    assert _grants(role) == ["inline p: dynamodb:CreateBackup (perhaps)"]
    assert role.grants[0].doubt.endswith("it comes from parameter Name, which has no default")


def test_a_partly_known_name_is_only_that_of_a_role_whose_name_fits() -> None:
    templates = _resources(
        "Fits:\n  Type: AWS::IAM::Role\n  Properties: {RoleName: prod-ops}\n"
        "Differs:\n  Type: AWS::IAM::Role\n  Properties: {RoleName: prod-audit}\n"
        "MadeUp:\n  Type: AWS::IAM::Role\n"
        "P:\n  Type: AWS::IAM::Policy\n  Properties:\n    PolicyName: p\n"
        f"    Roles: [!Sub '${{Stage}}-ops']\n    PolicyDocument: {DOCUMENT}",
        "Parameters: {Stage: {Type: String}}",
    )

    assert [_grants(_principal(templates, name)) for name in ("Fits", "Differs", "MadeUp")] == [
        ["inline p: dynamodb:CreateBackup (perhaps)"],
        [],
        [],
    ]


def test_a_policy_that_certainly_hangs_on_a_role_is_not_told_again_as_possible() -> None:
    templates = _resources(
        "Ops:\n  Type: AWS::IAM::Role\n"
        "P:\n  Type: AWS::IAM::Policy\n"
        f"  Properties: {{PolicyName: p, Roles: [!Ref Ops, !Ref Name], PolicyDocument: {DOCUMENT}}}",
        "Parameters: {Name: {Type: String}}",
    )

    assert _grants(_principal(templates)) == ["inline p: dynamodb:CreateBackup"]


def test_what_hangs_on_a_condition_hangs_in_its_scenario_alone() -> None:
    templates = _resources(
        "Ops:\n  Type: AWS::IAM::Role\n"
        "P:\n  Type: AWS::IAM::Policy\n  Condition: IsProd\n"
        f"  Properties: {{PolicyName: p, Roles: [!Ref Ops], PolicyDocument: {DOCUMENT}}}",
        "Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}\n"
        "Conditions: {IsProd: !Equals [!Ref Stage, prod]}",
    )
    found = {
        str(scenario.circumstances[0]): _grants(role) for scenario, role in _entry(templates, "Ops").variants if role
    }

    assert found == {"IsProd is false": [], "IsProd is true": ["inline p: dynamodb:CreateBackup"]}


def test_a_role_chosen_by_condition_is_only_then_meant() -> None:
    templates = _resources(
        "A:\n  Type: AWS::IAM::Role\nB:\n  Type: AWS::IAM::Role\nC:\n  Type: AWS::IAM::Role\n"
        "P:\n  Type: AWS::IAM::Policy\n"
        f"  Properties: {{PolicyName: p, Roles: [!If [IsProd, !Ref A, !Ref B]], PolicyDocument: {DOCUMENT}}}",
        "Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}\n"
        "Conditions: {IsProd: !Equals [!Ref Stage, prod]}",
    )
    held = {
        name: {len(variant.item.grants) for variant in _entry(templates, name).variants if variant.item}
        for name in ("A", "B")
    }

    assert held == {"A": {0, 1}, "B": {0, 1}}
    assert len(_entry(templates, "C").variants) == 1


def test_the_version_check_of_cdk_leaves_the_other_rules_their_effect() -> None:
    check = "{Assertions: [{Assert: !Not [!Contains [['1', '2'], !Ref BootstrapVersion]]}]}"
    templates = _resources(
        "Ops:\n  Type: AWS::IAM::Role\n  Properties: {RoleName: !Ref Stage}",
        "Parameters:\n  Stage: {Type: String, AllowedValues: [dev, prod]}\n"
        "  BootstrapVersion: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /cdk-bootstrap/version}\n"
        f"Rules:\n  CheckBootstrapVersion: {check}\n"
        "  Stages: {Assertions: [{Assert: !Equals [!Ref Stage, prod]}]}",
    )

    assert said(_principal(templates).subject.name) == "prod"


def test_a_role_that_is_not_made_in_a_scenario_is_none_there() -> None:
    templates = _resources(
        "Ops:\n  Type: AWS::IAM::Role\n  Condition: IsProd",
        "Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}\n"
        "Conditions: {IsProd: !Equals [!Ref Stage, prod]}",
    )

    assert sorted(variant.item is None for variant in _entry(templates, "Ops").variants) == [False, True]


_ROLE = "Resources:\n  Ops:\n    Type: AWS::IAM::Role\n    Properties: {RoleName: ops}\n"
_POLICY = (
    "Resources:\n  P:\n    Type: AWS::IAM::Policy\n"
    f"    Properties: {{PolicyName: p, Roles: [ops], PolicyDocument: {DOCUMENT}}}\n"
)


def test_a_literal_name_reaches_the_only_role_of_that_name_in_another_template() -> None:
    role = _principal(read_all({"role.yaml": _ROLE, "policy.yaml": _POLICY}))

    assert _grants(role) == ["inline p: dynamodb:CreateBackup"]


def test_a_literal_name_that_two_templates_have_may_mean_either() -> None:
    templates = read_all({"dev.yaml": _ROLE, "prod.yaml": _ROLE, "policy.yaml": _POLICY})

    assert [_grants(_principal(templates, "Ops", path)) for path in ("dev", "prod")] == [
        ["inline p: dynamodb:CreateBackup (perhaps)"],
        ["inline p: dynamodb:CreateBackup (perhaps)"],
    ]


def test_a_literal_name_means_the_role_of_its_own_template_first() -> None:
    both = _ROLE + _POLICY.removeprefix("Resources:\n")
    templates = read_all({"dev.yaml": both, "prod.yaml": _ROLE})

    assert [_grants(_principal(templates, "Ops", path)) for path in ("dev", "prod")] == [
        ["inline p: dynamodb:CreateBackup"],
        [],
    ]


def test_two_templates_with_resources_of_one_name_are_kept_apart() -> None:
    own = _ROLE.replace("{RoleName: ops}", "{ManagedPolicyArns: [!Ref Own]}") + (
        "  Own:\n    Type: AWS::IAM::ManagedPolicy\n"
        f"    Properties: {{ManagedPolicyName: a, PolicyDocument: {DOCUMENT}}}\n"
    )
    templates = read_all({"a.yaml": own, "b.yaml": own.replace("PolicyName: a", "PolicyName: b")})

    assert [_grants(_principal(templates, "Ops", path)) for path in ("a.yaml", "b.yaml")] == [
        ["managed a: dynamodb:CreateBackup"],
        ["managed b: dynamodb:CreateBackup"],
    ]


def test_a_policy_of_a_nested_stack_hangs_on_the_role_that_its_parent_passes() -> None:
    parent = (
        "Resources:\n  Ops:\n    Type: AWS::IAM::Role\n    Properties: {RoleName: !Ref AWS::StackName}\n"
        "  Child:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: child.yaml, Parameters: {Role: !Ref Ops}}\n"
    )
    child = (
        "Parameters: {Role: {Type: String}}\nResources:\n  P:\n    Type: AWS::IAM::Policy\n"
        f"    Properties: {{PolicyName: p, Roles: [!Ref Role], PolicyDocument: {DOCUMENT}}}\n"
    )

    assert _grants(_principal(read_all({"app.yaml": parent, "child.yaml": child}))) == [
        "inline p: dynamodb:CreateBackup"
    ]


def test_a_managed_policy_that_another_template_exports_is_found() -> None:
    exporting = (
        f"Resources:\n  Own:\n    Type: AWS::IAM::ManagedPolicy\n    Properties: {{PolicyDocument: {DOCUMENT}}}\n"
        "Outputs:\n  Arn: {Value: !Ref Own, Export: {Name: own-policy}}\n"
    )
    importing = _ROLE.replace("{RoleName: ops}", "{ManagedPolicyArns: [!ImportValue own-policy]}")

    assert _grants(_principal(read_all({"a.yaml": exporting, "b.yaml": importing}))) == [
        "managed ${Own.Ref}: dynamodb:CreateBackup"
    ]


def test_outputs_and_parameters_that_go_round_in_a_circle_end() -> None:
    parent = (
        "Resources:\n  Ops:\n    Type: AWS::IAM::Role\n"
        "    Properties: {ManagedPolicyArns: [!GetAtt Child.Outputs.Arn]}\n"
        "  Child:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: child.yaml, Parameters: {Arn: !GetAtt Child.Outputs.Arn}}\n"
    )
    child = (
        "Parameters: {Arn: {Type: String}}\nResources: {T: {Type: AWS::IAM::Role}}\nOutputs: {Arn: {Value: !Ref Arn}}\n"
    )
    role = _principal(read_all({"app.yaml": parent, "child.yaml": child}))

    assert [grant.policy for grant in role.grants] == [None]


def test_a_user_has_what_its_groups_have() -> None:
    templates = _resources(
        "Ann:\n  Type: AWS::IAM::User\n  Properties: {Groups: [!Ref Staff]}\n"
        "Staff:\n  Type: AWS::IAM::Group\n  Properties:\n    Policies:\n"
        f"      - {{PolicyName: own, PolicyDocument: {DOCUMENT}}}\n"
        f"P:\n  Type: AWS::IAM::Policy\n  Properties: {{PolicyName: p, Groups: [!Ref Staff], PolicyDocument: {OTHER}}}"
    )
    user = _principal(templates, "Ann")

    assert _grants(user) == ["inline own: dynamodb:CreateBackup", "inline p: backup:*"]
    assert {grant.through for grant in user.grants} == {"Staff"}


def test_a_user_is_put_into_a_group_from_outside() -> None:
    templates = _resources(
        "Ann:\n  Type: AWS::IAM::User\nBob:\n  Type: AWS::IAM::User\n"
        "Staff:\n  Type: AWS::IAM::Group\n  Properties:\n"
        f"    Policies: [{{PolicyName: own, PolicyDocument: {DOCUMENT}}}]\n"
        "Members:\n  Type: AWS::IAM::UserToGroupAddition\n"
        "  Properties: {GroupName: !Ref Staff, Users: [!Ref Ann]}"
    )

    assert _grants(_principal(templates, "Ann")) == ["inline own: dynamodb:CreateBackup"]
    assert _grants(_principal(templates, "Bob")) == []


def test_a_user_in_a_group_that_was_not_read_may_do_more() -> None:
    user = _principal(_resources("Ann:\n  Type: AWS::IAM::User\n  Properties: {Groups: [admins]}"), "Ann")

    assert user.open == "what the group admins may do is not in what was read"


@pytest.mark.parametrize(
    "document",
    [DOCUMENT, """'{"Statement":[{"Effect":"Allow","Action":"dynamodb:CreateBackup","Resource":"*"}]}'"""],
)
def test_a_permission_set_has_its_inline_policy_as_object_or_text(document: str) -> None:
    templates = _resources(
        f"Ops:\n  Type: AWS::SSO::PermissionSet\n  Properties:\n    Name: ops\n    InlinePolicy: {document}"
    )

    assert _grants(_principal(templates)) == ["inline InlinePolicy: dynamodb:CreateBackup"]


def test_a_permission_set_names_managed_policies_by_arn_and_by_name() -> None:
    templates = _resources(
        "Ops:\n  Type: AWS::SSO::PermissionSet\n  Properties:\n    Name: ops\n"
        "    ManagedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess']\n"
        "    CustomerManagedPolicyReferences: [{Name: own}, {Name: elsewhere}]\n"
        f"Own:\n  Type: AWS::IAM::ManagedPolicy\n  Properties: {{ManagedPolicyName: own, PolicyDocument: {DOCUMENT}}}"
    )

    assert _grants(_principal(templates)) == [
        "aws-managed arn:aws:iam::aws:policy/ReadOnlyAccess: not read",
        "managed own: dynamodb:CreateBackup",
        "managed elsewhere: not read",
    ]


@pytest.mark.parametrize(
    ("type_", "boundary"),
    [
        ("AWS::IAM::Role", "!Ref Own"),
        ("AWS::IAM::User", "!Sub 'arn:aws:iam::${AWS::AccountId}:policy/own'"),
        ("AWS::SSO::PermissionSet", "{CustomerManagedPolicyReference: {Name: own}}"),
        ("AWS::SSO::PermissionSet", "{ManagedPolicyArn: !Ref Own}"),
    ],
)
def test_the_boundary_of_a_principal_is_read(type_: str, boundary: str) -> None:
    templates = _resources(
        f"Ops:\n  Type: {type_}\n  Properties:\n    PermissionsBoundary: {boundary}\n"
        f"Own:\n  Type: AWS::IAM::ManagedPolicy\n  Properties: {{ManagedPolicyName: own, PolicyDocument: {DOCUMENT}}}"
    )
    limit = _principal(templates).boundary.known()

    assert limit is not None
    assert _shown(limit) == "managed own: dynamodb:CreateBackup"


def test_a_boundary_given_by_parameter_is_known_by_name_alone() -> None:
    templates = _resources(
        "Ops:\n  Type: AWS::IAM::Role\n  Properties: {PermissionsBoundary: !Ref Limit}",
        "Parameters: {Limit: {Type: String}}",
    )

    assert "parameter Limit" in why(_principal(templates).boundary)


def test_a_principal_without_a_boundary_has_none() -> None:
    boundary = _principal(_resources("Ops:\n  Type: AWS::IAM::Role")).boundary

    assert isinstance(boundary.state, Known)
    assert boundary.state.value is None


def test_a_transform_of_the_authors_own_may_add_policies() -> None:
    role = _principal(
        _resources("Ops:\n  Type: AWS::IAM::Role\n  Properties: {Path: /}", "Transform: Company::Hardening")
    )

    assert "Company::Hardening" in role.open


def test_more_choices_than_are_followed_leave_a_principal_open() -> None:
    names = [f"C{number}" for number in range(8)]
    conditions = ", ".join(f"{name}: !Equals [!Ref {name}, x]" for name in names)
    parameters = ", ".join(f"{name}: {{Type: String, AllowedValues: [x, y]}}" for name in names)
    policies = "\n".join(
        f"      - !If [{name}, {{PolicyName: {name}, PolicyDocument: {DOCUMENT}}}, !Ref AWS::NoValue]" for name in names
    )
    templates = _resources(
        f"Ops:\n  Type: AWS::IAM::Role\n  Properties:\n    Policies:\n{policies}",
        f"Parameters: {{{parameters}}}\nConditions: {{{conditions}}}",
    )

    roles = [variant.item for variant in _entry(templates, "Ops").variants if variant.item is not None]

    assert roles
    assert all("more choices" in role.open for role in roles)
    assert all(grant.policy is None or grant.policy.open for role in roles for grant in role.grants[6:])


def test_a_managed_policy_is_that_of_its_own_template_first() -> None:
    own = (
        "Resources:\n  Ops:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns:\n"
        "        - !Sub arn:aws:iam::${AWS::AccountId}:policy/own\n  Own:\n    Type: AWS::IAM::ManagedPolicy\n"
        f"    Properties: {{ManagedPolicyName: own, PolicyDocument: {DOCUMENT}}}\n"
    )
    templates = read_all({"a.yaml": own, "b.yaml": own.replace(DOCUMENT, OTHER)})

    assert [_grants(_principal(templates, "Ops", path)) for path in ("a.yaml", "b.yaml")] == [
        ["managed own: dynamodb:CreateBackup"],
        ["managed own: backup:*"],
    ]


def test_a_group_is_that_of_its_own_template_first() -> None:
    own = (
        "Resources:\n  Ann:\n    Type: AWS::IAM::User\n    Properties: {Groups: [staff]}\n"
        "  Staff:\n    Type: AWS::IAM::Group\n    Properties:\n      GroupName: staff\n"
        f"      Policies: [{{PolicyName: own, PolicyDocument: {DOCUMENT}}}]\n"
    )
    templates = read_all({"a.yaml": own, "b.yaml": own.replace(DOCUMENT, OTHER)})

    assert [_grants(_principal(templates, "Ann", path)) for path in ("a.yaml", "b.yaml")] == [
        ["inline own: dynamodb:CreateBackup"],
        ["inline own: backup:*"],
    ]


_STAGE = Hole("it comes from a parameter")


@pytest.mark.parametrize(
    ("one", "two", "may_be"),
    [
        (("ops",), ("ops",), True),
        (("ops",), ("audit",), False),
        ((_STAGE, "-ops"), ("prod-ops",), True),
        ((_STAGE, "-ops"), ("prod-audit",), False),
        (("team-", _STAGE), ("team-a",), True),
        (("team-", _STAGE), ("crew-a",), False),
        (("a-", _STAGE, "-x-", _STAGE, "-b"), ("a-1-x-2-b",), True),
        (("a-", _STAGE, "-x-", _STAGE, "-b"), ("a-1-y-2-b",), False),
        (("aba", _STAGE, "aba"), ("ababa",), False),
        (("team-", _STAGE), (_STAGE, "-ops"), True),
        (("team-", _STAGE), ("crew-", _STAGE), False),
        ((_STAGE, "-a"), (_STAGE, "-b"), False),
        ((_STAGE,), (), True),
    ],
)
def test_names_that_are_partly_known_may_be_equal(
    one: tuple[str | Hole, ...], two: tuple[str | Hole, ...], *, may_be: bool
) -> None:
    assert (may_equal(Text(one), Text(two)), may_equal(Text(two), Text(one))) == (may_be, may_be)


def test_principals_are_read_only_when_somebody_looks_and_then_once() -> None:
    made: list[int] = []

    def make() -> tuple[int, ...]:
        made.append(1)
        return (7, 8)

    later = Later(make)
    before = list(made)

    assert before == []
    assert (list(later), len(later), later[1], list(later[:1]), made) == ([7, 8], 2, 8, [7], [1])


_LINT = """\
import sys
from recoverable.cli.main import run
run(["check", "app.yaml", "--quiet", "--only", "pitr-disabled"])
reader = "recoverable.read.cloudformation"
asked = [f"{reader}.{name}" for name in ("principals", "schedules", "sam")] + ["recoverable.estate.principals"]
print(reader in sys.modules, [name for name in asked if name in sys.modules])
"""


def test_a_run_over_tables_alone_does_not_load_the_readers_of_who_may_act(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders: {Type: AWS::DynamoDB::Table}\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(recoverable.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-P", "-c", _LINT],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )

    assert done.stdout.splitlines()[-1] == "True []"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (Text((Hole("", "app.yaml#Ops.Arn"),)), Answer.YES),
        (Text(("ops",)), Answer.YES),
        (Text(("arn:aws:iam::", Hole("", "AWS::AccountId"), ":role/ops")), Answer.YES),
        (Text(("arn:aws:iam::123456789012:role/ops",)), Answer.UNKNOWN),
        (Text(("arn:aws:iam::123456789012:role/other",)), Answer.NO),
        (Text((Hole("", "app.yaml#Other.Arn"),)), Answer.NO),
        (Text((Hole("", "other.yaml#Ops.Arn"),)), Answer.NO),
        (Text((Hole("it comes from a parameter"),)), Answer.UNKNOWN),
    ],
)
def test_a_text_means_a_principal_or_not_or_it_cannot_be_told(text: Text, answer: Answer) -> None:
    role = _principal(_resources("Ops:\n  Type: AWS::IAM::Role\n  Properties: {RoleName: ops}"))

    assert role.is_meant(text).answer is answer


def test_rule_authors_find_principals_beside_the_other_types() -> None:
    assert recoverable.Principal is Principal


_SPAN = Span("any.yaml", 1, 1, 1, 2)
_KEYS = st.sampled_from(
    [
        "Type", "Properties", "Policies", "PolicyDocument", "PolicyName", "Statement", "Roles", "Users", "Groups",
        "RoleName", "ManagedPolicyArns", "PermissionsBoundary", "Connectors", "Source", "Destination", "Permissions",
        "Id", "Events", "Schedule", "Targets", "Target", "Arn", "Ref", "Fn::If", "Fn::GetAtt", "Fn::Sub", "Condition",
        "InlinePolicy", "CustomerManagedPolicyReferences", "DynamoDBCrudPolicy", "DefinitionString", "Role",
        "DataSources", "DynamoDb", "Globals", "Function", "ScheduleExpression", "GroupName", "IgnoreGlobals",
    ]
)  # fmt: skip
_WORDS = st.sampled_from(
    [
        "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy",
        "AWS::IAM::UserToGroupAddition", "AWS::Serverless::Function", "AWS::Serverless::Connector", "A", "B", "A.Arn",
        "AWS::Events::Rule", "AWS::Scheduler::Schedule", "AWS::StepFunctions::StateMachine", "AWS::Lambda::Alias", "*",
        "AWS::Serverless::GraphQLApi", "AWS::SSO::PermissionSet", "AWS::NoValue", "${A}", "rate(1 day)", "Read", "{",
    ]
)  # fmt: skip


def _scalar(text: str) -> Scalar:
    return Scalar(text, _SPAN, text)


def _mapping(entries: dict[str, Node]) -> Mapping:
    return Mapping(tuple((_scalar(key), node) for key, node in entries.items()), _SPAN)


_NODES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(_WORDS.map(_scalar), st.just(Scalar(None, _SPAN, ""))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Sequence(tuple(items), _SPAN)),
        st.dictionaries(_KEYS, inner, max_size=4).map(_mapping),
    ),
    max_leaves=14,
)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.tuples(_WORDS, _NODES, _NODES), min_size=1, max_size=4), _NODES)
def test_no_template_makes_the_reading_of_principals_and_schedules_fail(
    resources: list[tuple[str, Node, Node]], common: Node
) -> None:
    made = {
        name: _mapping({"Type": _scalar(kind), "Properties": properties, "Connectors": connectors})
        for name, (kind, properties, connectors) in zip("ABCD", resources, strict=False)
    }
    root = _mapping({"Resources": _mapping(dict(made)), "Globals": _mapping({"Function": common})})
    reading = cloudformation.read({"any.yaml": ("cloudformation", root)}, lambda _: None, lambda _: {})

    assert all(isinstance(entry, Entry) for entry in (*reading.principals, *reading.scheduled))
    assert all(isinstance(variant, Variant) for entry in reading.principals for variant in entry.variants)


@pytest.mark.parametrize(
    "arn",
    ["arn:aws:iam::aws:policy/AdministratorAccess", "!Sub arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"],
)
def test_a_managed_policy_of_aws_that_is_known_has_its_statements_where_it_is_attached(arn: str) -> None:
    text = f"Ops:\n  Type: AWS::IAM::Role\n  Properties:\n    ManagedPolicyArns:\n      - {arn}"

    (grant,) = _principal(_resources(text)).grants

    assert grant.policy is not None
    (statement,) = grant.policy.statements
    assert ([action.shown() for action in statement.actions], statement.origin) == (["*"], grant.origin)


def test_tags_of_a_role_are_read_and_make_no_scenarios() -> None:
    text = (
        "Ops:\n  Type: AWS::IAM::Role\n  Properties:\n    Tags:\n"
        "      - {Key: team, Value: data}\n      - {Key: stage, Value: !Ref Stage}"
    )
    role = _principal(_resources(text, "Parameters:\n  Stage: {Type: String, AllowedValues: [dev, prod]}"))

    assert role.tags is not None
    assert [(key, said(value)) for key, value in role.tags.entries] == [("team", "data"), ("stage", "?")]
