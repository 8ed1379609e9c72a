"""Which files concern us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverable.read.document import read_document
from recoverable.read.nodes import MalformedError
from recoverable.read.sniff import MARKERS, concerns_us, kind, looks_like_template


@pytest.mark.parametrize("marker", MARKERS)
def test_every_marker_is_seen(marker: bytes) -> None:
    assert concerns_us(b"Type: " + marker + b"::X\n")


@pytest.mark.parametrize(
    "data",
    [
        b'{"Type": "AWS\\u003a:DynamoDB::Table"}',
        b'{"Type": "\\u0041WS::DynamoDB::Table"}',
        b'Type: "\\x41WS::DynamoDB::Table"\n',
        b'Type: "\\U00000041WS::DynamoDB::Table"\n',
        b'Type: "AWS::Dynamo\\\n  DB::Table"\n',
        b'Type: "AWS::Dynamo\\\r\n  DB::Table"\n',
    ],
)
def test_escapes_hide_no_marker(data: bytes) -> None:
    assert concerns_us(data)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_wide_encodings_hide_no_marker(encoding: str) -> None:
    assert concerns_us("Resources: {T: {Type: AWS::DynamoDB::Table}}".encode(encoding))


def test_a_transform_of_ones_own_concerns_us_whatever_the_template_holds() -> None:
    assert concerns_us(b"Transform: Our::Tables\nResources:\n  Orders: {Type: Our::Thing}\n")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"on: push\njobs: {}\n",
        b'{"name": "x", "path": "C:\\\\x\\\\u00"}',
        b"Resources: {B: {Type: AWS::S3::Bucket}}",
        b"\xff\xfe",
    ],
)
def test_what_says_nothing_of_tables_does_not_concern_us(data: bytes) -> None:
    assert not concerns_us(data)


@given(st.binary(), st.sampled_from(MARKERS), st.binary())
def test_a_marker_is_seen_among_any_bytes(before: bytes, marker: bytes, after: bytes) -> None:
    assert concerns_us(b"# " + before + marker + after)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AWSTemplateFormatVersion: '2010-09-09'\n", "cloudformation"),
        ("Resources: {T: {Type: AWS::DynamoDB::Table}}", "cloudformation"),
        ("Resources: {T: {Type: 'Custom::Thing'}}", "cloudformation"),
        ("Resources: {T: {Type: Acme::Net::Vpc::MODULE}}", "cloudformation"),
        ("Resources: {'Fn::ForEach::Tables': [x, [a], {}]}", "cloudformation"),
        ("Transform: Macro\nResources: {T: {Kind: x}}", "cloudformation"),
        ("service: x\nresources: {Resources: {T: {Type: AWS::DynamoDB::Table}}}", "serverless"),
        ("service: x\nresources: [{Resources: {T: {Type: AWS::DynamoDB::Table}}}, x]", "serverless"),
        ("Resources: {limits: {cpu: 1}}", None),
        ("Resources: [1]", None),
        ("Transform: x", None),
        ("resources: {limits: {cpu: 1}}", None),
        ("on: push", None),
        ("- AWSTemplateFormatVersion", None),
        ("", None),
    ],
)
def test_a_document_is_recognised_by_its_content(text: str, expected: str | None) -> None:
    assert kind(read_document(text, "t")) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n  {{ more }}\n",
        b"Resources:\r\n  T:\r\n    Type: 'AWS::DynamoDB::Table'\r\n\tx",
        b'{"Resources":{"T":{"Type":"AWS::DynamoDB::Table"',
        b'{\n  "Resources": {\n    "T": {\n      "Type": "Custom::Thing",,',
        b"\xef\xbb\xbfAWSTemplateFormatVersion: 2010-09-09\n\tx",
        "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n  {".encode("utf-16"),
    ],
)
def test_a_broken_template_is_known_for_one(data: bytes) -> None:
    assert looks_like_template(data)


@pytest.mark.parametrize(
    "data",
    [
        b"# Resources:\n#   Type: AWS::DynamoDB::Table\n{{ x }}",
        b"data:\n  template: |\n    Resources:\n      T:\n        Type: AWS::DynamoDB::Table\n{{ x }}",
        b"run: grep AWS::DynamoDB::Table {{ x }}",
        b'{"resources": [{"type": "AWS::DynamoDB::Table"}',
    ],
)
def test_a_broken_file_that_only_quotes_a_template_is_not_one(data: bytes) -> None:
    assert not looks_like_template(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at_without_an_error(data: bytes) -> None:
    concerns_us(data)
    looks_like_template(data)


def test_yaml_in_braces_is_read_as_yaml() -> None:
    assert kind(read_document("{Resources: {T: {Type: !X AWS::DynamoDB::Table}}}", "t.json")) == "cloudformation"


def test_text_that_is_neither_is_answered_as_json_if_it_begins_so() -> None:
    with pytest.raises(MalformedError, match="double quotes"):
        read_document("{a: [}", "t")


def test_a_key_that_stands_twice_in_json_is_not_tried_again_as_yaml() -> None:
    with pytest.raises(MalformedError, match="stands twice"):
        read_document('{"a": 1, "a": 2}', "t")


def test_a_broken_template_in_braces_without_quotes_was_meant_to_be_one() -> None:
    assert looks_like_template(b"Resources:\n  Orders: {Type: AWS::DynamoDB::Table\n")
