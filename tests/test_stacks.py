"""Stacks nested in stacks: what the parent passes, what comes back, and what cannot be read."""

from __future__ import annotations

import pytest

from templates import pitr, read, read_all, said, table, why

PARAMETER = "Parameters: {Pitr: {Type: String}}"
CHILD = pitr("!Ref Pitr", PARAMETER)


def parent(properties: str = "TemplateURL: child.yaml", rest: str = "", attributes: str = "") -> str:
    return f"""
{rest}
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    {attributes}
    Properties:
      {properties}
"""


def passing(value: str, rest: str = "", attributes: str = "") -> str:
    return parent(f"TemplateURL: child.yaml\n      Parameters: {{Pitr: {value}}}", rest, attributes)


ENV = "Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}\nConditions: {IsProd: !Equals [!Ref Env, prod]}"


@pytest.mark.parametrize("url", ["child.yaml", "./child.yaml", "sub/../child.yaml", "'child.yaml'"])
def test_a_nested_stack_is_read_from_the_file_beside(url: str) -> None:
    templates = read_all({"app.yaml": parent(f"TemplateURL: {url}"), "child.yaml": CHILD})

    assert templates.addresses() == ["Data/Orders"]


def test_a_nested_template_is_found_though_nobody_named_it() -> None:
    assert read_all({"infra/app.yaml": parent("TemplateURL: ../child.yaml")}, {"child.yaml": CHILD}).addresses() == [
        "Data/Orders"
    ]


def test_sam_applications_are_nested_stacks() -> None:
    text = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Data: {Type: AWS::Serverless::Application, Properties: {Location: child.yaml, Parameters: {Pitr: 'true'}}}
    """

    assert said(read_all({"app.yaml": text, "child.yaml": CHILD}).table("Data/Orders").pitr) is True


def test_cdk_names_the_template_in_its_metadata() -> None:
    text = parent(
        "TemplateURL: !Sub 'https://s3.${AWS::Region}.amazonaws.com/x.json'",
        attributes="Metadata: {aws:asset:path: child.yaml, aws:asset:property: TemplateURL}",
    )

    assert read_all({"cdk.out/app.yaml": text, "cdk.out/child.yaml": CHILD}).addresses() == ["Data/Orders"]


@pytest.mark.parametrize("value", ["true", "'true'", "!Ref On", "!Sub '${On}'", "!If [Always, true, false]"])
def test_parameters_are_passed_through(value: str) -> None:
    rest = "Parameters: {On: {Type: String, Default: 'true'}}\nConditions: {Always: !Equals [a, a]}"

    assert said(read_all({"app.yaml": passing(value, rest), "child.yaml": CHILD}).table("Data/Orders").pitr) is True


def test_what_is_passed_says_so_and_where() -> None:
    found = read_all({"app.yaml": passing("'true'"), "child.yaml": CHILD}).table("Data/Orders").pitr

    assert [(fact.text, fact.origin and fact.origin.start()) for fact in found.equals(True).facts] == [
        ("PointInTimeRecoveryEnabled is true", "child.yaml:10:37"),
        ("the parent stack passes Pitr", "app.yaml:9:26"),
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("!GetAtt Other.Outputs.X", "Other is not a resource of the template"),
        ("!Ref Missing", "Missing is neither a parameter nor a resource of the template"),
        ("{}", "true or false was expected, not a mapping"),
    ],
)
def test_what_the_parent_does_not_know_stays_unknown(value: str, reason: str) -> None:
    found = read_all({"app.yaml": passing(value), "child.yaml": CHILD}).table("Data/Orders")

    assert why(found.pitr) == reason


def test_a_parameter_that_is_not_passed_has_its_default() -> None:
    child = pitr("!Ref Pitr", "Parameters: {Pitr: {Type: String, Default: 'true'}}")
    texts = {"app.yaml": passing("!Ref AWS::NoValue"), "child.yaml": child}

    assert said(read_all(texts).table("Data/Orders").pitr) is True


def test_what_is_given_is_for_the_root_alone() -> None:
    child = pitr("!Ref Pitr", "Parameters: {Pitr: {Type: String, Default: 'true'}}")
    texts = {"app.yaml": parent(), "child.yaml": child}

    assert said(read_all(texts, Pitr="false").table("Data/Orders").pitr) is True


def test_a_childs_conditions_follow_the_parents_choices() -> None:
    child = pitr("!If [On, true, false]", f"{PARAMETER}\nConditions: {{On: !Equals [!Ref Pitr, 'yes']}}")
    texts = {"app.yaml": passing("!If [IsProd, 'yes', 'no']", ENV), "child.yaml": child}

    assert read_all(texts).in_scenarios(address="Data/Orders") == {"On is false": False, "On is true": True}


def test_what_a_child_tells_apart_makes_a_choice_of_the_parents_parameter() -> None:
    child = pitr("!If [On, true, false]", f"{PARAMETER}\nConditions: {{On: !Equals [!Ref Pitr, prod]}}")
    texts = {"app.yaml": passing("!Ref Env", "Parameters: {Env: {Type: String, Default: dev}}"), "child.yaml": child}

    assert read_all(texts).in_scenarios(address="Data/Orders") == {"On is false": False, "On is true": True}


def test_two_stacks_that_call_different_things_alike_do_not_mix() -> None:
    child = pitr(
        "!If [IsProd, true, false]", "Parameters: {Env: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Env, prod]}"
    )
    root = parent("TemplateURL: child.yaml\n      Parameters: {Env: !If [IsProd, stage, prod]}", ENV)
    found = read_all({"app.yaml": root, "child.yaml": child}).table_entry("Data/Orders").variants

    assert [(dict(v.scenario.settled).popitem()[1], v.item and said(v.item.pitr)) for v in found] == [
        ("dev", True),
        ("prod", False),
    ]


def test_a_child_is_there_only_where_its_stack_is() -> None:
    texts = {"app.yaml": passing("'true'", ENV, "Condition: IsProd"), "child.yaml": CHILD}

    assert read_all(texts).in_scenarios(address="Data/Orders") == {"IsProd is false": "-", "IsProd is true": True}


def test_outputs_come_back() -> None:
    root = """
    Resources:
      Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml, Parameters: {Name: x}}}
      Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: !GetAtt Data.Outputs.Name}}
      Carts: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "${Data.Outputs.Missing}"}}
    """
    child = """
    Parameters: {Name: {Type: String}}
    Resources: {T: {Type: AWS::SNS::Topic}}
    Outputs: {Name: {Value: !Sub "${Name}-orders"}}
    """
    templates = read_all({"app.yaml": root, "child.yaml": child})

    assert said(templates.table().subject.name) == "x-orders"
    assert why(templates.table("Carts").subject.name) == "the nested stack Data has no output Missing"


def test_one_child_of_two_parents_is_two_stacks() -> None:
    texts = {"a.yaml": passing("true"), "b.yaml": passing("false"), "child.yaml": CHILD}
    found = [entry.variants[0].item for entry in read_all(texts).reading.tables]

    assert [table_ and said(table_.pitr) for table_ in found] == [True, False]


def test_stacks_nest_in_nested_stacks() -> None:
    texts = {
        "app.yaml": parent("TemplateURL: middle.yaml\n      Parameters: {Pitr: true}"),
        "middle.yaml": passing("!Ref Pitr", PARAMETER),
        "child.yaml": CHILD,
    }

    assert said(read_all(texts).table("Data/Data/Orders").pitr) is True


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("gone.yaml", "gone.yaml"),
        ("../../outside.yaml", "../../outside.yaml"),
        ("/etc/passwd", "/etc/passwd"),
        ("https://bucket.s3.amazonaws.com/child.yaml", "https://bucket.s3.amazonaws.com/child.yaml"),
        ("!Sub 'https://${Bucket}/child.yaml'", "somewhere else"),
        ("app.yaml", "app.yaml, in which it is nested itself"),
        ("notes.yaml", "notes.yaml"),
        ("", ""),
    ],
)
def test_a_nested_stack_that_cannot_be_read_is_noted(url: str, shown: str) -> None:
    templates = read_all({"app.yaml": parent(f"TemplateURL: {url}")}, {"notes.yaml": "just: data"})

    assert [note.message for note in templates.reading.notes] == [
        f"nested stack Data was not read: its template is {shown}"
    ]


def test_templates_that_nest_each_other_are_still_read() -> None:
    one = parent("TemplateURL: b.yaml") + "  Orders: {Type: AWS::DynamoDB::Table}\n"
    other = parent("TemplateURL: a.yaml") + "  Carts: {Type: AWS::DynamoDB::Table}\n"
    templates = read_all({"a.yaml": one, "b.yaml": other, "c.yaml": table("TableName: x")})

    assert {"Carts", "Orders"} <= {address.rpartition("/")[2] for address in templates.addresses()}
    assert templates.notes() == ["nested-stack-unread"]


def test_stacks_that_multiply_end() -> None:
    texts = {}
    for level in range(8):
        stacks = "\n".join(
            f"  S{index}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: l{level + 1}.yaml}}}}"
            for index in range(12)
        )
        texts[f"l{level}.yaml"] = f"Resources:\n{stacks}\n"
    texts["l8.yaml"] = table("TableName: x")
    templates = read_all(texts)

    assert "nested-stack-unread" in templates.notes()


def test_a_loop_can_make_nested_stacks() -> None:
    text = """
    Transform: AWS::LanguageExtensions
    Resources:
      Fn::ForEach::Data:
        - Name
        - [A, B]
        - Data${Name}:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: child.yaml, Parameters: {Pitr: true}}
    """

    assert read_all({"app.yaml": text, "child.yaml": CHILD}).addresses() == ["DataA/Orders", "DataB/Orders"]


def test_two_templates_with_tables_of_one_name_are_two_tables() -> None:
    templates = read_all({"a.yaml": table("TableName: x"), "b.yaml": table("TableName: y")})

    assert [entry.variants[0].item and entry.variants[0].item.subject.path for entry in templates.reading.tables] == [
        "a.yaml",
        "b.yaml",
    ]


def test_a_macro_of_the_parent_leaves_open_what_it_does_not_pass() -> None:
    texts = {"app.yaml": parent(rest="Transform: Mine"), "child.yaml": CHILD}

    assert said(read_all(texts).table("Data/Orders").pitr) == "?"


def test_a_transform_of_ones_own_is_noted() -> None:
    assert read(table("TableName: x", "Transform: Mine")).notes() == ["transform-unread"]


def test_resources_included_from_elsewhere_are_noted() -> None:
    text = "Resources: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://b/x.yaml}}}"

    assert read(text).notes() == ["transform-unread"]
