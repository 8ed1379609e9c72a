"""A mistake in one place of a template is reported, and the rest of it is read all the same."""

from __future__ import annotations

import pytest

from recoverable.read.document import read_document
from recoverable.read.mending import AMBIGUOUS, without_placeholders
from recoverable.read.nodes import MalformedError, Mapping, Node, Scalar
from recoverable.templates import Templates
from recoverable.value import Known, Unknown

TABLE = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: true
"""


def read(text: str) -> tuple[Node, list[MalformedError]]:
    problems: list[MalformedError] = []
    return read_document(text, "t.yaml", problems), problems


def below(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        assert isinstance(node, Mapping)
        node = node.get(key)
    return node


def tables(text: str) -> tuple[Templates, dict[str, Known[bool] | Unknown]]:
    templates = Templates(lambda _: None)
    templates.add("t.yaml", text.encode())
    reading = templates.reading(lambda _: {})
    found = {
        variant.item.subject.address: variant.item.pitr.state
        for entry in reading.tables
        for variant in entry.variants
        if variant.item is not None
    }
    return templates, found


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\nc: 4\n", '{"a": 1, "b": 2, "a": 3, "c": 4}'], ids=["yaml", "json"])
def test_a_key_that_stands_twice_is_reported_and_the_others_are_read(text: str) -> None:
    root, problems = read(text)
    node = below(root, "a")

    assert [problem.message for problem in problems] == [
        "the key 'a' stands twice in one mapping; the first is in line 1"
    ]
    assert isinstance(node, Scalar)
    assert node.tag == AMBIGUOUS
    assert isinstance(below(root, "c"), Scalar)


def test_a_key_that_stands_twice_with_the_same_value_keeps_it() -> None:
    root, problems = read("a: 1\na: 1\n")
    node = below(root, "a")

    assert len(problems) == 1
    assert isinstance(node, Scalar)
    assert node.value == 1


def test_a_section_that_stands_twice_becomes_one() -> None:
    root, problems = read("Resources:\n  A: 1\nResources:\n  B: 2\n")

    assert len(problems) == 1
    assert below(root, "Resources", "A") is not None
    assert below(root, "Resources", "B") is not None


def test_without_a_list_for_problems_the_first_is_raised() -> None:
    with pytest.raises(MalformedError, match="stands twice"):
        read_document("a: 1\na: 2\n", "t.yaml")


def test_a_table_beside_a_repeated_key_is_found_and_the_file_is_an_error() -> None:
    templates, found = tables("Description: one\nDescription: two\n" + TABLE)

    assert list(found) == ["Orders"]
    assert [fault.kind for fault in templates.faults] == ["unparsable"]


def test_a_setting_that_stands_twice_with_two_values_is_unknown() -> None:
    _, found = tables(TABLE + "        PointInTimeRecoveryEnabled: false\n")

    assert isinstance(found["Orders"], Unknown)
    assert "stands twice" in found["Orders"].reason


def test_placeholders_become_as_many_other_characters() -> None:
    text = "a: {{ one }}\n{% if two %}\nb: <%= three %>\n{# four #}\n"

    plain = without_placeholders(text)

    assert len(plain) == len(text)
    assert [len(line) for line in plain.splitlines()] == [len(line) for line in text.splitlines()]
    assert not set(plain) & set("{}%#<>")


def test_the_tables_of_a_template_of_a_template_are_found_where_they_stand() -> None:
    templates, found = tables(
        "Description:\n  {{ cookiecutter.name }}\n{%- if cookiecutter.db %}\n" + TABLE + "{%- endif %}\n"
    )

    assert list(found) == ["Orders"]
    assert [(fault.kind, fault.do.split(":")[0]) for fault in templates.faults] == [
        ("unparsable", "This looks like a template of a template")
    ]


def test_what_a_placeholder_fills_in_is_unknown() -> None:
    _, found = tables(TABLE.replace("true", "{{ cookiecutter.pitr }}") + "{% raw %}\n")

    assert isinstance(found["Orders"], Unknown)
    assert found["Orders"].reason == "another template language fills it in"


def test_what_is_broken_apart_from_placeholders_stays_an_error() -> None:
    with pytest.raises(MalformedError) as caught:
        read("a: {{ one }}\nb: [1\n")

    assert caught.value.span.path == "t.yaml"
