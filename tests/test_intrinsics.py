"""What each intrinsic function makes, in long and short form, in YAML and JSON, and when it cannot be told."""

from __future__ import annotations

import json

import pytest

from recoverable.read.cloudformation.functions import FUNCTIONS
from templates import named, pitr, read, read_all, said, table, why

PARAMETERS = """
Parameters:
  Env: {Type: String, Default: prod}
  Open: {Type: String}
  Days: {Type: Number, Default: 7}
  Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
  OpenList: {Type: CommaDelimitedList}
Mappings:
  Sizes:
    prod: {Name: large, Days: 30, Same: one}
    dev: {Name: small, Days: 3, Same: one}
    '123': {Name: number, Same: one}
"""


STAGES = """
Parameters:
  Env: {Type: String, Default: dev}
Mappings:
  Days: {dev: {Pitr: false}, prod: {Pitr: true}}
"""


def made(value: str, **given: str) -> object:
    return named(value, PARAMETERS, **given)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("!Ref Env", "prod"),
        ("{Ref: Env}", "prod"),
        ('"{Ref: Env}"', "{Ref: Env}"),
        ("!Ref Days", "7"),
        ("!Sub '${Env}-orders'", "prod-orders"),
        ("{'Fn::Sub': '${Env}-orders'}", "prod-orders"),
        ("!Sub ['${A}-${Env}', {A: !Ref Days}]", "7-prod"),
        ("{'Fn::Sub': ['${A}-${Env}', {A: {Ref: Days}}]}", "7-prod"),
        ("!Sub ['${A}', {A: !Sub ['${B}', {B: !Sub '${Env}'}]}]", "prod"),
        ("!Sub '${!Env}-${Env}'", "${Env}-prod"),
        ("!Sub orders", "orders"),
        ("!Sub ''", ""),
        ("!Sub ['${Env}', {Env: mine}]", "mine"),
        ("!Join ['-', [orders, !Ref Env, 5]]", "orders-prod-5"),
        ("{'Fn::Join': ['-', [orders, {Ref: Env}]]}", "orders-prod"),
        ("!Join ['', []]", ""),
        ("!Join ['-', [orders, !Ref 'AWS::NoValue', x]]", "orders-x"),
        ("!Join ['/', !Ref Zones]", "a/b/c"),
        ("!Join ['-', !Split ['.', 'a.b.c']]", "a-b-c"),
        ("!Select [1, [a, b]]", "b"),
        ("!Select ['1', !Ref Zones]", "b"),
        ("{'Fn::Select': [0, {'Fn::Split': ['-', {Ref: Env}]}]}", "prod"),
        ("!Select [2, !Split [',', 'a,b,c']]", "c"),
        ("!FindInMap [Sizes, prod, Name]", "large"),
        ("{'Fn::FindInMap': [Sizes, prod, Name]}", "large"),
        ("!FindInMap [Sizes, dev, Days]", "3"),
        ("!FindInMap [Sizes, 123, Name]", "number"),
        ("!FindInMap [Sizes, stage, Name, {DefaultValue: medium}]", "medium"),
        ("!FindInMap [Sizes, prod, Nothing, {DefaultValue: !Ref Env}]", "prod"),
        ("!FindInMap [Nowhere, prod, Name, {DefaultValue: !Sub '${Env}-x'}]", "prod-x"),
        ("!FindInMap [Sizes, prod, Name, {DefaultValue: medium}]", "large"),
        ("!FindInMap [Sizes, !Sub '${Open}', Same]", "one"),
        ("!FindInMap [!Sub 'Sizes', !Ref 'AWS::AccountId', Same]", "one"),
        ("!Base64 orders", "b3JkZXJz"),
        ("{'Fn::Base64': !Ref Env}", "cHJvZA=="),
        ("!Select [0, !Cidr ['10.0.0.0/16', 2, 8]]", "10.0.0.0/24"),
        ("!Select [1, {'Fn::Cidr': ['10.0.0.0/16', 2, 8]}]", "10.0.1.0/24"),
        ("!Select [1, !Cidr ['2001:db8::/56', 2, 64]]", "2001:db8:0:1::/64"),
        ("!Select [1, !Cidr ['10.0.0.0/24', 2]]", "?"),
        ("{'Fn::Length': [a, b, c]}", "3"),
        ("{'Fn::Length': !Ref Zones}", "3"),
        ("{'Fn::Length': {'Fn::Split': ['|', 'a|b']}}", "2"),
    ],
)
def test_a_function_makes_what_the_service_makes(value: str, wanted: object) -> None:
    assert made(value) == wanted


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("!Ref Open", "it comes from parameter Open, which has no default"),
        ("!Ref Missing", "Missing is neither a parameter nor a resource of the template"),
        ("!Ref [Env]", "a Ref takes one name"),
        ("!Ref AWS::Region", "AWS::Region is known only when the stack is deployed"),
        ("!Sub '${Open}-orders'", "it comes from parameter Open, which has no default"),
        ("!Sub '${Missing}'", "Missing is neither a parameter nor a resource of the template"),
        ("!Sub '${}'", " is neither a parameter nor a resource of the template"),
        ("!Sub '${Gone.Arn}'", "Gone is not a resource of the template"),
        ("!Sub ['a', {}, b]", "Fn::Sub takes a text, or a list of a text and a mapping"),
        ("!Sub [[a], {}]", "Fn::Sub takes a text"),
        ("!Sub {a: b}", "Fn::Sub takes a text"),
        ("!Sub '{{resolve:ssm:/${Env}/name}}'", "it is looked up when the stack is deployed ({{resolve:...}})"),
        ("'{{resolve:ssm:/orders/name}}'", "it is looked up when the stack is deployed ({{resolve:...}})"),
        ("!Join ['-', [a, '{{resolve:ssm:b}}']]", "it is looked up when the stack is deployed ({{resolve:...}})"),
        ("!Join [a]", "Fn::Join takes a delimiter and a list"),
        ("!Join [!Ref Open, [a, b]]", "the delimiter of Fn::Join is not known"),
        ("!Join ['-', !Ref OpenList]", "it comes from parameter OpenList, which has no default"),
        ("!Split ['', 'a']", "Fn::Split without a delimiter"),
        ("!Select [0, !Split ['-', !Ref Open]]", "it comes from parameter Open, which has no default"),
        ("!Select [3, !Ref Zones]", "Fn::Select has no item 3"),
        ("!Select [-1, !Ref Zones]", "Fn::Select has no item -1"),
        ("!Select [x, !Ref Zones]", "Fn::Select has no item x"),
        ("!Select [!Ref Open, [a]]", "the index of Fn::Select is not known"),
        ("!Select [0, !Ref OpenList]", "it comes from parameter OpenList, which has no default"),
        ("!Select [0, !GetAtt Orders.Arns]", "Orders.Arns is known only when the stack is deployed"),
        ("!Select 1", "Fn::Select takes an index and a list"),
        ("!FindInMap [Nowhere, prod, Name]", "there is no mapping Nowhere"),
        ("!FindInMap [Sizes, stage, Name]", "mapping Sizes has no such entry"),
        ("!FindInMap [Sizes, prod]", "Fn::FindInMap takes a map and two keys"),
        ("!FindInMap [!Ref Open, a, b]", "the map of Fn::FindInMap is not known"),
        (
            "!FindInMap [Sizes, !Sub '${Open}', Same, {DefaultValue: two}]",
            "it comes from parameter Open, which has no default",
        ),
        ("!GetAtt Orders.Arn", "Orders.Arn is known only when the stack is deployed"),
        ("{'Fn::GetAtt': [Orders, Arn]}", "Orders.Arn is known only when the stack is deployed"),
        ("!GetAtt Missing.Arn", "Missing is not a resource of the template"),
        ("{'Fn::GetAtt': [!Ref Open, Arn]}", "Fn::GetAtt of a name that is not known"),
        ("!GetAtt {}", "Fn::GetAtt takes a resource and an attribute"),
        ("!ImportValue shared-name", "shared-name is exported by no stack that was read"),
        ("!ImportValue {'Fn::Sub': '${Open}-x'}", "it comes from parameter Open, which has no default"),
        ("!Base64 {'Ref': Open}", "Fn::Base64 of a text that is not wholly known"),
        ("!Select [0, !Cidr [nonsense, 1, 8]]", "Fn::Cidr takes a block"),
        ("!Select [0, !Cidr ['10.0.0.0/16', 300, 8]]", "Fn::Cidr takes a block"),
        ("!Select [0, !Cidr ['10.0.0.0/30', 2, 8]]", "Fn::Cidr takes a block"),
        ("!Select [0, !Cidr ['10.0.0.0/16', !Ref Open, 8]]", "Fn::Cidr of a block that is not wholly known"),
        ("{'Fn::Length': text}", "Fn::Length takes a list"),
        ("{'Fn::Length': !Ref OpenList}", "it comes from parameter OpenList, which has no default"),
        ("{'Fn::Length': !Ref 'AWS::NotificationARNs'}", "AWS::NotificationARNs is known only"),
        ("{'Fn::ToJsonString': {a: b}}", "a text was expected, not a mapping"),
        ("!GetAZs ''", "Fn::GetAZs is worked out only when the stack is deployed"),
        ("{'Fn::Transform': {Name: Mine, Parameters: {}}}", "Fn::Transform is worked out only"),
        ("!Equals [a, b]", "Fn::Equals is worked out only when the stack is deployed"),
        ("!Condition X", "a condition is not a value"),
        ("!If [Missing, a, b]", "there is no condition Missing in the template"),
        ("!If [a, b]", "Fn::If takes a condition's name and two values"),
        ("!Nonsense x", "Fn::Nonsense is worked out only when the stack is deployed"),
        ("[a, b]", "a text was expected, not a list"),
        ("{a: b, c: d}", "a text was expected, not a mapping"),
        ("", "a text was expected, not nothing"),
    ],
)
def test_what_cannot_be_told_is_unknown_with_the_reason(value: str, reason: str) -> None:
    name = read(table(f"TableName: {value}", PARAMETERS)).table().subject.name

    assert why(name).startswith(reason)


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Sub": "${Env}-orders"},
        {"Fn::Sub": ["${E}-orders", {"E": {"Ref": "Env"}}]},
        {"Fn::Join": ["-", [{"Ref": "Env"}, "orders"]]},
        {"Fn::Select": ["0", [{"Fn::Sub": "${Env}-orders"}]]},
        {"Fn::FindInMap": ["Names", {"Ref": "Env"}, "Orders"]},
    ],
)
def test_json_templates_are_worked_out_alike(value: object) -> None:
    text = json.dumps({
        "Parameters": {"Env": {"Type": "String", "Default": "prod"}},
        "Mappings": {"Names": {"prod": {"Orders": "prod-orders"}}},
        "Resources": {"Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": value}}},
    })  # fmt: skip

    assert said(read(text, name="app.json").table().subject.name) == "prod-orders"


def test_a_value_says_on_which_default_it_rests_and_where() -> None:
    name = read(table("TableName: !Sub '${Env}-orders'", PARAMETERS)).table().subject.name

    facts = name.equals("prod-orders").facts
    assert [(fact.text, fact.origin and fact.origin.start()) for fact in facts] == [
        ("TableName is prod-orders", "app.yaml:19:18"),
        ("Env defaults to prod", "app.yaml:3:32"),
    ]


def test_a_parameter_that_picks_from_a_mapping_is_followed_through_its_keys() -> None:
    templates = read(pitr("!FindInMap [Days, !Ref Env, Pitr]", STAGES))

    assert templates.in_scenarios() == {"Env is dev": False, "Env is prod": True}


def test_a_pseudo_parameter_that_picks_from_a_mapping_is_followed_through_its_keys() -> None:
    templates = read(pitr("!FindInMap [Days, !Ref AWS::AccountId, Pitr]", STAGES))

    assert templates.in_scenarios() == {"AWS::AccountId is dev": False, "AWS::AccountId is prod": True}


def test_a_pseudo_parameter_is_not_followed_where_all_it_picks_from_is_the_same() -> None:
    name = read(table("TableName: !FindInMap [Sizes, !Ref AWS::AccountId, Same]", PARAMETERS)).table().subject.name

    assert [fact.text for fact in name.equals("one").facts] == ["TableName is one", "mapping Sizes says so"]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("true", True),
        ("'true'", True),
        ("'True'", True),
        ("yes", True),
        ("on", True),
        ("off", False),
        ("'false'", False),
    ],
)
def test_booleans_are_read_as_cloudformation_reads_them(value: str, wanted: object) -> None:
    assert said(read(pitr(value)).table().pitr) is wanted


@pytest.mark.parametrize("value", ["'yes'", "1", "maybe", "[true]", "", "{}", "!Ref Missing"])
def test_what_is_no_boolean_is_unknown(value: str) -> None:
    assert said(read(pitr(value)).table().pitr) == "?"


def test_pseudo_parameters_are_used_when_given() -> None:
    name = made("!Sub '${AWS::Region}-${AWS::AccountId}'", AWS__Region="eu-west-1", AWS__AccountId="123456789012")

    assert name == "eu-west-1-123456789012"


@pytest.mark.parametrize(
    ("region", "wanted"),
    [
        ("eu-west-1", "aws amazonaws.com"),
        ("cn-north-1", "aws-cn amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov amazonaws.com"),
    ],
)
def test_partition_and_suffix_follow_from_the_region(region: str, wanted: str) -> None:
    assert made("!Sub '${AWS::Partition} ${AWS::URLSuffix}'", AWS__Region=region) == wanted


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("{Type: 'AWS::SSM::Parameter::Value<String>', Default: /name}", "parameter P is read from SSM"),
        ("{Type: String, Default: secret, NoEcho: true}", "parameter P is secret (NoEcho)"),
        ("{Type: String, NoEcho: 'true'}", "parameter P is secret (NoEcho)"),
        ("{Type: String, Default: '{{resolve:ssm:x}}'}", "it is looked up when the stack is deployed"),
        ("{Type: String, Default: [a]}", "it comes from parameter P, which has no default"),
        ("{Type: String}", "it comes from parameter P, which has no default"),
        ("", "it comes from parameter P, which has no default"),
    ],
)
def test_a_parameter_without_a_value_leaves_things_unknown(written: str, reason: str) -> None:
    name = read(table("TableName: !Ref P", f"Parameters:\n  P: {written}")).table().subject.name

    assert why(name).startswith(reason)


def test_the_name_of_an_ssm_parameter_is_never_taken_for_its_value() -> None:
    rest = "Parameters:\n  P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /orders/pitr}"

    assert said(read(pitr("!Ref P", rest), P="true").table().pitr) == "?"


def test_an_empty_default_is_a_value() -> None:
    assert named("!Sub 'a${P}b'", "Parameters:\n  P: {Type: String, Default: ''}") == "ab"


def test_a_given_list_is_split_at_its_commas() -> None:
    assert made("!Select [1, !Ref OpenList]", OpenList="x, y") == "y"


def test_a_number_default_is_a_number() -> None:
    text = table("PointInTimeRecoverySpecification: {RecoveryPeriodInDays: !Ref Days}", PARAMETERS)

    assert said(read(text).table().pitr_window) == 7


def test_a_ref_to_a_table_is_its_name_where_that_is_written() -> None:
    text = """
    Resources:
      Source: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
      Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub '${Source}-copy'}}
    """

    assert said(read(text).table().subject.name) == "orders-copy"


def test_names_that_refer_to_each_other_in_a_circle_are_unknown() -> None:
    text = """
    Resources:
      Source: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Orders}}
      Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Source}}
    """

    assert "circle" in why(read(text).table().subject.name)


def test_a_text_that_doubles_with_every_reference_is_given_up() -> None:
    twice = "  T{0}: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: !Sub '${{T{1}}}${{T{1}}}'}}}}"
    tables = "\n".join(twice.format(index, index + 1) for index in range(50))
    text = f"Resources:\n{tables}\n  T50: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: xxxxxxxxxx}}}}"

    assert said(read(text).table("T0").subject.name) == "?"


def test_a_condition_key_of_plain_data_is_no_condition() -> None:
    text = table("Tags: [{Key: {Condition: X}, Value: y}]")

    assert read(text).table().tags.open


IMPORTING = table("TableName: !ImportValue shared-name")


def exported(value: str, name: str = "shared-name") -> str:
    return f"""
    Parameters: {{Env: {{Type: String, Default: prod}}}}
    Resources: {{X: {{Type: AWS::SNS::Topic}}}}
    Outputs: {{N: {{Value: {value}, Export: {{Name: {name}}}}}}}
    """


@pytest.mark.parametrize("name", ["shared-name", "!Sub 'shared-name'", "!Join ['-', [shared, name]]"])
def test_an_import_is_what_the_one_template_that_exports_it_says(name: str) -> None:
    templates = read_all({"app.yaml": IMPORTING, "shared.yaml": exported("!Sub '${Env}-x'", name)})

    assert said(templates.table().subject.name) == "prod-x"


def test_an_import_that_two_templates_export_is_unknown() -> None:
    templates = read_all({"app.yaml": IMPORTING, "a.yaml": exported("one"), "b.yaml": exported("two")})

    assert why(templates.table().subject.name) == (
        "shared-name is exported by a.yaml and b.yaml, and it cannot be told which is meant"
    )


def test_an_output_is_exported_only_where_its_condition_holds() -> None:
    text = """
    Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
    Conditions: {IsProd: !Equals [!Ref Env, prod], IsDev: !Not [!Condition IsProd]}
    Resources: {X: {Type: AWS::SNS::Topic}}
    Outputs:
      One: {Condition: IsProd, Value: big, Export: {Name: shared-name}}
      Two: {Condition: IsDev, Value: small, Export: {Name: shared-name}}
    """
    variants = read_all({"app.yaml": IMPORTING, "shared.yaml": text}).table_entry().variants

    assert [said(variant.item.subject.name) for variant in variants if variant.item] == ["small", "big"]


def test_imports_that_go_round_in_a_circle_are_unknown() -> None:
    one = exported("!ImportValue other-name")
    other = exported("!ImportValue shared-name", "other-name")

    assert said(read_all({"app.yaml": IMPORTING, "a.yaml": one, "b.yaml": other}).table().subject.name) == "?"


def test_an_export_whose_name_is_itself_imported_ends() -> None:
    one = exported("x", "!ImportValue shared-name")

    assert said(read_all({"app.yaml": IMPORTING, "a.yaml": one}).table().subject.name) == "?"


INCLUDING = table("'Fn::Transform': {Name: AWS::Include, Parameters: {Location: %s}}")


def test_a_local_include_is_merged() -> None:
    snippet = "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}\nBillingMode: PROVISIONED"
    templates = read_all({"app.yaml": INCLUDING % "./parts/pitr.yaml"}, {"parts/pitr.yaml": snippet})

    assert said(templates.table().pitr) is True


def test_what_an_include_elsewhere_adds_is_unknown() -> None:
    table = read(INCLUDING % "s3://bucket/pitr.yaml").table()

    assert why(table.pitr) == "Fn::Transform may add to it when the stack is deployed"


@pytest.mark.parametrize("location", ["../../outside.yaml", "/etc/passwd", "~/x.yaml", "!Ref Env", "a\\\\b"])
def test_an_include_never_leaves_the_tree(location: str) -> None:
    templates = read_all({"app.yaml": INCLUDING % location}, {"Env": "PointInTimeRecoverySpecification: {}"})

    assert said(templates.table().pitr) == "?"


def test_resources_can_be_included() -> None:
    text = "Resources:\n  'Fn::Transform': {Name: AWS::Include, Parameters: {Location: tables.yaml}}"
    parts = {"tables.yaml": "Orders: {Type: AWS::DynamoDB::Table}"}

    assert read_all({"app.yaml": text}, parts).addresses() == ["Orders"]


def test_a_transform_of_ones_own_may_set_what_is_not_written() -> None:
    table_ = read(pitr("true", "Transform: Mine")).table()

    assert (said(table_.pitr), said(table_.deletion_protection)) == (True, "?")
    assert why(table_.deletion_protection) == "the transform Mine may set it"
    assert why(table_.kept_on_delete or table_.pitr) == "the transform Mine may set it"


def test_a_transform_on_the_resource_may_set_what_is_not_written() -> None:
    text = table("TableName: x", attributes="'Fn::Transform': {Name: Mine}")

    assert why(read(text).table().pitr) == "Fn::Transform may set it when the stack is deployed"


@pytest.mark.parametrize(
    "name", ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::SecretsManager-2020-07-23"]
)
def test_transforms_of_aws_leave_tables_as_they_are(name: str) -> None:
    assert said(read(table("TableName: x", f"Transform: [{name}]")).table().pitr) is False


def test_serverless_framework_variables_are_open() -> None:
    text = """
    service: shop
    resources:
      Resources:
        Orders:
          Type: AWS::DynamoDB::Table
          Properties:
            TableName: ${self:service}-${opt:stage, 'dev'}
            PointInTimeRecoverySpecification:
              PointInTimeRecoveryEnabled: ${self:custom.pitr.${opt:stage}}
    """
    table_ = read(text, name="serverless.yml").table()

    assert why(table_.subject.name).startswith("${self:service} is worked out by the Serverless Framework")
    assert said(table_.pitr) == "?"


def test_serverless_framework_resources_may_be_a_list() -> None:
    text = """
    service: shop
    resources:
      - ${file(other.yml)}
      - Resources: {Orders: {Type: AWS::DynamoDB::Table}}
      - Conditions: {Always: !Equals [a, a]}
        Resources: {Carts: {Type: AWS::DynamoDB::Table, Condition: Always}}
    """

    assert read(text, name="serverless.yml").addresses() == ["Orders", "Carts"]


@pytest.mark.parametrize("value", ["${self:service}-orders", "!Sub '${self:service}-orders'", "${file(x.json):name}"])
def test_framework_variables_are_open_in_a_template_that_such_a_file_takes_in(value: str) -> None:
    assert named(value) == "?"


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@pytest.mark.parametrize(
    "argument", ["", "x", "[]", "{}", "[[]]", "[{}, {}]", "[[], [], []]", "[!Ref X, !Ref X]", "7", "true"]
)
def test_no_argument_makes_a_function_crash(name: str, argument: str) -> None:
    read(table(f"TableName: {{'{name}': {argument}}}"))
