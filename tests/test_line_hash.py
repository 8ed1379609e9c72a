"""GitHub's fingerprint of lines: the values are those that its upload action is tested with."""

from __future__ import annotations

import pytest

from recoverable.report.line_hash import line_hashes

LINE_ENDS = ["\n\n\n", "\r\r\r", "\r\n\r\n\r\n", "\r\n\n\r"]


def test_an_empty_file_has_one_line() -> None:
    assert line_hashes("") == ["c129715d7a2bc9a3:1"]


def test_blanks_do_not_count() -> None:
    expected = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]

    assert line_hashes(" a\nb\n  \t\tc\n d") == line_hashes("a\nb\nc\nd") == expected


@pytest.mark.parametrize("ends", LINE_ENDS)
def test_all_line_ends_are_alike(ends: str) -> None:
    assert line_hashes(f" hello; \t\nworld!!!{ends}  \t\tGreetings\r End\n") == [
        "e9496ae3ebfced30:1",
        "fb7c023a8b9ccb3f:1",
        "ce8ba1a563dcdaca:1",
        "e20e36e16fcb0cc8:1",
        "b3edc88f2938467e:1",
        "c8e28b0b4002a3a0:1",
        "c129715d7a2bc9a3:1",
    ]


def test_the_same_line_again_counts_up() -> None:
    assert line_hashes("Lorem ipsum dolor sit amet.\n" * 10) == [
        *(f"a7f2ff13bc495cf2:{count}" for count in range(1, 7)),
        "a7f2ff1481e87703:1",
        "a9cf91f7bbf1862b:1",
        "55ec222b86bcae53:1",
        "cc97dc7b1d7d8f7b:1",
        "c129715d7a2bc9a3:1",
    ]


def test_characters_count_as_javascript_counts_them() -> None:
    assert line_hashes("\U0001f600") == line_hashes("\ud83d\ude00")
