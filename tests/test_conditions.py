"""Conditions, rules and scenarios: what holds when, and how it is said."""

from __future__ import annotations

import pytest

from recoverable.scenario import LIMIT
from templates import pitr, read, read_all, said, table, why

ENVIRONMENTS = """
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
"""


def conditions(*lines: str, parameters: str = "Env: {Type: String, AllowedValues: [dev, prod]}") -> str:
    return "\n".join(("Parameters:", f"  {parameters}", "Conditions:", *(f"  {line}" for line in lines)))


@pytest.mark.parametrize(
    "condition",
    [
        "!Equals [!Ref Env, prod]",
        "{'Fn::Equals': [prod, {Ref: Env}]}",
        "!Not [!Equals [!Ref Env, dev]]",
        "{'Fn::Not': [{'Fn::Equals': [{Ref: Env}, dev]}]}",
        "!And [!Equals [!Ref Env, prod], !Equals [a, a]]",
        "!And [!Condition Other, !Not [!Equals [!Ref Env, dev]]]",
        "!Or [!Equals [!Ref Env, stage], {Condition: Other}]",
        "{'Fn::Or': [{'Fn::Equals': [a, b]}, {Condition: Other}]}",
        "!Condition Other",
        "!Equals [!Sub '${Env}-1', prod-1]",
        "!Equals [!Join ['', [!Ref Env, x]], prodx]",
        "!Equals [!FindInMap [Names, !Ref Env, Is], 'yes']",
        "!Equals [!FindInMap [Names, !Ref Env, Switch], true]",
    ],
)
def test_a_condition_holds_as_the_service_has_it(condition: str) -> None:
    rest = conditions(f"IsProd: {condition}", "Other: !Equals [!Ref Env, prod]")
    mapping = "Mappings:\n  Names: {dev: {Is: 'no', Switch: false}, prod: {Is: 'yes', Switch: true}}"

    assert read(pitr("!If [IsProd, true, false]", f"{rest}\n{mapping}")).in_scenarios() in (
        {"Env is dev, IsProd is false": False, "Env is prod, IsProd is true": True},
        {"IsProd is false": False, "IsProd is true": True},
    )


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("!Condition IsProd", "condition IsProd refers to itself"),
        ("!Not [!Condition IsProd]", "condition IsProd refers to itself"),
        ("!Condition Missing", "there is no condition Missing in the template"),
        ("!And [!Equals [a, a]]", "Fn::And takes 2 to 10 conditions"),
        ("!Or []", "Fn::Or takes 2 to 10 conditions"),
        ("!Not [!Equals [a, b], !Equals [a, b]]", "Fn::Not takes one condition"),
        ("!Not []", "Fn::Not takes one condition"),
        ("!Equals [a]", "Fn::Equals is worked out only when the stack is deployed"),
        ("!Equals [{a: b, c: d}, e]", "two values that are no texts are compared"),
        ("!Equals [!Ref AWS::NoValue, e]", "two values that are no texts are compared"),
        ("!Mine [a, b]", "Fn::Mine is worked out only when the stack is deployed"),
        ("text", "a condition is made of Fn::Equals"),
        ("[a]", "a condition is made of Fn::Equals"),
        ("", "a condition is made of Fn::Equals"),
    ],
)
def test_a_condition_that_the_service_refuses_is_unknown(condition: str, reason: str) -> None:
    table_ = read(pitr("!If [IsProd, true, false]", conditions(f"IsProd: {condition}"))).table()

    assert why(table_.pitr).startswith(reason)


def test_conditions_in_a_long_chain_end() -> None:
    chain = [f"C{index}: !Not [!Condition C{index + 1}]" for index in range(2_000)]
    rest = conditions(*chain, "C2000: !Equals [a, a]")

    assert said(read(pitr("!If [C0, true, false]", rest)).table().pitr) == "?"


def test_deep_conditions_in_a_chain_end() -> None:
    deep = "{{'Fn::Not': [" * 40 + "{{Condition: C{0}}}" + "]}}" * 40
    chain = [f"C{index}: {deep.format(index + 1)}" for index in range(50)]
    rest = conditions(*chain, "C50: !Equals [a, a]")

    assert said(read(pitr("!If [C0, true, false]", rest)).table().pitr) == "?"


def test_a_table_is_absent_where_its_condition_does_not_hold() -> None:
    text = table("TableName: x", ENVIRONMENTS, attributes="Condition: IsProd")

    assert read(text).in_scenarios() == {"IsProd is false": "-", "IsProd is true": False}


def test_a_table_that_never_exists_is_no_table_and_that_is_said() -> None:
    text = table("TableName: x", "Conditions: {Never: !Equals [a, b]}", attributes="Condition: Never")

    assert read(text).reading.tables == ()
    assert read(text).notes() == ["never-made"]


def test_no_value_leaves_a_property_as_if_it_was_not_written() -> None:
    templates = read(pitr("!If [IsProd, true, !Ref AWS::NoValue]", ENVIRONMENTS))

    assert templates.in_scenarios() == {"IsProd is false": False, "IsProd is true": True}


def test_no_value_leaves_a_whole_object_as_if_it_was_not_written() -> None:
    text = table(
        """
        PointInTimeRecoverySpecification: !If
          - IsProd
          - {PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7}
          - !Ref AWS::NoValue
        """,
        ENVIRONMENTS,
    )

    assert read(text).in_scenarios("pitr_window") == {"IsProd is false": 35, "IsProd is true": 7}


def test_a_finding_about_what_no_value_left_out_points_at_the_property() -> None:
    text = table("PointInTimeRecoverySpecification: !If [IsProd, !Ref AWS::NoValue, !Ref AWS::NoValue]", ENVIRONMENTS)
    first = read(text).table_entry().variants[0].item

    assert first is not None
    assert first.pitr.origin is not None
    assert first.pitr.origin.start() == "app.yaml:12:7"


def test_no_value_leaves_an_item_out_of_a_list() -> None:
    text = """
    Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
    Conditions: {IsProd: !Equals [!Ref Env, prod]}
    Resources:
      Orders:
        Type: AWS::DynamoDB::GlobalTable
        Properties:
          Replicas:
            - Region: eu-west-1
            - !If [IsProd, {Region: eu-central-1}, !Ref AWS::NoValue]
    """
    variants = read(text).reading.replicas[0].variants

    assert [variant.item and variant.item.subject.part for variant in variants] == [None, "eu-central-1"]


def test_protection_in_both_branches_needs_no_scenario_to_be_known() -> None:
    templates = read(pitr("!If [IsProd, true, true]", ENVIRONMENTS))

    assert set(templates.in_scenarios().values()) == {True}


def test_two_parameters_that_conditions_tie_together_stay_together() -> None:
    rest = """
    Parameters:
      Env: {Type: String, AllowedValues: [dev, prod]}
      Size: {Type: String, AllowedValues: [small, large]}
    Conditions:
      IsProd: !Equals [!Ref Env, prod]
      IsLarge: !And [!Condition IsProd, !Equals [!Ref Size, large]]
    """
    templates = read(pitr("!If [IsLarge, true, !If [IsProd, false, maybe]]", rest))

    assert templates.in_scenarios() == {
        "IsLarge is false, IsProd is false": "?",
        "IsLarge is false, IsProd is true": False,
        "IsLarge is true": True,
    }


def test_a_parameter_without_allowed_values_may_be_anything_else() -> None:
    rest = conditions("IsProd: !Equals [!Ref Env, prod]", parameters="Env: {Type: String}")
    choices = {
        choice: value
        for variant in read(pitr("!If [IsProd, true, false]", rest)).table_entry().variants
        for choice, value in variant.scenario.settled
    }

    assert [choice.domain for choice in choices] == [("prod", "any other value")]


def test_a_default_that_nothing_is_compared_with_stands_for_everything_else() -> None:
    rest = conditions("IsProd: !Equals [!Ref Env, prod]", parameters="Env: {Type: String, Default: dev}")

    assert read(pitr("!If [IsProd, true, false]", rest)).in_scenarios() == {
        "IsProd is false": False,
        "IsProd is true": True,
    }


def test_two_parameters_compared_with_each_other_are_followed() -> None:
    rest = conditions(
        "Home: !Equals [!Ref Env, !Ref Main]",
        parameters="Env: {Type: String, Default: dev}\n  Main: {Type: String, Default: prod}",
    )

    assert read(pitr("!If [Home, true, false]", rest)).in_scenarios() == {"Home is false": False, "Home is true": True}


def test_a_parameter_equals_itself_whatever_it_is() -> None:
    rest = conditions("Same: !Equals [!Ref Env, !Sub '${Env}']", parameters="Env: {Type: String}")

    assert said(read(pitr("!If [Same, true, false]", rest)).table().pitr) is True


def test_any_other_value_may_be_one_that_is_worked_out() -> None:
    rest = conditions(
        "IsProd: !Equals [!Ref Env, prod]",
        "IsStage: !Equals [!Ref Env, !Sub 'st${Suffix}']",
        parameters="Env: {Type: String}\n  Suffix: {Type: String, Default: age}",
    )

    assert read(pitr("!If [IsProd, true, !If [IsStage, false, maybe]]", rest)).in_scenarios() == {
        "IsProd is true": True,
        "IsProd is false, IsStage is true": False,
        "IsProd is false, IsStage is false": "?",
    }


def test_what_is_not_known_cannot_equal_two_things_at_once() -> None:
    rest = conditions(
        "A: !Equals [!Sub '${Env}-x', a-x]", "B: !Equals [!Sub '${Env}-x', b-x]", parameters="Env: {Type: String}"
    )

    assert read(pitr("!If [A, !If [B, maybe, true], false]", rest)).in_scenarios() == {
        "A is false": False,
        "A is true, B is false": True,
    }


@pytest.mark.parametrize(
    "parameter",
    [
        "Env: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /env}",
        "Env: {Type: String, NoEcho: true, Default: prod}",
        "Env: {Type: CommaDelimitedList}",
    ],
)
def test_a_comparison_with_what_only_the_deployment_knows_goes_both_ways(parameter: str) -> None:
    rest = conditions("IsProd: !Equals [!Ref Env, prod]", parameters=parameter)

    assert read(pitr("!If [IsProd, true, false]", rest)).in_scenarios() == {
        "IsProd is false": False,
        "IsProd is true": True,
    }


def test_a_pseudo_parameter_is_followed_where_conditions_compare_it() -> None:
    rest = "Conditions: {Home: !Equals [!Ref AWS::Region, eu-west-1]}"

    assert read(pitr("!If [Home, true, false]", rest)).in_scenarios() == {"Home is false": False, "Home is true": True}


def test_what_is_given_settles_conditions() -> None:
    assert said(read(pitr("!If [IsProd, true, false]", ENVIRONMENTS), Env="prod").table().pitr) is True


def test_a_given_region_settles_conditions() -> None:
    rest = "Conditions: {Home: !Equals [!Ref AWS::Region, eu-west-1]}"

    assert said(read(pitr("!If [Home, true, false]", rest), AWS__Region="eu-west-1").table().pitr) is True


RULES = """
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
  Pitr: {Type: String, AllowedValues: ['true', 'false']}
Rules:
  Protected:
    %s
    Assertions: [{Assert: %s}]
"""


@pytest.mark.parametrize(
    "assertion",
    [
        "{'Fn::Equals': [{Ref: Pitr}, 'true']}",
        "{'Fn::Contains': [['true', on], {Ref: Pitr}]}",
        "{'Fn::EachMemberIn': [[{Ref: Pitr}], ['true', on]]}",
        "{'Fn::EachMemberEquals': [[{Ref: Pitr}], 'true']}",
        "{'Fn::Not': [{'Fn::Equals': [{Ref: Pitr}, 'false']}]}",
    ],
)
def test_rules_leave_out_what_cannot_be_deployed(assertion: str) -> None:
    assert read(pitr("!Ref Pitr", RULES % ("", assertion))).in_scenarios() == {"Pitr is true": True}


def test_a_rule_counts_only_where_its_condition_holds() -> None:
    rest = RULES % ("RuleCondition: {'Fn::Equals': [{Ref: Env}, prod]}", "{'Fn::Equals': [{Ref: Pitr}, 'true']}")
    found = read(table(
        "TableName: !Sub '${Env}'\nPointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !Ref Pitr}", rest
    )).in_scenarios()  # fmt: skip

    assert found == {
        "Env is dev, Pitr is true": True,
        "Env is dev, Pitr is false": False,
        "Env is prod, Pitr is true": True,
    }


@pytest.mark.parametrize("assertion", ["{'Fn::RefAll': 'AWS::EC2::VPC::Id'}", "{'Fn::Contains': [a]}", "text"])
def test_rules_that_cannot_be_told_allow_everything(assertion: str) -> None:
    assert len(read(pitr("!Ref Pitr", RULES % ("", assertion))).in_scenarios()) == 2


def test_rules_that_allow_nothing_lose_no_table() -> None:
    found = read(pitr("!Ref Pitr", RULES % ("", "{'Fn::Equals': [a, b]}"))).in_scenarios()

    assert found == {"Pitr is true": True, "Pitr is false": False}


def test_a_list_in_a_rule_makes_no_values_for_other_parameters() -> None:
    rest = """
    Parameters:
      Env: {Type: String, Default: dev}
      Name: {Type: String, Default: orders}
    Rules:
      Known: {Assertions: [{Assert: {'Fn::Contains': [[dev, prod], !Ref Env]}}]}
    """

    assert said(read(table("TableName: !Ref Name", rest)).table().subject.name) == "orders"


def many(count: int) -> str:
    names = [f"P{index}" for index in range(count)]
    return "\n".join((
        "Parameters:", *(f"  {name}: {{Type: String, AllowedValues: [a, b]}}" for name in names),
        "Conditions:", *(f"  C{name}: !Equals [!Ref {name}, a]" for name in names),
    ))  # fmt: skip


def test_as_many_scenarios_as_the_bound_are_followed() -> None:
    tags = "\n".join(f"- {{Key: k{index}, Value: !Ref P{index}}}" for index in range(6))
    templates = read(table(f"Tags:\n{tags}", many(6)))

    assert len(templates.table_entry().variants) == LIMIT == 64
    assert templates.notes() == []


def test_beyond_the_bound_what_comes_last_is_unknown() -> None:
    tags = "\n".join(f"- {{Key: k{index}, Value: !If [CP{index}, x, y]}}" for index in range(7))
    templates = read(table(f"DeletionProtectionEnabled: !If [CP0, true, false]\nTags:\n{tags}", many(7)))
    variants = templates.table_entry().variants
    last = [said(variant.item.tags.entries[6][1]) for variant in variants if variant.item is not None]

    assert templates.notes() == ["too-many-scenarios"]
    assert len(variants) == LIMIT
    assert set(last) == {"?"}
    assert set(templates.in_scenarios("deletion_protection").values()) == {True, False}


def test_beyond_the_bound_both_branches_alike_are_known() -> None:
    tags = "\n".join(f"- {{Key: k{index}, Value: !If [CP{index}, x, x]}}" for index in range(7))
    variants = read(table(f"Tags:\n{tags}", many(7))).table_entry().variants

    assert {said(variant.item.tags.entries[6][1]) for variant in variants if variant.item is not None} == {"x"}


def test_protection_is_followed_before_names_and_tags() -> None:
    properties = """
    TableName: !Sub '${P1}-${P2}-${P3}-${P4}-${P5}-${P6}-${P7}'
    DeletionProtectionEnabled: !If [CP0, true, false]
    PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !If [CP7, true, false]}
    """
    variants = read(table(properties, many(8))).table_entry().variants
    found = {(said(each.item.pitr), said(each.item.deletion_protection)) for each in variants if each.item is not None}

    assert found == {(True, True), (True, False), (False, True), (False, False)}


def test_a_scenario_names_the_template_that_its_condition_stands_in() -> None:
    parent = "Resources: {Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}}"
    child = pitr("!If [IsProd, true, false]", ENVIRONMENTS)
    variants = read_all({"app.yaml": parent, "child.yaml": child}).table_entry("Data/Orders").variants

    assert {one.scope for variant in variants for one in variant.scenario.circumstances} == {"child.yaml#Data/"}
