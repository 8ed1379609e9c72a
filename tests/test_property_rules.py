"""Users' property rules: how they are read, what is said of mistakes in them, and how they judge."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from recoverable import document, pack, trial
from recoverable.check import Report
from recoverable.config import Settings
from recoverable.property_schema import fits
from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.scan import Documents, Request, Setup, examine
from recoverable.source import Span
from recoverable.text import Hole, Text
from recoverable.truth import Answer

PLACE = Span("template.yaml", 1, 1, 1, 2)
UNKNOWN = Open("it comes from a parameter")

RULE = """\
resource: AWS::DynamoDB::Table
severity: low
message: The table has no owner tag.
why: Nobody knows whom to ask.
do: Add a tag `owner`.
properties:
  required: [Tags]
  properties:
    Tags:
      contains: {properties: {Key: {const: owner}}, required: [Key]}
"""


def datum(value: object) -> Datum:
    match value:
        case dict():
            return Datum(Fields({key: (PLACE, datum(inner)) for key, inner in value.items()}), PLACE)
        case list():
            return Datum(Items(tuple(datum(inner) for inner in value)), PLACE)
        case bool() | int() | float() | str() | None | Open() | Text() | Fields() | Items():
            return Datum(value, PLACE)
        case _:
            raise TypeError(value)


def answer(value: object, schema: Mapping[str, object]) -> Answer:
    return fits(datum(value), dict(schema)).answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "owner_tag_missing.yaml").write_text(RULE)
    return tmp_path


def faults(folder: Path, text: str) -> list[str]:
    (folder / "owner_tag_missing.yaml").write_text(text)
    return [
        f"{fault.origin.start()}: {fault.message}; {fault.do}" for fault in pack.load(str(folder), "policies").faults
    ]


def report(folder: Path, template: str) -> Report:
    loaded = pack.load(str(folder))
    assert loaded.faults == ()
    setup = Setup("", Settings(), loaded)
    return examine([("template.yaml", template.encode())], setup, Request(), Documents())


def test_a_property_rule_is_a_rule_like_any_other(folder: Path) -> None:
    rule = pack.load(str(folder)).rules[0]

    assert (rule.name, rule.severity.value, rule.subjects, rule.types) == (
        "owner-tag-missing",
        "low",
        ("Resource",),
        ("AWS::DynamoDB::Table",),
    )


def test_its_own_words_are_its_document(folder: Path) -> None:
    read = document.read(pack.load(str(folder)).rules[0].document)

    assert read.headline == "The table has no owner tag"
    assert read.why == "Nobody knows whom to ask."
    assert read.what_to_do == "Add a tag `owner`."


def test_a_document_beside_it_goes_before_its_own_words(folder: Path) -> None:
    (folder / "owner_tag_missing.md").write_text("# Nobody owns the table\n")

    assert document.read(pack.load(str(folder)).rules[0].document).headline == "Nobody owns the table"


def test_a_property_rule_without_a_document_has_nothing_to_try(folder: Path) -> None:
    assert trial.run_trials(str(folder)) == []


def test_the_examples_of_a_property_rule_are_run(folder: Path) -> None:
    text = trial.DOCUMENT.replace("DeletionProtectionEnabled: false # <- here", "Tags: [] # <- here")
    text = text.replace("DeletionProtectionEnabled: true", "Tags: [{Key: owner, Value: us}]")
    text = text.replace("DeletionProtectionEnabled: !Ref Protected", "Tags: !Ref Protected")
    (folder / "owner_tag_missing.md").write_text(text)

    results = trial.run_trials(str(folder))

    assert len(results) == 5
    assert [result for result in results if not result.passed] == []


def test_a_resource_that_does_not_fit_is_found_at_what_does_not_fit(folder: Path) -> None:
    found = report(
        folder,
        "Resources:\n  A:\n    Type: AWS::DynamoDB::Table\n  B:\n    Type: AWS::DynamoDB::Table\n    Properties:\n"
        "      Tags: [{Key: team, Value: x}]\n  C:\n    Type: AWS::SNS::Topic\n",
    ).findings

    assert [(one.subject.address, one.headline, one.origin.start()) for one in found] == [
        ("A", "The table has no owner tag", "template.yaml:2:3"),
        ("B", "The table has no owner tag", "template.yaml:7:13"),
    ]


def test_a_value_that_the_deployment_gives_is_undetermined(folder: Path) -> None:
    found = report(
        folder,
        "Parameters: {K: {Type: String}}\nResources:\n  A:\n    Type: AWS::DynamoDB::Table\n    Properties:\n"
        "      Tags: [{Key: !Ref K, Value: x}]\n",
    )

    assert found.findings == ()
    assert [one.origin.start() for one in found.undetermined] == ["template.yaml:6:20"]


def test_what_holds_in_some_deployments_says_in_which(folder: Path) -> None:
    found = report(
        folder,
        "Parameters: {K: {Type: String, AllowedValues: [owner, team]}}\nResources:\n  A:\n"
        "    Type: AWS::DynamoDB::Table\n    Properties:\n      Tags: [{Key: !Ref K, Value: x}]\n",
    ).findings

    assert [one.scenario for one in found] == ["when K is team"]


def test_a_resource_that_does_not_fit_can_be_accepted(folder: Path) -> None:
    found = report(
        folder,
        "Resources:\n  A: # recoverable: accept[owner-tag-missing] shared\n    Type: AWS::DynamoDB::Table\n",
    )

    assert found.findings == ()
    assert [one.reason for one in found.accepted] == ["shared"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RULE.replace("severity: low", "severity: bad"), ["2:11: `severity` cannot be that; write high, medium, low"]),
        (RULE.replace("severity: low\n", ""), ["1:1: the rule has no `severity`; write high, medium, low or info"]),
        (RULE.replace("AWS::DynamoDB::Table", "DynamoDB"), ["1:11: `resource` cannot be that; name a type, such as"]),
        (RULE.replace("message", "mesage"), ["1:1: the rule has no `message`", "`mesage`; did you mean `message`?"]),
        (RULE.replace("required: [Tags]", "required: Tags"), ["7:13: this is no JSON Schema: 'Tags' is not of type"]),
        (RULE.replace("contains:", "contain:"), ["10:7: `contain` is not judged; did you mean `contains`?"]),
        (RULE.replace("const: owner", "$ref: '#/$defs/owner'"), ["10:43: `$ref` leads nowhere: #/$defs/owner"]),
        (RULE.replace("const: owner", "$ref: 'https://example.com/owner'"), ["10:43: `$ref` leads nowhere: https"]),
        (RULE + "severity: low\n", ["11:1: "]),
        ("- 1\n", ["1:1: a property rule is a mapping; with the keys"]),
        ("", ["1:1: "]),
        (RULE.replace("properties:\n  required", "properties: {\n  required"), ["policies/owner_tag_missing.yaml:"]),
    ],
)  # fmt: skip
def test_mistakes_are_told_at_their_line(folder: Path, text: str, said: list[str]) -> None:
    found = faults(folder, text)

    assert len(found) == len(said)
    assert all(part in fault for fault, part in zip(found, said, strict=True))


def test_a_rule_may_be_about_several_types(folder: Path) -> None:
    (folder / "owner_tag_missing.yaml").write_text(
        RULE.replace("resource: AWS::DynamoDB::Table", "resource: [AWS::DynamoDB::Table, AWS::SNS::Topic]")
    )

    found = report(
        folder, "Resources:\n  A:\n    Type: AWS::SNS::Topic\n  B:\n    Type: AWS::DynamoDB::Table\n"
    ).findings

    assert [one.subject.address for one in found] == ["A", "B"]


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("true", {"const": True}),
        (True, {"type": "string"}),
        ("5", {"type": "integer", "minimum": 5}),
        (5, {"enum": ["5"]}),
        ("0x", {"type": "string"}),
    ],
)
def test_values_are_taken_as_cloudformation_takes_them(value: object, schema: dict[str, object]) -> None:
    assert answer(value, schema) is Answer.YES


@pytest.mark.parametrize(
    ("value", "schema"),
    [("yes", {"const": True}), ("5", {"maximum": 4}), ("nan", {"type": "number"}), ("x", {"type": "integer"})],
)
def test_texts_are_taken_for_no_more_than_they_are(value: object, schema: dict[str, object]) -> None:
    assert answer(value, schema) is (Answer.YES if schema == {"maximum": 4} else Answer.NO)


@pytest.mark.parametrize(
    "schema",
    [
        {"const": 1},
        {"type": "string"},
        {"not": {"const": 1}},
        {"anyOf": [{"const": 1}, {"const": 2}]},
        {"oneOf": [{"const": 1}, {"const": 2}]},
        {"if": {"const": 1}, "then": False},
        {"properties": {"A": {"const": 1}}},
    ],
)
def test_what_is_asked_of_an_unknown_is_unknown(schema: dict[str, object]) -> None:
    assert answer(UNKNOWN, schema) is Answer.UNKNOWN


@pytest.mark.parametrize("schema", [{}, {"description": "anything"}, {"anyOf": [{"const": 1}, {}]}])
def test_a_schema_that_asks_nothing_is_fitted_by_an_unknown(schema: dict[str, object]) -> None:
    assert answer(UNKNOWN, schema) is Answer.YES


def test_a_text_with_a_hole_is_text_and_no_more_is_known_of_it() -> None:
    text = Text(("orders-", Hole("no default")))

    assert answer(text, {"type": "string"}) is Answer.YES
    assert answer(text, {"type": "object"}) is Answer.UNKNOWN
    assert answer(text, {"pattern": "^orders-"}) is Answer.UNKNOWN


def test_a_mapping_that_may_have_more_keys_misses_none_for_sure() -> None:
    open_ = Fields({"A": (PLACE, datum(1))}, "a macro may add some")

    assert answer(open_, {"required": ["A"]}) is Answer.YES
    assert answer(open_, {"required": ["B"]}) is Answer.UNKNOWN
    assert answer(open_, {"properties": {"A": {"const": 2}, "B": {"const": 1}}}) is Answer.NO
    assert answer(open_, {"additionalProperties": False}) is Answer.NO
    assert answer(open_, {"properties": {"A": True}, "additionalProperties": False}) is Answer.UNKNOWN
    assert answer(open_, {"minProperties": 2}) is Answer.UNKNOWN
    assert answer(open_, {"maxProperties": 0}) is Answer.NO


def test_a_list_that_may_have_more_items_lacks_none_for_sure() -> None:
    open_ = Items((datum(1),), "a parameter gives more")

    assert answer(open_, {"contains": {"const": 1}}) is Answer.YES
    assert answer(open_, {"contains": {"const": 2}}) is Answer.UNKNOWN
    assert answer(open_, {"items": {"const": 2}}) is Answer.NO
    assert answer(open_, {"items": {"const": 1}}) is Answer.UNKNOWN
    assert answer(open_, {"minItems": 2}) is Answer.UNKNOWN
    assert answer(open_, {"uniqueItems": True}) is Answer.UNKNOWN


def test_what_fits_two_forms_is_not_one_of_them() -> None:
    assert answer("a", {"oneOf": [{"type": "string"}, {"pattern": "a"}]}) is Answer.NO
    assert answer("a", {"oneOf": [{"type": "string"}, {"pattern": "b"}]}) is Answer.YES


def test_a_schema_that_refers_to_itself_without_end_gets_no_answer() -> None:
    assert answer(1, {"$ref": "#"}) is Answer.UNKNOWN


def test_a_schema_may_refer_to_itself_for_what_is_inside() -> None:
    schema = {"type": "object", "additionalProperties": {"$ref": "#"}}

    assert answer({"a": {"b": {}}}, schema) is Answer.YES
    assert answer({"a": {"b": 1}}, schema) is Answer.NO


#: Texts that CloudFormation takes for nothing else.
LEAVES = st.sampled_from(["a", "b", "owner", "-", ""])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
)
ASKED = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(["string", "object", "array", "boolean", "integer"])}),
    st.fixed_dictionaries({"minimum": st.integers(-3, 3)}),
    st.fixed_dictionaries({"pattern": st.sampled_from(["a", "^$", "o.n"])}),
    st.fixed_dictionaries({"minItems": st.integers(0, 3)}),
    st.fixed_dictionaries({"maxItems": st.integers(0, 3)}),
    st.fixed_dictionaries({"minProperties": st.integers(0, 3)}),
    st.fixed_dictionaries({"required": st.lists(st.sampled_from("abc"), unique=True, max_size=2)}),
    st.fixed_dictionaries({"dependentRequired": st.dictionaries(st.sampled_from("abc"), st.just(["a"]), max_size=2)}),
    st.booleans(),
)


def _schemas(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.one_of(
        st.fixed_dictionaries({"properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2)}),
        st.fixed_dictionaries(
            {"properties": st.dictionaries(st.sampled_from("ab"), inner, max_size=1), "additionalProperties": inner}
        ),
        st.fixed_dictionaries({"patternProperties": st.dictionaries(st.sampled_from(["a", "b|c"]), inner, max_size=2)}),
        st.fixed_dictionaries({"propertyNames": st.just({"pattern": "a|b"})}),
        st.fixed_dictionaries({"items": inner}),
        st.fixed_dictionaries({"prefixItems": st.lists(inner, min_size=1, max_size=2), "items": inner}),
        st.fixed_dictionaries({"contains": inner}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"oneOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"if": inner, "then": inner, "else": inner}),
    )


SCHEMAS = st.recursive(ASKED, _schemas, max_leaves=8)


@given(VALUES, SCHEMAS)
def test_of_what_is_known_it_says_what_jsonschema_says(value: object, schema: object) -> None:
    wanted = Draft202012Validator({"allOf": [schema]}).is_valid(value)

    assert answer(value, {"allOf": [schema]}) is (Answer.YES if wanted else Answer.NO)


@given(VALUES, SCHEMAS, st.data())
def test_making_a_part_unknown_never_flips_the_answer(value: object, schema: object, data: st.DataObject) -> None:
    before = answer(value, {"allOf": [schema]})

    assert answer(opened(value, data), {"allOf": [schema]}) in {before, Answer.UNKNOWN}


def opened(value: object, data: st.DataObject) -> object:
    """The value with one part of it made unknown."""
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: opened(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.booleans()):
        index = data.draw(st.integers(0, len(value) - 1))
        return [*value[:index], opened(value[index], data), *value[index + 1 :]]
    return UNKNOWN


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"), max_size=3), SCHEMAS, st.data())
def test_hiding_that_a_mapping_is_whole_never_flips_the_answer(
    value: dict[str, str], schema: object, data: st.DataObject
) -> None:
    before = answer(value, {"allOf": [schema]})
    kept = {key: inner for key, inner in value.items() if data.draw(st.booleans())}
    partly = Fields({key: (PLACE, datum(inner)) for key, inner in kept.items()}, "a macro may add some")

    assert answer(partly, {"allOf": [schema]}) in {before, Answer.UNKNOWN}
