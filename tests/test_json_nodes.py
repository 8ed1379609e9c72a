"""JSON into nodes: values, places, and errors that say what was expected."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node_samples import JSON_DATA, all_nodes, plain_data, written
from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import MalformedError, Mapping, Scalar, Sequence
from recoverable.source import Span


def refused(text: str) -> MalformedError:
    with pytest.raises(MalformedError) as caught:
        read_json(text, "t.json")
    return caught.value


@given(JSON_DATA, st.sampled_from([None, 2]), st.booleans())
def test_what_the_standard_library_writes_reads_back_equal(data: object, indent: int | None, ascii_only: bool) -> None:
    node = read_json(json.dumps(data, indent=indent, ensure_ascii=ascii_only), "t.json")

    assert plain_data(node) == data


@given(JSON_DATA, st.sampled_from([None, 2]))
def test_the_span_of_every_node_holds_its_own_text(data: object, indent: int | None) -> None:
    text = json.dumps(data, indent=indent)
    nodes = list(all_nodes(read_json(text, "t.json")))

    assert [json.loads(written(text, node.span)) for node in nodes] == [plain_data(node) for node in nodes]


@given(st.text())
def test_any_text_ends_in_a_node_or_an_error_within_it(text: str) -> None:
    try:
        read_json(text, "t.json")
    except MalformedError as error:
        written(text, error.span)


@given(st.text(alphabet='{}[],:"\\u0aé1-.eE+ tn\n\r\x00', max_size=12))
def test_what_the_standard_library_refuses_is_refused(text: str) -> None:
    try:
        json.loads(text)
    except ValueError as error:
        if not str(error).startswith("Extra data"):
            refused(text)
        return
    if text.strip(" \t\r\n") not in ("NaN", "Infinity", "-Infinity"):
        read_json(text, "t.json")


def test_columns_count_characters_and_lines_count_every_line_break() -> None:
    node = read_json('{"é😀":\r\n [1,\r2]}', "t.json")

    assert isinstance(node, Mapping)
    assert node.entries[0][0].span == Span("t.json", 1, 2, 1, 6)
    assert isinstance(node.entries[0][1], Sequence)
    assert node.entries[0][1].items[1].span == Span("t.json", 3, 1, 3, 2)


def test_strings_are_quoted_and_words_are_plain() -> None:
    node = read_json('["true", true]', "t.json")

    assert isinstance(node, Sequence)
    assert [(item.value, item.plain) for item in node.items if isinstance(item, Scalar)] == [
        ("true", False),
        (True, True),
    ]


def test_numbers_keep_their_text() -> None:
    node = read_json("1.50", "t.json")

    assert node == Scalar(1.5, Span("t.json", 1, 1, 1, 5), "1.50")


def test_half_a_surrogate_pair_becomes_the_replacement_character() -> None:
    node = read_json('"a\\ud800b\\ud83d\\ude00"', "t.json")

    assert isinstance(node, Scalar)
    assert node.value == "a\ufffdb😀"


def test_a_number_of_thousands_of_digits_is_read_without_effort() -> None:
    node = read_json("9" * 100_000, "t.json")

    assert isinstance(node, Scalar)
    assert node.value == float("inf")


def test_a_key_that_stands_twice_names_the_line_of_the_first() -> None:
    error = refused('{"a": 1,\n "b": 2,\n "a": 3}')

    assert "line 1" in error.message
    assert error.span == Span("t.json", 3, 2, 3, 5)


@pytest.mark.parametrize(
    ("text", "message", "place", "do"),
    [
        ("", "the file ends where a value", (1, 1), "cut short"),
        ('{"a": 1', 'the file ends where "," or "}" was expected; the { was opened in line 1', (1, 8), "cut short"),
        ('{"a": 1,}', '"}" where a key', (1, 9), "comma"),
        ("[1,]", '"]" where a value', (1, 4), "comma"),
        ("[1 2]", '"2" where "," or "]"', (1, 4), ""),
        ('{"a" 1}', '"1" where ":"', (1, 6), ""),
        ('{"a": "b" "c": 1}', 'a double quote where "," or "}"', (1, 11), "comma is missing"),
        ("{'a': 1}", '"\'" where a key', (1, 2), "double quotes"),
        ("{a: 1}", '"a" where a key', (1, 2), "double quotes"),
        ("[01]", '"0" where a value', (1, 2), "leading zero"),
        ("[NaN]", '"N" where a value', (1, 2), "true, false"),
        ("[1] x", "more text after the end", (1, 5), "one JSON value"),
        ("// no\n{}", '"/" where a value', (1, 1), "comments"),
        ('["a\nb"]', "not closed", (1, 2), "Close it"),
        ('["a\tb"]', "U+0009 inside of text", (1, 4), "escape"),
        ('["\\q"]', "no escape", (1, 3), "backslash"),
        ('{"a": {{ cookiecutter.x }}}', '"{" where a key', (1, 8), "template of a template"),
        ("[}", '"}" where a value', (1, 2), ""),
        ("[1}", '"}" where "," or "]"', (1, 3), ""),
    ],
)
def test_an_error_says_what_was_expected_and_what_to_do(
    text: str, message: str, place: tuple[int, int], do: str
) -> None:
    error = refused(text)

    assert message in error.message
    assert (error.span.line, error.span.column) == place
    assert do in error.do
