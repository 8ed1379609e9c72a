"""Terraform's JSON syntax gives what HCL gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hcl_reading import ask, cut, shown
from recoverable.read.hcl.syntax import Template
from recoverable.read.hcl.tf_json import read_tf_json, read_tfvars_json

if TYPE_CHECKING:
    from recoverable.read.hcl.syntax import Body
    from recoverable.read.nodes import MalformedError


def read(text: str) -> tuple[Body, list[MalformedError]]:
    problems: list[MalformedError] = []
    body = read_tf_json(text, "main.tf.json", problems)
    ask(body)
    return body, problems


def whole(value: object) -> Body:
    body, problems = read(json.dumps(value))
    assert [problem.message for problem in problems] == []
    return body


def arguments(body: Body) -> dict[str, str]:
    return {name: shown(argument.expression()) for name, argument in body.arguments.items()}


def test_labels_are_keys_one_in_the_other() -> None:
    body = whole({"resource": {"t": {"x": {"a": 1}, "y": {"a": 2}}}, "locals": {"b": 3}, "variable": {"v": {}}})

    assert [(block.type, block.labels, arguments(block.body)) for block in body.blocks] == [
        ("resource", ("t", "x"), {"a": "1"}),
        ("resource", ("t", "y"), {"a": "2"}),
        ("locals", (), {"b": "3"}),
        ("variable", ("v",), {}),
    ]


def test_lists_hold_several_blocks_at_every_level() -> None:
    body = whole([{"resource": [{"t": [{"x": [{"a": 1}, {"a": 2}]}]}]}, {"provider": {"aws": [{"alias": "b"}, {}]}}])

    assert [(block.labels, arguments(block.body)) for block in body.blocks] == [
        (("t", "x"), {"a": "1"}),
        (("t", "x"), {"a": "2"}),
        (("aws",), {"alias": "<b>"}),
        (("aws",), {}),
    ]


def test_texts_are_templates_and_objects_have_templates_as_keys() -> None:
    [block] = whole({"locals": {"a": "x${b}", "c": "${d}", "e": {"${f}": ["$${g}", None, True, 1.5]}}}).blocks

    assert arguments(block.body) == {
        "a": "<x|${b}>",
        "c": "wrapped<${d}>",
        "e": "{wrapped<${f}> = [<${g}>, null, true, 1.5]}",
    }


def test_some_texts_are_references_or_types() -> None:
    body = whole(
        {
            "variable": {"v": {"type": "list(string)", "default": "list(string)"}},
            "resource": {
                "t": {
                    "x": {
                        "provider": "aws.east",
                        "depends_on": ["t.y", "module.z"],
                        "lifecycle": {"ignore_changes": ["tags"]},
                    }
                }
            },
            "module": {"m": {"providers": {"aws.b": "aws.east"}}},
            "moved": [{"from": "t.a", "to": "t.b[0]"}],
        }
    )
    variable, resource, module, moved = (block.body for block in body.blocks)

    assert arguments(variable) == {"type": "list(string)", "default": "<list(string)>"}
    assert arguments(resource) == {"provider": "aws.east", "depends_on": "[t.y, module.z]"}
    assert arguments(resource.blocks[0].body) == {"ignore_changes": "[tags]"}
    assert arguments(module) == {"providers": "{<aws.b> = aws.east}"}
    assert arguments(moved) == {"from": "t.a", "to": "t.b[0]"}


@pytest.mark.parametrize("written", [{"d": {"for_each": [1], "content": {"a": "${d.value}"}}}] * 2)
@pytest.mark.parametrize("listed", [False, True])
def test_dynamic_blocks_have_their_content(written: dict[str, object], listed: bool) -> None:
    [resource] = whole({"resource": {"t": {"x": {"dynamic": [written] if listed else written}}}}).blocks
    [dynamic] = resource.body.blocks
    [content] = dynamic.body.of_type("content")

    assert (dynamic.type, dynamic.labels, arguments(dynamic.body)) == ("dynamic", ("d",), {"for_each": "[1]"})
    assert arguments(content.body) == {"a": "wrapped<${d.value}>"}


def test_comments_are_left_out_of_blocks_only() -> None:
    body = whole({"//": "x", "locals": {"//": "y", "a": {"//": "z"}}, "resource": {"//": "w"}})

    assert [arguments(block.body) for block in body.blocks] == [{"a": "{<//> = <z>}"}]


def test_a_null_is_no_block() -> None:
    assert whole({"resource": {"t": {"x": None}}, "locals": None}).blocks == ()


def test_places_are_those_in_the_file() -> None:
    text = '{"locals": {\n  "a": "x-${var.y}",\n  "b": "\\"${var.z}"\n}}'
    [block] = read(text)[0].blocks
    plain, escaped = block.body.arguments["a"].expression(), block.body.arguments["b"].expression()
    assert isinstance(plain, Template)
    assert isinstance(escaped, Template)
    inner, hidden = plain.parts[1], escaped.parts[1]
    assert not isinstance(inner, str)
    assert not isinstance(hidden, str)

    assert cut(text, block.span) == '"locals"'
    assert cut(text, block.body.arguments["a"].span) == '"a"'
    assert cut(text, block.body.arguments["a"].value_span) == '"x-${var.y}"'
    assert cut(text, inner.span) == "var.y"
    assert cut(text, hidden.span) == '"\\"${var.z}"'


def test_a_template_that_cannot_be_read_spoils_its_argument() -> None:
    body, problems = read('{"locals": {"a": "${", "b": 1}}')

    assert [problem.message for problem in problems] == ["the value ends where a value was expected"]
    assert arguments(body.blocks[0].body)["a"].startswith("unreadable")
    assert arguments(body.blocks[0].body)["b"] == "1"


def test_a_key_that_stands_twice_leaves_its_value_open() -> None:
    body, problems = read('{"locals": {"a": true, "a": false, "b": 1}}')

    assert [problem.span.line for problem in problems] == [1]
    assert arguments(body.blocks[0].body) == {"a": "unreadable(a stands twice)", "b": "1"}


@pytest.mark.parametrize(
    ("text", "message"), [('{"locals": 1}', "what is written for locals is no object"), ("3", "the file is no object")]
)
def test_what_is_no_object_is_told(text: str, message: str) -> None:
    body, problems = read(text)

    assert [problem.message for problem in problems] == [message]
    assert body.blocks == ()


def test_what_is_no_json_leaves_the_file_open() -> None:
    body, problems = read('{"locals": ')

    assert len(problems) == 1
    assert body.open == "main.tf.json cannot be read"


def test_values_for_variables_are_no_templates() -> None:
    problems: list[MalformedError] = []
    body = read_tfvars_json('{"a": "${b}", "c": {"d": ["%{e}"]}, "//": "x"}', "a.tfvars.json", problems)

    assert arguments(body) == {"a": "<${b}>", "c": "{<d> = [<%{e}>]}", "//": "<x>"}
    assert problems == []
