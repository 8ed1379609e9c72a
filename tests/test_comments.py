"""Comments that speak to us."""

from __future__ import annotations

from recoverable.read.comments import comments
from recoverable.read.yaml_nodes import read_yaml
from recoverable.source import Span


def found(text: str) -> list[str]:
    return [comment.text for comment in comments(text, read_yaml(text, "t.yaml"))]


def test_comments_are_found_with_their_place() -> None:
    text = "a: 1  # recoverable: accept[x] because  \n"
    [comment] = comments(text, read_yaml(text, "t.yaml"))

    assert comment.text == "accept[x] because"
    assert comment.span == Span("t.yaml", 1, 7, 1, 39)


def test_only_what_is_a_comment_counts() -> None:
    text = "\n".join(
        [
            "a: 'b # recoverable: quoted'",
            "c: x#recoverable:plain",
            "d: |  # recoverable: on a block's header",
            "  # recoverable: in a block",
            "# recoverable: after a block",
            'e: "x',
            "  # recoverable: in quotes over lines",
            '  "  # recoverable: after quotes',
            "f: !Sub >-  # recoverable: on a tagged header",
            "  # recoverable: in a folded block",
            "'# recoverable: in a key': 1",
            "",
        ]
    )

    assert found(text) == [
        "on a block's header",
        "after a block",
        "after quotes",
        "on a tagged header",
    ]


def test_line_breaks_of_windows_are_no_part_of_a_comment() -> None:
    assert found("a: 1\r\n# recoverable: x\r\nb: 2\r\n") == ["x"]


def test_a_comment_for_others_is_none_of_ours() -> None:
    assert found("a: 1 # irrecoverable: x\nb: 2 # recoverable\n") == []
