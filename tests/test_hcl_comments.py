"""Comments in HCL that speak to us."""

from __future__ import annotations

from hcl_reading import cut, whole, with_problems
from recoverable.read.hcl.comments import comments
from recoverable.read.nodes import Comment


def found(text: str) -> list[Comment]:
    return list(comments(text, "main.tf", whole(text)))


def said(text: str) -> list[str]:
    return [comment.text for comment in found(text)]


def over(text: str) -> list[str | None]:
    """What each comment speaks of, up to the end of its first line."""
    return [cut(text, one.over).splitlines()[0] if one.over is not None else None for one in found(text)]


def test_all_kinds_of_comments_count() -> None:
    text = (
        "# recoverable: accept[a] one\n"
        "a = 1 // recoverable: two  \n"
        "b = 2 /* recoverable: three */\n"
        "/*\n * recoverable: four\n   recoverable: five */\n"
        "c = 3 ## recoverable accept[b] six\r\n"
        "# see below # recoverable: seven\n"
    )

    assert said(text) == ["accept[a] one", "two", "three", "four", "five", "accept[b] six", "seven"]


def test_a_comment_has_its_place() -> None:
    text = "a = 1 # see # recoverable: x \n/* recoverable: y */\n"

    assert [cut(text, comment.span) for comment in found(text)] == ["# recoverable: x", "/* recoverable: y"]


def test_only_what_is_a_comment_counts() -> None:
    text = (
        'a = "# recoverable: quoted"\n'
        "b = <<EOT\n# recoverable: in a heredoc\nEOT\n"
        'c = "${f("x # recoverable: quoted twice")}"\n'
        "# irrecoverable: x\n# not recoverable: y\n# recoverable\n"
    )

    assert said(text) == []


def test_a_comment_behind_something_speaks_of_what_begins_there() -> None:
    text = (
        'resource "t" "x" { # recoverable: 1\n'
        "  a = 1 # recoverable: 2\n"
        "  b { # recoverable: 3\n"
        "    c = 1\n"
        "  } # recoverable: 4\n"
        "} # recoverable: 5\n"
    )

    assert over(text) == [
        'resource "t" "x" { # recoverable: 1',
        "a = 1",
        "b { # recoverable: 3",
        "b { # recoverable: 3",
        'resource "t" "x" { # recoverable: 1',
    ]


def test_a_comment_behind_a_block_of_one_line_speaks_of_the_block() -> None:
    assert over("x { a = 1 } # recoverable: 1\n") == ["x { a = 1 }"]


def test_a_comment_on_its_own_line_speaks_of_the_next_thing() -> None:
    text = (
        "# recoverable: 1\n"
        "# and more\n"
        "\n"
        'resource "t" "x" {\n'
        "  # recoverable: 2\n"
        "  a = 1\n"
        "  // recoverable: 3\n"
        "  /* and\n  more */\n"
        "  b {\n"
        "    c = 1\n"
        "    # recoverable: 4\n"
        "  }\n"
        "}\n"
    )

    assert over(text) == ['resource "t" "x" {', "a = 1", "b {", "b {"]


def test_a_comment_around_which_nothing_is_speaks_of_the_file() -> None:
    assert over("a = 1\n\n# recoverable: x\n") == [None]


def test_a_comment_in_a_value_speaks_of_the_entry_or_item_there() -> None:
    text = (
        'module "t" {\n'
        "  replicas = [\n"
        "    # recoverable: 1\n"
        '    { region = "a" },\n'
        "    {\n"
        '      region = "b" # recoverable: 2\n'
        "    },\n"
        "  ]\n"
        "}\n"
    )
    [one, two] = found(text)

    assert over(text) == ['{ region = "a" }', 'region = "b"']
    assert [cut(text, each)[0] for each in (*one.lists, *two.lists)] == ["[", "["]


def test_comments_in_a_broken_file_are_found() -> None:
    text = 'a = "\n# recoverable: x\nb = 1\n'
    [comment] = comments(text, "main.tf", with_problems(text)[0])

    assert comment.over is not None
    assert cut(text, comment.over) == "b = 1"
