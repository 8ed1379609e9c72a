"""`Fn::ForEach`: what a loop writes out, at the top level, in properties, nested, and over what is not known."""

from __future__ import annotations

import pytest

from templates import pitr, read, said, table, why

TRANSFORM = "Transform: AWS::LanguageExtensions"


def loop(collection: str, body: str = "{Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Name}}") -> str:
    return f"""
    Transform: AWS::LanguageExtensions
    Parameters:
      Names: {{Type: CommaDelimitedList, Default: "A,B"}}
      Open: {{Type: CommaDelimitedList}}
      One: {{Type: String}}
    Mappings:
      Lists: {{prod: {{Names: [A, B]}}}}
    Resources:
      Fn::ForEach::Tables:
        - Name
        - {collection}
        - Orders${{Name}}: {body}
    """


@pytest.mark.parametrize(
    "collection",
    [
        "[A, B]",
        "!Ref Names",
        "[!Ref Names]",
        "!Split ['-', A-B]",
        "!FindInMap [Lists, prod, Names]",
        "[!Select [0, !Ref Names], B]",
        "[A, !Ref AWS::NoValue, B]",
    ],
)
def test_a_loop_makes_one_resource_for_each_item(collection: str) -> None:
    templates = read(loop(collection))

    assert templates.addresses() == ["OrdersA", "OrdersB"]
    assert said(templates.table("OrdersB").subject.name) == "B"


@pytest.mark.parametrize("collection", ["!Ref Open", "[!Ref One]", "!Ref Missing", "[A, !Ref Open]", "!GetAtt X.Y"])
def test_of_a_list_that_is_not_known_the_body_stands_once(collection: str) -> None:
    templates = read(loop(collection))

    assert templates.addresses() == ["Orders${Name}"]
    assert why(templates.table("Orders${Name}").subject.name) == (
        "Name is an item of a list that is known only when the stack is deployed"
    )


@pytest.mark.parametrize(
    "text", ["!Sub 'x-${Name}'", "'x-${Name}'", "!Sub ['x-${N}', {N: !Ref Name}]", "{'Ref': Name}"]
)
def test_every_use_of_an_unknown_item_is_unknown(text: str) -> None:
    templates = read(loop("!Ref Open", f"{{Type: AWS::DynamoDB::Table, Properties: {{TableName: {text}}}}}"))

    assert said(templates.table("Orders${Name}").subject.name) == "?"


def test_a_given_list_is_written_out() -> None:
    assert read(loop("!Ref Open"), Open="X,Y,Z").addresses() == ["OrdersX", "OrdersY", "OrdersZ"]


def test_a_copy_points_at_the_text_of_the_loop() -> None:
    templates = read(loop("[A, B]"))
    origins = {templates.table(address).subject.origin.start() for address in ("OrdersA", "OrdersB")}

    assert origins == {"app.yaml:13:7"}


@pytest.mark.parametrize("body", ["{}", "[]", "text", "{Orders: text}", "{Orders: {Type: [a]}}"])
def test_a_malformed_body_makes_nothing_and_crashes_nothing(body: str) -> None:
    text = f"Transform: AWS::LanguageExtensions\nResources: {{'Fn::ForEach::T': [Name, [A], {body}]}}"

    assert read(text).reading.tables == ()


@pytest.mark.parametrize("value", ["[Name, [A]]", "text", "[[Name], [A], {}]", "[Name, [A], x, y]", "{}"])
def test_a_malformed_loop_is_noted(value: str) -> None:
    assert read(f"{TRANSFORM}\nResources: {{'Fn::ForEach::T': {value}}}").notes() == ["transform-unread"]


def test_an_ampersand_leaves_only_letters_and_digits() -> None:
    text = """
    Transform: AWS::LanguageExtensions
    Resources:
      Fn::ForEach::Tables:
        - Region
        - [eu-west-1]
        - Orders&{Region}: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "orders-${Region}"}}
    """
    templates = read(text)

    assert templates.addresses() == ["Orderseuwest1"]
    assert said(templates.table("Orderseuwest1").subject.name) == "orders-eu-west-1"


def test_loops_nest() -> None:
    text = """
    Transform: AWS::LanguageExtensions
    Mappings:
      Parts: {A: {Of: [X, Y]}, B: {Of: [Z]}}
    Resources:
      Fn::ForEach::Outer:
        - Group
        - [A, B]
        - Fn::ForEach::Inner:
            - Part
            - !FindInMap [Parts, !Ref Group, Of]
            - Orders${Group}${Part}:
                Type: AWS::DynamoDB::Table
                Properties: {TableName: !Sub "${Group}-${Part}-${AWS::Region}"}
    """
    templates = read(text, AWS__Region="eu-west-1")

    assert templates.addresses() == ["OrdersAX", "OrdersAY", "OrdersBZ"]
    assert said(templates.table("OrdersBZ").subject.name) == "B-Z-eu-west-1"


def test_a_loop_in_properties_writes_properties() -> None:
    text = table("'Fn::ForEach::Switches': [Key, [PointInTimeRecoveryEnabled], {'${Key}': true}]", TRANSFORM)
    text = text.replace("'Fn::ForEach", "PointInTimeRecoverySpecification: {'Fn::ForEach").replace("true}]", "true}]}")

    assert said(read(text).table().pitr) is True


def test_a_loop_over_booleans_sets_each_copy() -> None:
    recovery = "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !Ref Name}"
    templates = read(loop("['true', 'false']", f"{{Type: AWS::DynamoDB::Table, Properties: {{{recovery}}}}}"))

    assert [said(templates.table(address).pitr) for address in ("Orderstrue", "Ordersfalse")] == [True, False]


def test_conditions_and_outputs_can_be_looped() -> None:
    text = """
    Transform: AWS::LanguageExtensions
    Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
    Conditions:
      Fn::ForEach::Are: [Name, [dev, prod], {"Is${Name}": !Equals [!Ref Env, !Ref Name]}]
    Resources:
      Fn::ForEach::Tables:
        - Name
        - [prod]
        - Orders:
            Type: AWS::DynamoDB::Table
            Properties:
              PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !If ["Is${Name}", true, false]}
    """

    assert read(text).in_scenarios() == {"Isprod is false": False, "Isprod is true": True}


@pytest.mark.parametrize("attribute", ["DeletionPolicy", "UpdateReplacePolicy"])
@pytest.mark.parametrize(
    "value", ["!Ref Policy", "!If [Always, Retain, Delete]", "!FindInMap [M, a, Policy]", "Retain"]
)
def test_what_happens_on_deletion_may_be_worked_out(attribute: str, value: str) -> None:
    rest = f"""
    {TRANSFORM}
    Parameters: {{Policy: {{Type: String, Default: Retain}}}}
    Conditions: {{Always: !Equals [a, a]}}
    Mappings: {{M: {{a: {{Policy: Retain}}}}}}
    """
    table_ = read(table("TableName: x", rest, attributes=f"{attribute}: {value}")).table()
    kept = table_.kept_on_delete if attribute == "DeletionPolicy" else table_.kept_on_replace

    assert kept is not None
    assert said(kept) == "Retain"


def test_deletion_policy_may_differ_by_scenario() -> None:
    rest = (
        "Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}\nConditions: {IsProd: !Equals [!Ref Env, prod]}"
    )
    text = table("TableName: x", rest, attributes="DeletionPolicy: !If [IsProd, Retain, Delete]")

    assert read(text).in_scenarios("kept_on_delete") == {"IsProd is false": "Delete", "IsProd is true": "Retain"}


def test_loops_in_loops_over_long_lists_end() -> None:
    items = ", ".join(f"I{index}" for index in range(400))
    text = "\n".join((TRANSFORM, "Resources:"))
    for depth in range(6):
        text += f"\n{'  ' * (4 * depth + 1)}Fn::ForEach::L{depth}:\n"
        inner = "  " * (4 * depth + 3)
        text += f"{inner}- V{depth}\n{inner}- [{items}]\n{inner}-"
    text += " {}\n"
    templates = read(text.replace("-\n", "- \n"))

    assert templates.reading.tables == ()
    assert set(templates.notes()) <= {"transform-unread"}


def test_a_loop_that_makes_too_much_is_noted() -> None:
    items = ", ".join(f"I{index}" for index in range(1_500))
    templates = read(loop(f"[{items}]"))

    assert len(templates.reading.tables) == 1_000
    assert templates.notes() == ["transform-unread"]


def test_a_loop_over_an_import_reads_nothing_that_is_not_there_yet() -> None:
    assert read(loop("!ImportValue names")).addresses() == ["Orders${Name}"]


def test_text_that_only_looks_like_a_loop_variable_stays() -> None:
    assert said(read(pitr("true")).table().pitr) is True
