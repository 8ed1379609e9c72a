"""What SAM's transform makes of a template, read without running it: roles, policy names, connectors and Globals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recoverable.estate.principals import Grant, Principal
from recoverable.read.cloudformation.sam_globals import with_globals
from recoverable.read.cloudformation.template import Resource
from recoverable.read.document import read_document
from recoverable.read.nodes import Mapping, Scalar, Sequence
from templates import Templates, read, said, why

HEADER = "AWSTemplateFormatVersion: 2010-09-09\nTransform: AWS::Serverless-2016-10-31\n"
FACTS = Path(__file__).parents[1] / "linter" / "recoverable" / "data" / "sam.json"


def _app(resources: str, rest: str = "") -> Templates:
    body = "\n".join("  " + line for line in resources.strip("\n").splitlines())
    return read(f"{HEADER}{rest}\nResources:\n{body}\n")


def _function(properties: str, rest: str = "", more: str = "") -> Templates:
    """The function Nightly with these properties, and the table Orders."""
    body = "\n".join("    " + line for line in properties.strip("\n").splitlines())
    return _app(
        f"Nightly:\n  Type: AWS::Serverless::Function\n  Properties:\n    Handler: app.run\n{body}\n"
        f"Orders:\n  Type: AWS::Serverless::SimpleTable\n{more}",
        rest,
    )


def _roles(templates: Templates) -> dict[str, Principal]:
    """The principals that there are in every scenario, by address."""
    found = {}
    for entry in templates.reading.principals:
        (variant,) = entry.variants
        if variant.item is not None:
            found[variant.item.subject.address] = variant.item
    return found


def _named(principal: Principal) -> list[str]:
    return [grant.name.shown().rpartition("policy/")[2] for grant in principal.grants]


def _grant(principal: Principal, source: str) -> Grant:
    return next(grant for grant in principal.grants if grant.source == source)


def _allowed(grant: Grant) -> list[tuple[list[str], list[str]]]:
    assert grant.policy is not None
    return [
        ([action.shown() for action in one.actions], [resource.shown() for resource in one.resources])
        for one in grant.policy.statements
    ]


def test_a_function_without_a_role_gets_one() -> None:
    role = _roles(_function(""))["NightlyRole"]

    assert (role.subject.kind, _named(role)) == ("role", ["service-role/AWSLambdaBasicExecutionRole"])
    assert "made by the SAM transform" in why(role.subject.name)


def test_the_role_of_a_function_trusts_lambda() -> None:
    trust = _roles(_function(""))["NightlyRole"].trust.known()

    assert trust is not None
    assert [one.name.shown() for one in trust.statements[0].principals] == ["lambda.amazonaws.com"]


def test_the_policies_of_a_function_with_a_role_of_its_own_have_no_effect() -> None:
    templates = _function("Role: arn:aws:iam::123456789012:role/ops\nPolicies: [AWSBackupFullAccess]")

    assert _roles(templates) == {}


def test_a_role_given_in_one_scenario_is_made_in_the_other() -> None:
    templates = _function(
        "Role: !If [Own, 'arn:aws:iam::123456789012:role/ops', !Ref AWS::NoValue]",
        "Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}\n"
        "Conditions: {Own: !Equals [!Ref Stage, prod]}",
    )
    (entry,) = templates.reading.principals

    assert {str(one.scenario.circumstances[0]): one.item is not None for one in entry.variants} == {
        "Own is false": True,
        "Own is true": False,
    }


@pytest.mark.parametrize(
    ("policies", "named"),
    [
        ("AmazonDynamoDBReadOnlyAccess", ["AmazonDynamoDBReadOnlyAccess"]),
        (
            "[AmazonDynamoDBReadOnlyAccess, AWSBackupFullAccess]",
            ["AmazonDynamoDBReadOnlyAccess", "AWSBackupFullAccess"],
        ),
        (
            "AWSBackupServiceRolePolicyForBackup",
            ["service-role/AWSBackupServiceRolePolicyForBackup"],
        ),
        ("arn:aws:iam::aws:policy/AWSBackupFullAccess", ["AWSBackupFullAccess"]),
        ("[!Ref AWS::NoValue]", []),
    ],
)
def test_managed_policies_are_named_with_or_without_their_arn(policies: str, named: list[str]) -> None:
    role = _roles(_function(f"Policies: {policies}"))["NightlyRole"]

    assert _named(role)[1:] == named
    assert {grant.source for grant in role.grants} == {"aws-managed"}


def test_a_policy_document_is_inline() -> None:
    document = "{Statement: {Effect: Allow, Action: 'dynamodb:CreateBackup', Resource: '*'}}"
    role = _roles(_function(f"Policies:\n  - {document}"))["NightlyRole"]

    assert _allowed(_grant(role, "inline")) == [(["dynamodb:CreateBackup"], ["*"])]


def test_a_policy_template_is_filled_with_its_parameters() -> None:
    templates = _function("Policies:\n  - DynamoDBBackupFullAccessPolicy: {TableName: !Ref Orders}")
    arn = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders.Ref}"

    assert _allowed(_grant(_roles(templates)["NightlyRole"], "sam-template")) == [
        (["dynamodb:CreateBackup", "dynamodb:DescribeContinuousBackups"], [arn]),
        (["dynamodb:DeleteBackup", "dynamodb:DescribeBackup", "dynamodb:ListBackups"], [f"{arn}/backup/*"]),
    ]


def test_a_policy_template_points_at_where_it_is_named() -> None:
    grant = _grant(
        _roles(_function("Policies:\n  - DynamoDBReadPolicy: {TableName: orders}"))["NightlyRole"], "sam-template"
    )

    assert grant.policy is not None
    assert {grant.origin, grant.policy.origin, grant.policy.statements[0].origin} == {grant.origin}
    assert grant.origin.start() == "app.yaml:10:11"


def test_a_policy_template_that_lacks_a_parameter_is_not_known_there() -> None:
    grant = _grant(_roles(_function("Policies:\n  - DynamoDBReadPolicy: {}"))["NightlyRole"], "sam-template")

    assert grant.policy is not None
    assert "is given no TableName" in grant.policy.statements[0].resources[0].why_open()


def test_a_policy_template_about_another_service_grants_nothing_of_ours() -> None:
    grant = _grant(_roles(_function("Policies:\n  - SQSPollerPolicy: {QueueName: q}"))["NightlyRole"], "sam-template")

    assert grant.policy is not None
    assert (grant.policy.statements, grant.policy.open) == ((), "")


def test_a_policy_template_that_nobody_knows_is_open() -> None:
    grant = _grant(_roles(_function("Policies:\n  - BrandNewPolicy: {TableName: t}"))["NightlyRole"], "sam-template")

    assert grant.policy is not None
    assert grant.policy.open == "BrandNewPolicy is no policy template that is known"


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ("Tracing: Active", "AWSXrayWriteOnlyAccess"),
        ("VpcConfig: {SubnetIds: [a]}", "service-role/AWSLambdaVPCAccessExecutionRole"),
        ("Events: {S: {Type: DynamoDB, Properties: {}}}", "service-role/AWSLambdaDynamoDBExecutionRole"),
        (
            "Events: {S: {Type: SNS, Properties: {SqsSubscription: true}}}",
            "service-role/AWSLambdaSQSQueueExecutionRole",
        ),
    ],
)
def test_what_a_function_uses_brings_a_policy_of_aws(properties: str, named: str) -> None:
    assert _named(_roles(_function(properties))["NightlyRole"])[1:] == [named]


@pytest.mark.parametrize("properties", ["Tracing: Disabled", "Events: {S: {Type: SNS, Properties: {}}}"])
def test_what_a_function_does_not_use_brings_none(properties: str) -> None:
    assert _named(_roles(_function(properties))["NightlyRole"])[1:] == []


def test_an_event_with_an_encrypted_secret_may_use_its_key() -> None:
    event = "Events:\n  Q:\n    Type: MQ\n    Properties: {SecretsManagerKmsKeyId: 1234}"
    grant = _grant(_roles(_function(event))["NightlyRole"], "inline")

    assert _allowed(grant) == [
        (["kms:Decrypt"], ["arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/1234"])
    ]


def test_a_state_machine_gets_a_role_that_step_functions_may_take() -> None:
    role = _roles(
        _app(
            "Flow:\n  Type: AWS::Serverless::StateMachine\n  Properties:\n    DefinitionUri: flow.asl.json\n"
            "    Policies: [AWSBackupFullAccess]"
        )
    )["FlowRole"]
    trust = role.trust.known()

    assert trust is not None
    assert [one.name.shown() for one in trust.statements[0].principals] == ["states.amazonaws.com"]
    assert _named(role) == ["AWSBackupFullAccess"]


def test_another_policy_hangs_itself_on_the_role_of_a_function() -> None:
    document = "{Statement: {Effect: Deny, Action: 'dynamodb:*', Resource: '*'}}"
    more = (
        "P:\n  Type: AWS::IAM::Policy\n"
        f"  Properties: {{PolicyName: p, Roles: [!Ref NightlyRole], PolicyDocument: {document}}}"
    )

    assert _named(_roles(_function("", more=more))["NightlyRole"])[1:] == ["p"]


def test_the_boundary_of_a_function_is_that_of_its_role() -> None:
    boundary = _roles(_function("PermissionsBoundary: arn:aws:iam::aws:policy/Limit"))["NightlyRole"].boundary.known()

    assert boundary is not None
    assert boundary.name.shown() == "arn:aws:iam::aws:policy/Limit"


def test_the_path_of_a_functions_role_is_part_of_its_arn() -> None:
    assert (
        _roles(_function("RolePath: /team/"))["NightlyRole"].names[-1].shown().endswith(":role/team/${NightlyRole.Ref}")
    )


ARN = "${Orders.Arn}"


@pytest.mark.parametrize("permissions", ["[Read]", "[Write]", "[Read, Write]"])
def test_a_connector_lets_a_function_at_a_table(permissions: str) -> None:
    more = (
        "Link:\n  Type: AWS::Serverless::Connector\n  Properties:\n    Source: {Id: Nightly}\n"
        f"    Destination: {{Id: Orders}}\n    Permissions: {permissions}"
    )
    allowed = _allowed(_grant(_roles(_function("", more=more))["NightlyRole"], "sam-connector"))
    actions = {action for actions, _ in allowed for action in actions}

    assert ("dynamodb:GetItem" in actions, "dynamodb:PutItem" in actions) == (
        "Read" in permissions,
        "Write" in permissions,
    )
    assert {tuple(resources) for _, resources in allowed} == {(ARN, f"{ARN}/index/*")}


def test_a_connector_stands_within_the_resource_that_it_starts_from() -> None:
    templates = _app(
        "Nightly:\n  Type: AWS::Serverless::Function\n  Connectors:\n    Link:\n      Properties:\n"
        "        Destination: [{Id: Orders}]\n        Permissions: [Read]\n"
        "Orders:\n  Type: AWS::DynamoDB::Table"
    )
    grant = _grant(_roles(templates)["NightlyRole"], "sam-connector")

    assert (grant.name.shown(), grant.origin.start()) == ("NightlyLinkPolicy", "app.yaml:8:7")


def test_a_connector_names_its_ends_by_arn_and_role() -> None:
    templates = _app(
        "Ops:\n  Type: AWS::IAM::Role\n"
        "Link:\n  Type: AWS::Serverless::Connector\n  Properties:\n"
        "    Source: {Type: AWS::Lambda::Function, Arn: x, RoleName: !Ref Ops}\n"
        "    Destination: {Type: AWS::DynamoDB::Table, Arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/t'}\n"
        "    Permissions: [Read]"
    )
    ((_, resources),) = _allowed(_grant(_roles(templates)["Ops"], "sam-connector"))

    assert resources[0] == "arn:aws:dynamodb:eu-west-1:123456789012:table/t"


def test_a_connector_from_a_table_lets_the_function_read_its_stream() -> None:
    more = (
        "Link:\n  Type: AWS::Serverless::Connector\n  Properties:\n    Source: {Id: Orders}\n"
        "    Destination: {Id: Nightly}\n    Permissions: [Read]"
    )
    ((actions, resources),) = _allowed(_grant(_roles(_function("", more=more))["NightlyRole"], "sam-connector"))

    assert ("dynamodb:GetRecords" in actions, resources) == (True, [f"{ARN}/stream/*"])


def test_a_connector_between_other_things_gives_nothing_of_ours() -> None:
    more = (
        "Link:\n  Type: AWS::Serverless::Connector\n  Properties:\n    Source: {Id: Nightly}\n"
        "    Destination: {Id: Queue}\n    Permissions: [Write]\nQueue:\n  Type: AWS::SQS::Queue"
    )

    assert {grant.source for grant in _roles(_function("", more=more))["NightlyRole"].grants} == {"aws-managed"}


def test_a_table_behind_a_graphql_api_gets_a_role() -> None:
    templates = _app(
        "Api:\n  Type: AWS::Serverless::GraphQLApi\n  Properties:\n    DataSources:\n      DynamoDb:\n"
        "        Own: {TableName: orders, ServiceRoleArn: x}\n"
        "        Made: {TableName: orders, Region: eu-west-1, Permissions: [Read]}"
    )
    roles = _roles(templates)
    ((actions, resources),) = _allowed(roles["ApiMadeDynamoDBDataSourceRole"].grants[0])

    assert list(roles) == ["ApiMadeDynamoDBDataSourceRole"]
    assert "dynamodb:Query" in actions
    assert resources[0] == "arn:${AWS::Partition}:dynamodb:eu-west-1:${AWS::AccountId}:table/orders"


def test_globals_set_the_boundary_of_all_functions() -> None:
    templates = _function("", "Globals: {Function: {PermissionsBoundary: 'arn:aws:iam::aws:policy/Limit'}}")
    boundary = _roles(templates)["NightlyRole"].boundary.known()

    assert boundary is not None
    assert boundary.origin.start().startswith("app.yaml:3:")


def test_a_functions_own_setting_goes_before_globals() -> None:
    templates = _function(
        "PermissionsBoundary: arn:aws:iam::aws:policy/Own",
        "Globals: {Function: {PermissionsBoundary: 'arn:aws:iam::aws:policy/Limit'}}",
    )
    boundary = _roles(templates)["NightlyRole"].boundary.known()

    assert boundary is not None
    assert boundary.name.shown() == "arn:aws:iam::aws:policy/Own"


_ENCRYPTED = "Globals: {SimpleTable: {SSESpecification: {SSEEnabled: true, KMSMasterKeyId: alias/ours}}}"


def _key(template: Templates) -> str | None:
    key = said(template.table().key)
    return None if key is None else str(getattr(key, "shown", lambda: key)())


def test_globals_encrypt_a_table_without_properties() -> None:
    assert _key(_app("Orders:\n  Type: AWS::Serverless::SimpleTable", _ENCRYPTED)) == "alias/ours"


def test_globals_are_merged_under_the_tables_own_settings() -> None:
    own = "Orders:\n  Type: AWS::Serverless::SimpleTable\n  Properties: {SSESpecification: {KMSMasterKeyId: alias/own}}"

    assert _key(_app(own, _ENCRYPTED)) == "alias/own"


@pytest.mark.parametrize("ignored", ["'*'", "[SSESpecification]"])
def test_a_resource_ignores_globals_where_it_says_so(ignored: str) -> None:
    own = f"Orders:\n  Type: AWS::Serverless::SimpleTable\n  IgnoreGlobals: {ignored}"

    assert _key(_app(own, _ENCRYPTED)) is None


def test_globals_say_nothing_of_tables_that_are_not_sams() -> None:
    assert _key(_app("Orders:\n  Type: AWS::DynamoDB::Table", _ENCRYPTED)) is None


def test_lists_of_globals_stand_before_the_resources_own() -> None:
    common = read_document("Function: {Layers: [one], Tags: {a: 1}}", "app.yaml")
    own = read_document("{Type: AWS::Serverless::Function, Properties: {Layers: [two], Tags: {b: 2}}}", "app.yaml")
    assert isinstance(own, Mapping)
    merged = with_globals(Resource("F", own.span, own.span, "AWS::Serverless::Function", own), common)
    properties = merged.attribute("Properties")
    assert isinstance(properties, Mapping)
    layers, tags = properties.get("Layers"), properties.get("Tags")
    assert isinstance(layers, Sequence)
    assert isinstance(tags, Mapping)

    assert [item.text for item in layers.items if isinstance(item, Scalar)] == ["one", "two"]
    assert [key.text for key, _ in tags.entries] == ["a", "b"]


def test_the_facts_about_sam_say_where_and_when_they_were_taken() -> None:
    facts = json.loads(FACTS.read_text(encoding="utf-8"))

    assert facts["source"].startswith("aws-sam-translator ")
    assert facts["licence"].startswith("Apache-2.0")
    assert len(facts["date"].split("-")) == 3
