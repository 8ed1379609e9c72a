"""Bytes into text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverable.read.decode import decode
from recoverable.read.nodes import MalformedError
from recoverable.source import Span


def refused(data: bytes) -> MalformedError:
    with pytest.raises(MalformedError) as caught:
        decode(data, "t.yaml")
    return caught.value


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_utf_8_is_read_with_and_without_its_mark(mark: bytes) -> None:
    assert decode(mark + "é😀\n".encode(), "t.yaml") == "é😀\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf_16_and_32_are_read_by_their_mark(encoding: str) -> None:
    assert decode(("\ufeff" + "é😀\n").encode(encoding), "t.yaml") == "é😀\n"


def test_latin_1_is_refused_at_its_first_byte_that_is_no_utf_8() -> None:
    error = refused("a: é\nb: ".encode() + b"caf\xe9\nc: 1\n")

    assert "0xe9" in error.message
    assert error.span == Span("t.yaml", 2, 7, 2, 8)
    assert "UTF-8" in error.do


def test_lines_before_a_bad_byte_are_counted_as_editors_do() -> None:
    assert refused(b"a\r\nb\rc\xff").span.line == 3


def test_a_nul_is_refused_as_binary() -> None:
    error = refused(b"a: 1\nb\0")

    assert "binary" in error.message
    assert error.span == Span("t.yaml", 2, 2, 2, 3)


def test_utf_16_cut_in_the_middle_of_a_character_is_refused() -> None:
    assert "UTF-16" in refused(b"\xff\xfea\0b").message


@given(st.binary(max_size=60))
def test_any_bytes_end_in_text_or_an_error(data: bytes) -> None:
    try:
        text = decode(data, "t.yaml")
    except MalformedError as error:
        assert error.span.line >= 1 and error.span.column >= 1
    else:
        assert "\0" not in text
