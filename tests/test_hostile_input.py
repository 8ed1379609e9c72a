"""Inputs made to crash, hang or exhaust us end in a node or an error, within bounds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node_samples import written
from recoverable import content
from recoverable.files import discover
from recoverable.read import json_nodes, yaml_nodes
from recoverable.read.comments import comments
from recoverable.read.decode import decode
from recoverable.read.document import read_document
from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import MalformedError, Mapping, Node
from recoverable.read.refusals import DEPTH_LIMIT, NODE_LIMIT
from recoverable.read.sniff import concerns_us, kind, looks_like_template
from recoverable.read.yaml_nodes import read_yaml

Reader = Callable[[str, str], Node]

_TEMPLATE = """\
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  # recoverable: accept[pitr-disabled] rebuilt nightly
  Orders: &o
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${AWS::StackName}-orders"
      Tags: [{Key: a, Value: 'b c'}]
      Text: |
        one
        two
  Copy: *o
"""


def refused(reader: Reader, text: str) -> MalformedError:
    with pytest.raises(MalformedError) as caught:
        reader(text, "t")
    written(text, caught.value.span)
    return caught.value


# --- any bytes ------------------------------------------------------------------------------------------------------


def examine(data: bytes) -> None:
    """As a run does it."""
    concerns_us(data)
    looks_like_template(data)
    try:
        text = decode(data, "t")
        node = read_document(text, "t")
    except MalformedError as error:
        assert error.message and error.span.line >= 1
        return
    kind(node)
    comments(text, node)


@given(st.binary(max_size=100))
def test_any_bytes_end_in_a_node_or_an_error(data: bytes) -> None:
    examine(data)


@given(st.text(alphabet="ab:-?[]{},&*!|>'\"%@#`~<= \t\n\r\x85\u2028.0123456789", max_size=40))
def test_any_soup_of_signs_ends_in_a_node_or_an_error_within_the_text(text: str) -> None:
    for reader in (read_yaml, read_json, read_document):
        try:
            node = reader(text, "t")
        except MalformedError as error:
            written(text, error.span)
        else:
            written(text, node.span)


@given(st.integers(0, len(_TEMPLATE)))
def test_a_template_cut_off_anywhere_ends_in_a_node_or_an_error(length: int) -> None:
    examine(_TEMPLATE[:length].encode())


@given(st.integers(0, len(_TEMPLATE) - 1), st.characters(codec="utf-8"))
def test_a_template_with_one_character_changed_ends_in_a_node_or_an_error(place: int, character: str) -> None:
    examine((_TEMPLATE[:place] + character + _TEMPLATE[place + 1 :]).encode())


# --- depth ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [read_yaml, read_json, read_document])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_brackets_are_refused(reader: Reader, opening: str) -> None:
    assert f"more than {DEPTH_LIMIT} levels" in refused(reader, opening * 200_000).message


@pytest.mark.parametrize(
    "text",
    ["- " * 200_000, "? " * 200_000, "[? " * 100_000, "".join(" " * depth + "a:\n" for depth in range(2_000))],
    ids=["items", "keys", "flow keys", "indentation"],
)
def test_deep_blocks_are_refused(text: str) -> None:
    assert f"more than {DEPTH_LIMIT} levels" in refused(read_yaml, text).message


@pytest.mark.parametrize("reader", [read_yaml, read_json])
def test_nesting_up_to_the_limit_is_read(reader: Reader) -> None:
    reader("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT, "t")

    refused(reader, "[" * (DEPTH_LIMIT + 1) + "]" * (DEPTH_LIMIT + 1))


def test_depth_that_only_aliases_make_is_refused() -> None:
    text = "- &a0 [x]\n" + "".join(f"- &a{step + 1} [*a{step}]\n" for step in range(DEPTH_LIMIT))

    assert f"more than {DEPTH_LIMIT} levels" in refused(read_yaml, text).message


def test_deep_nesting_that_an_alias_puts_into_deep_nesting_is_refused() -> None:
    half = DEPTH_LIMIT // 2 + 1
    text = f"- &a {'[' * half}{']' * half}\n- {'[' * half}*a{']' * half}\n"

    assert f"more than {DEPTH_LIMIT} levels" in refused(read_yaml, text).message


# --- size -----------------------------------------------------------------------------------------------------------


def test_an_alias_bomb_is_refused() -> None:
    text = "- &a0 [x, x]\n" + "".join(f"- &a{step + 1} [{', '.join([f'*a{step}'] * 10)}]\n" for step in range(20))

    assert f"more than {NODE_LIMIT:,} values" in refused(read_yaml, text).message


def test_a_merge_bomb_is_refused() -> None:
    keys = ", ".join(f"k{number}: 1" for number in range(1_000))
    text = f"a: &a {{{keys}}}\nb:\n" + "  - <<: *a\n" * 1_000

    assert f"more than {NODE_LIMIT:,} values" in refused(read_yaml, text).message


@pytest.mark.parametrize("module", [yaml_nodes, json_nodes])
@pytest.mark.parametrize("text", ["[" + "1," * 1_001 + "1]", "[" + "[]," * 1_001 + "[]]"])
def test_more_values_than_any_template_has_are_refused(
    module: ModuleType, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "NODE_LIMIT", 1_000)
    reader = module.read_yaml if module is yaml_nodes else module.read_json

    assert f"more than {NODE_LIMIT:,} values" in refused(reader, text).message


@pytest.mark.parametrize("form", ["{}: 1\n", '"{}": 1,\n'])
def test_a_hundred_thousand_keys_are_read(form: str) -> None:
    body = "".join(form.format(f"k{number}") for number in range(100_000))
    node = read_document(body if form.endswith("1\n") else "{" + body.rstrip(",\n") + "}", "t")

    assert isinstance(node, Mapping)
    assert len(node.entries) == 100_000


def test_many_tag_directives_which_libyaml_compares_each_with_each_are_refused() -> None:
    text = "".join(f"%TAG !a{number}! x\n" for number in range(200_000)) + "--- a\n"

    assert "%TAG" in refused(read_yaml, text).message


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "x" * 4_000_000,
        '"' + "\\" * 4_000_000,
        '"' + "\\u0041" * 200_000 + '"',
        "9" * 4_000_000,
        "a: " + "1:" * 2_000_000,
        "a: '" + "\n" * 4_000_000 + "'",
        " " * 4_000_000 + "x",
        "# recoverable: x\n" * 40_000,
        "--- a\n" * 600_000,
        "a: '\x85'\n" + "- b\n" * 40_000,
    ],
    ids=["line", "backslashes", "escapes", "digits", "colons", "breaks", "blanks", "comments", "documents", "odd"],
)
def test_large_texts_of_one_kind_take_time_in_proportion(text: str) -> None:
    examine(text.encode())


def test_a_large_file_that_does_not_concern_us_is_left_alone_and_read_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large.json"
    large.write_bytes(b'{"a": "b"}, ' * 100_000)
    os.truncate(large, 50_000_001)
    sizes = []
    read = os.read

    def counting(descriptor: int, size: int) -> bytes:
        sizes.append(size)
        return read(descriptor, size)

    monkeypatch.setattr(os, "read", counting)
    found = discover([str(tmp_path)], str(tmp_path))

    assert large.stat().st_size > 50_000_000
    assert max(sizes) <= 4 * 1024 * 1024
    assert (found.files, found.faults, found.examined_count) == ((), (), 1)


def test_a_large_file_with_the_marks_of_a_template_across_two_chunks_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "_CHUNK", 5_000)
    text = b"AWSTemplateFormatVersion: 1\n#" + b" " * 4_961 + b"\nType: AWS::DynamoDB::Table\n"
    (tmp_path / "t.yaml").write_bytes(text + b"#" * content.SIZE_LIMIT)

    assert text.index(b"AWS::") < 5_000 < text.index(b"::Table")
    assert [fault.kind for fault in discover([str(tmp_path)], str(tmp_path)).faults] == ["too-large"]


def test_a_large_file_that_only_mentions_a_table_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_bytes(b'{"type": "AWS::DynamoDB::Table"}\n' + b" " * content.SIZE_LIMIT)

    assert discover([str(tmp_path)], str(tmp_path)).faults == ()
