"""HCL made to crash, hang or exhaust us ends in syntax or errors, within bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcl_reading import with_problems
from recoverable.read.hcl.comments import comments
from recoverable.read.hcl.parse import parse_expression, parse_template
from recoverable.read.nodes import MalformedError
from recoverable.read.refusals import DEPTH_LIMIT
from recoverable.source import Span

#: Each is repeated; what takes more than linear time would not come back.
PIECES = [
    '"', "${", '"${', "%{ if a }", '"%{ for a in b }', "\\", "$", "$$", "%", "[", "(", "{", "]", "}", " ", "\t", "\r",
    "\n", "-", "!", "a.", "a[", "a ? ", "a ? b : ", "a || ", "a + ", "f(", "a::", ".*", "[*]", "a,", "a=",
    "1.", "1e", "9", "'",
    "[for a in ", "{for a in b : ", "{a = ", "<<A\n", "<<A\n${", "<", "~}", "/", "/*", "/* */", "#", "#\n", "é",
    "\u201c", "a {\n", "a {", "a {}\n", 'a "b" ', 'a "', "a = [\n", "a = {\n", 'a = "\n', 'a = "${\n', "a = <<A\n",
    "a = <<A\nA\n",
    'resource "a" "b" {\n', 'resource "a" "b" {\n}}\n', "# recoverable: accept[a] b\n", "/* recoverable: a */",
]  # fmt: skip


@pytest.mark.parametrize("before", ["", "a = ", 'resource "a" "b" {\n  c = '])
@pytest.mark.parametrize("piece", PIECES)
def test_what_is_repeated_takes_linear_time(piece: str, before: str) -> None:
    text = before + piece * (12_000 // len(piece))
    body, problems = with_problems(text)

    comments(text, "main.tf", body)
    assert len(problems) < 12_000


@pytest.mark.parametrize("piece", PIECES)
def test_expressions_and_templates_of_repeated_pieces_end(piece: str) -> None:
    for read in (parse_expression, parse_template):
        try:
            read(piece * (40_000 // len(piece)), "main.tf")
        except MalformedError as error:
            assert error.span.path == "main.tf"


@pytest.mark.parametrize(
    ("opening", "inner", "closing"),
    [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("f(", "", ")"),
        ("{ a = ", "1", " }"),
        ("-", "1", ""),
        ("!", "a", ""),
        ("a[", "0", "]"),
        ("a ? b : ", "c", ""),
        ("a ? ", "b", " : c"),
        ("[for a in ", "b", " : a]"),
        ('"${', "a", '}"'),
        ('"%{ if a }${', "a", '}%{ endif }"'),
        ("a + ", "b", ""),
        ("", "a", ".b"),
        ("", "a", "[0]"),
        ("", "a", "[*].b"),
        ("", "a", " || b"),
    ],
)
def test_depth_is_bounded(opening: str, inner: str, closing: str) -> None:
    def nested(depth: int) -> str:
        return opening * depth + inner + closing * depth

    parse_expression(nested(DEPTH_LIMIT // 3), "main.tf")

    with pytest.raises(MalformedError, match=r"nested more than 100 levels deep"):
        parse_expression(nested(DEPTH_LIMIT + 1), "main.tf")


def test_depth_is_that_of_the_tree_not_of_the_brackets() -> None:
    text = "1"
    for _ in range(5):
        text = f"({text}{' + 1' * 30})"

    with pytest.raises(MalformedError, match=r"nested more than 100 levels deep"):
        parse_expression(text, "main.tf")


def test_blocks_are_nested_no_deeper_than_expressions() -> None:
    def nested(depth: int) -> str:
        return "a {\n" * depth + "}\n" * depth

    assert not with_problems(nested(DEPTH_LIMIT))[1]
    assert [problem.message for problem in with_problems(nested(DEPTH_LIMIT + 1))[1]] == [
        "blocks are nested more than 100 levels deep"
    ]


def _well_placed(text: str, span: Span) -> bool:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return (
        1 <= span.line <= span.end_line <= len(lines)
        and span.column >= 1
        and (span.line, span.column) <= (span.end_line, span.end_column)
        and span.end_column <= len(lines[span.end_line - 1]) + 2
    )


WORDS = st.sampled_from(
    [
        *PIECES,
        "a",
        "b = 1\n",
        "=",
        ":",
        "?",
        ",",
        "A\n",
        "x",
        "resource",
        "\n",
        "${a}",
        "%{ endif }",
        "*/",
        "'",
        "::",
        "...",
    ]
)


@given(st.lists(WORDS, max_size=30).map("".join) | st.text(max_size=80))
def test_any_text_is_read_and_every_problem_has_a_place(text: str) -> None:
    body, problems = with_problems(text)

    comments(text, "main.tf", body)
    assert all(_well_placed(text.removeprefix("\ufeff"), problem.span) for problem in problems)


@given(st.lists(WORDS, max_size=20).map("".join) | st.text(max_size=60))
def test_any_text_is_an_expression_and_a_template_or_an_error(text: str) -> None:
    for read in (parse_expression, parse_template):
        try:
            read(text, "main.tf")
        except MalformedError as error:
            assert _well_placed(text, error.span)
