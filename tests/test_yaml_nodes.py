"""YAML into nodes: values as CloudFormation reads them, places, and errors that help."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from node_samples import JSON_DATA, all_nodes, plain_data, written
from recoverable.read import yaml_nodes
from recoverable.read.nodes import MalformedError, Mapping, Node, Scalar, Sequence
from recoverable.read.yaml_nodes import read_yaml
from recoverable.read.yaml_parser import pure_parser
from recoverable.source import Span


@pytest.fixture(params=["libyaml", "pure"], autouse=True)
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure":
        monkeypatch.setattr(yaml_nodes, "Parser", pure_parser())


def read(text: str) -> Node:
    return read_yaml(text, "t.yaml")


def refused(text: str) -> MalformedError:
    with pytest.raises(MalformedError) as caught:
        read(text)
    written(text, caught.value.span)
    return caught.value


def at(node: Node, *steps: str | int) -> Node:
    for step in steps:
        if isinstance(node, Mapping) and isinstance(step, str):
            found = node.get(step)
            assert found is not None, step
            node = found
        else:
            assert isinstance(node, Sequence) and isinstance(step, int)
            node = node.items[step]
    return node


class AsText(yaml.SafeLoader):
    """PyYAML's safe loader, but for dates, which CloudFormation keeps as text."""


AsText.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


# --- values ---------------------------------------------------------------------------------------------------------


@given(JSON_DATA)
def test_json_reads_as_yaml_with_the_same_values(data: object) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=False)
    try:
        expected = yaml.load(text, Loader=AsText)
    except yaml.YAMLError:
        refused(text)
        return

    assert plain_data(read(text)) == expected


@given(JSON_DATA, st.booleans(), st.sampled_from([None, "'", '"', "|", ">"]))
def test_what_pyyaml_writes_reads_back_as_pyyaml_reads_it(data: object, flow: bool, style: str | None) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, default_style=style, allow_unicode=True)
    expected = yaml.load(text, Loader=AsText)

    assert plain_data(read(text)) == expected


@given(st.from_regex(r"[-+]?[0-9._:xbeE~nulyotrsfINaA]{1,8}", fullmatch=True))
def test_a_plain_scalar_means_what_pyyaml_says(word: str) -> None:
    text = f"- {word}\n"
    try:
        [expected] = yaml.load(text, Loader=AsText)
    except (yaml.YAMLError, ValueError):
        return
    assume(not isinstance(expected, dict))
    value = plain_data(at(read(text), 0))

    assert type(value) is type(expected)
    assert value == expected or (value != value and expected != expected)  # noqa: PLR0124


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("yes", True),
        ("Off", False),
        ("y", "y"),
        ("014", 12),
        ("0x1F", 31),
        ("1_000", 1000),
        ("12:30:45", 45045),
        ("1:30.5", 90.5),
        ("0o14", "0o14"),
        ("1e3", "1e3"),
        ("1.5e+3", 1500.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("~", None),
        ("2010-09-09", "2010-09-09"),
        ("012345678901", "012345678901"),
        ("9" * 101, "9" * 101),
        ("'true'", "true"),
        ('"014"', "014"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!float 1", 1.0),
        ("!!bool 'no'", False),
        ("!!null ''", None),
        ("! 12", "12"),
        ("!Ref 12", "12"),
    ],
)
def test_a_scalar_means_what_yaml_1_1_says(word: str, value: object) -> None:
    node = at(read(f"a: {word}\n"), "a")

    assert isinstance(node, Scalar)
    assert (type(node.value), node.value) == (type(value), value)


@pytest.mark.parametrize(
    ("word", "tag"), [("!Ref x", "!Ref"), ("!!binary eA==", "!!binary"), ("!!str x", ""), ("!<!Sub> x", "!Sub")]
)
def test_tags_of_ones_own_are_kept_and_standard_ones_applied(word: str, tag: str) -> None:
    assert at(read(f"a: {word}\n"), "a").tag == tag


def test_lists_and_mappings_keep_their_tags() -> None:
    node = read("a: !If [x, !!map {b: 1}, !Transform {c: 2}]\n")

    assert [at(node, "a").tag, at(node, "a", 1).tag, at(node, "a", 2).tag] == ["!If", "", "!Transform"]


def test_a_value_that_is_not_what_its_tag_says_is_refused() -> None:
    assert refused("a: !!int twelve\n").span == Span("t.yaml", 1, 4, 1, 16)


def test_keys_that_are_no_text_keep_their_text() -> None:
    node = read("1: a\ntrue: b\n~: c\n")

    assert isinstance(node, Mapping)
    assert [key.text for key, _ in node.entries] == ["1", "true", "~"]


# --- anchors, aliases, merges ---------------------------------------------------------------------------------------


def test_an_alias_shares_the_node_with_its_place() -> None:
    node = read("a: &x [1]\nb: *x\n")

    assert at(node, "b") is at(node, "a")


def test_the_mapping_around_an_alias_ends_at_the_alias() -> None:
    node = read("a: &x [1]\nb:\n  c: *x\nd: 1\n")

    assert at(node, "b").span == Span("t.yaml", 3, 3, 3, 8)


def test_merged_entries_stand_in_the_place_of_the_merge_and_own_keys_win() -> None:
    node = at(read("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  w: 0\n  <<: [*a, *b]\n  z: 5\n"), "c")

    assert isinstance(node, Mapping)
    assert [(key.text, plain_data(value)) for key, value in node.entries] == [("w", 0), ("x", 1), ("y", 2), ("z", 5)]


def test_a_quoted_merge_key_is_a_key() -> None:
    assert plain_data(read("'<<': {a: 1}\n")) == {"<<": {"a": 1}}


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: *x\n", "no anchor &x", 1),
        ("a: &x\n  b: *x\n", "inside of what &x names", 2),
        ("a:\n  <<: 1\n", "mappings only", 2),
    ],
)
def test_an_alias_or_merge_that_cannot_be_is_refused(text: str, message: str, line: int) -> None:
    error = refused(text)

    assert message in error.message
    assert error.span.line == line


@pytest.mark.parametrize(("value", "mark"), [("*", "*"), ("* # all", "*"), ("&", "&")])
def test_a_bare_star_is_to_be_quoted(value: str, mark: str) -> None:
    error = refused(f"Effect: Allow\nAction: {value}\nResource: x\n")

    assert error.message == f'a "{mark}" with no name behind it'
    assert error.do == f'Put the value in quotes: bare, "{mark}" begins a reference.'
    assert error.span.line == 2


# --- places ---------------------------------------------------------------------------------------------------------


def test_places_are_those_of_an_editor() -> None:
    text = "\n".join(
        [
            "# é",
            "Orders:   # a comment",
            "  Type: !Ref  Kind",
            "  Tags:",
            "    - Key: 'a b'",
            "      Value:",
            "    - [x, y]  # after",
            "",
            "  # between",
            "Text: |",
            "  one",
            "  two",
            "",
            "Next: é !x",
            "",
        ]
    )
    node = read(text)

    assert written(text, at(node, "Orders").span).endswith("- [x, y]")
    assert written(text, at(node, "Orders", "Type").span) == "!Ref  Kind"
    assert written(text, at(node, "Orders", "Tags", 0).span) == "Key: 'a b'\n      Value:"
    assert written(text, at(node, "Orders", "Tags", 0, "Key").span) == "'a b'"
    assert written(text, at(node, "Text").span) == "|\n  one\n  two"
    assert written(text, at(node, "Next").span) == "é !x"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_breaks_of_every_kind_count_once(ending: str) -> None:
    text = f"a: 1{ending}b:{ending}  - 'x{ending}    y'{ending}c: |{ending}  z{ending}{ending}d: 3{ending}"

    assert at(read(text), "d").span == Span("t.yaml", 8, 4, 8, 5)
    assert written(text, at(read(text), "b").span) == "- 'x\n    y'"
    assert written(text, at(read(text), "c").span) == "|\n  z"


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_separators_that_editors_do_not_break_at_count_as_characters(separator: str) -> None:
    text = f"a: 'x{separator}y'\nb: |\n  z{separator}\nc: 1\n"

    assert at(read(text), "a").span == Span("t.yaml", 1, 4, 1, 9)
    assert at(read(text), "b").span.end_line == 3
    assert at(read(text), "c").span == Span("t.yaml", 4, 4, 4, 5)


@given(JSON_DATA, st.booleans())
def test_the_text_under_a_plain_or_quoted_scalar_is_that_scalar(data: object, flow: bool) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True, width=10_000)
    scalars = [node for node in all_nodes(read(text)) if isinstance(node, Scalar)]

    assert [yaml.load(written(text, node.span) or "''", Loader=AsText) for node in scalars if node.text] == [
        node.value for node in scalars if node.text
    ]


@given(JSON_DATA, st.booleans())
def test_the_span_of_every_node_lies_within_that_of_its_parent(data: object, flow: bool) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True)
    for node in all_nodes(read(text)):
        written(text, node.span)
        for child in list(all_nodes(node))[1:]:
            assert node.span[1:3] <= child.span[1:3]
            assert child.span[3:] <= node.span[3:]


# --- documents ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "---\n...\n"])
def test_a_text_without_a_document_is_an_empty_scalar(text: str) -> None:
    node = read(text)

    assert isinstance(node, Scalar)
    assert node.value is None


@pytest.mark.parametrize("text", ["a: 1\n---\n", "a: 1\n...\n", "---\na: 1\n---\n# end\n...\n", "---\n---\na: 1\n"])
def test_empty_documents_beside_the_one_are_ignored(text: str) -> None:
    assert plain_data(read(text)) == {"a": 1}


def test_a_second_document_is_refused_at_its_line() -> None:
    error = refused("a: 1\n---\nb: 2\n")

    assert error.span == Span("t.yaml", 2, 1, 2, 4)


# --- errors ---------------------------------------------------------------------------------------------------------


def test_a_key_that_stands_twice_names_the_line_of_the_first() -> None:
    error = refused("a: 1\nb: 2\n'a': 3\n")

    assert "line 1" in error.message
    assert error.span == Span("t.yaml", 3, 1, 3, 4)


@pytest.mark.parametrize(
    ("text", "message", "line", "do"),
    [
        ("a:\n\tb: 1\n", "tab", 2, "spaces"),
        ("a: 1\nb: 'x\nc: 2\n", "never closed", 2, "Close it"),
        ("a: @x\n", 'start with "@"', 1, "quotes"),
        ("a: b: c\n", '":"', 1, "Quote"),
        ("a: 1\n  b: 2\n", '":"', 2, "indentation"),
        ("a:\n  - b\n c: 1\n", "does not continue", 3, "indentation"),
        ("a: [1, 2\nb: 3\n", "", 2, "bracket"),
        ('a: "\\q"\n', "escape", 1, "backslash"),
        ("a: \x07\n", "U+0007", 1, "Remove"),
        ("a: 1\nb: \ud800\n", "U+D800", 2, "Remove"),
        ("a:\n  {{ cookiecutter.x }}: 1\n", "mapping stands where a key", 2, "template of a template"),
        ("a: 1\n{% if x %}\nb: 2\n{% endif %}\n", "", 2, "template of a template"),
        ("? [a]\n: b\n", "list stands where a key", 1, "single value"),
    ],
)
def test_an_error_names_the_place_and_what_to_do(text: str, message: str, line: int, do: str) -> None:
    error = refused(text)

    assert message in error.message
    assert error.span.line == line
    assert do in error.do


# --- the parser -----------------------------------------------------------------------------------------------------

_LEAN = """
import sys
from recoverable.read.yaml_nodes import read_yaml
read_yaml("a: [1]", "t.yaml")
assert "yaml.constructor" not in sys.modules, "the whole of PyYAML was imported"
import yaml
assert yaml.safe_load("a: 1") == {"a": 1}
assert yaml.load("a: 1", Loader=yaml.CSafeLoader) == {"a": 1}
try:
    yaml.load("a: [", Loader=yaml.CSafeLoader)
except yaml.YAMLError:
    print("fine")
"""


def test_pyyaml_works_in_full_after_only_its_parser_was_imported() -> None:
    if not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", _LEAN],
        env={"PYTHONPATH": yaml_nodes.__file__.partition("recoverable")[0]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.stdout, ran.stderr) == ("fine\n", "")
