"""Broken HCL: what is wrong is told at its line, and everything around it is read."""

from __future__ import annotations

import pytest

from hcl_reading import cut, shown, told, with_problems
from recoverable.read.hcl.later import Later
from recoverable.read.hcl.places import Places
from recoverable.read.hcl.syntax import Unreadable
from recoverable.read.nodes import MalformedError

BEFORE = 'resource "aws_vault" "before" {\n  name = "a"\n}\n'
AFTER = 'resource "aws_vault" "after" {\n  name = "b"\n}\n'


@pytest.mark.parametrize(
    ("broken", "line", "message"),
    [
        ('resource "t" "x" {\n  name = "c"\n', 4, 'the block "resource" is not closed'),
        ('resource "t" "x" {\n  a {\n    b = 1\n}\n', 4, 'the block "resource" is not closed'),
        ('resource "t" "x" {\n  a {\n  }\n  }\n  b = 1\n}\n', 9, '"}" closes nothing'),
        ('resource "t" "x" {\n  tags = {\n    a = 1\n}\n', 4, 'the block "resource" is not closed'),
        (
            'resource "t" "x" {\n  tags = {\n    a = (1\n}\n}\n',
            7,
            '"}" where ")" at the end of this parenthesis was expected',
        ),
        ('resource "t" "x" {\n  a = [1, 2\n}\n', 6, '"}" where "]" at the end of the list, or a comma was expected'),
        ('resource "t" "x" {\n  a = f(1,\n}\n', 6, '"}" where a value was expected'),
        ('resource "t" "x" {\n  a = <<EOT\nb\n}\n', 5, "this heredoc is not closed by a line EOT"),
        ('resource "t" "x" {\n  /* a = 1\n}\n', 5, "this comment is not closed"),
        ('resource "t" "x" {\n  a = "${b"\n}\n', 5, 'a text where "}" was expected; the ${ is in line 5'),
    ],
)
def test_brackets_that_do_not_fit_spoil_their_block_only(broken: str, line: int, message: str) -> None:
    body, problems = with_problems(BEFORE + broken + AFTER)
    names = {block.labels[1]: block.body for block in body.blocks}

    assert (problems[0].span.line, problems[0].message) == (line, message)
    assert list(names) == ["before", "x", "after"]
    assert shown(names["before"].arguments["name"].expression()) == "<a>"
    assert shown(names["after"].arguments["name"].expression()) == "<b>"
    assert not names["before"].open
    assert not names["after"].open
    assert not body.open


def test_a_block_whose_brackets_do_not_fit_may_hold_anything() -> None:
    body, _ = with_problems('resource "t" "x" {\n  a {\n  b = 1\n}\n' + AFTER)
    [broken, _] = body.blocks

    assert broken.body.open
    assert broken.body.arguments == {}
    assert broken.body.blocks == ()


def test_only_blocks_that_go_wrong_are_given_up() -> None:
    text = "".join(f'resource "t" "x{number}" {{\n  a = {"[" if number % 2 else "1"}\n}}\n' for number in range(6))
    body, problems = with_problems(text)

    assert [bool(block.body.open) for block in body.blocks] == [False, True] * 3
    assert [problem.span.line for problem in problems] == [6, 12, 18]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("enabled true", "neither an argument nor a block: 'enabled'"),
        ("enabled: true", "neither an argument nor a block: 'enabled'"),
        ("enabled", "neither an argument nor a block: 'enabled'"),
        ('"enabled" = true', "the name of an argument stands in quotes"),
        ("= true", "the name of an argument or block was expected"),
        ("1 = true", "the name of an argument or block was expected"),
        ('tags "${var.a}" { x = 1 }', "a template in the label of a block"),
        ("a = 1, enabled = true", '"," after an argument'),
        ("a = 1 enabled = true", '"=" in the middle of a value'),
        ("a = 1 tags { enabled = true }", "a block begins in the middle of a line"),
        ("\u201cenabled\u201d = true", "'\u201cenabled\u201d' is no name"),
    ],
)
def test_what_is_no_argument_leaves_its_body_open_and_the_rest_read(line: str, message: str) -> None:
    body, problems = with_problems(f"r {{\n  b = 1\n  x {{\n    {line}\n    c = 2\n  }}\n  d = 3\n}}\n{AFTER}")
    [block, after] = body.blocks
    [inner] = block.body.of_type("x")

    assert (problems[0].span.line, problems[0].message) == (4, message)
    assert inner.body.open == "main.tf: line 4 cannot be read"
    assert "c" in inner.body.arguments
    assert list(block.body.arguments) == ["b", "d"]
    assert not block.body.open
    assert after.labels == ("aws_vault", "after")


def test_a_wrong_expression_spoils_its_argument_only() -> None:
    text = "r {\n  a = 1 +\n  b = 2\n  c = [1 2]\n  d = f(1))]\n  e = f(1]\n}\n"
    body, problems = with_problems(text)
    arguments = body.blocks[0].body.arguments
    wrong = arguments["c"].expression()

    assert [(problem.span.line, problem.span.column) for problem in problems] == [
        (2, 10),
        (4, 10),
        (5, 11),
        (6, 10),
    ]
    assert isinstance(arguments["a"].expression(), Unreadable)
    assert isinstance(wrong, Unreadable)
    assert cut(text, wrong.span) == "[1 2]"
    assert shown(arguments["b"].expression()) == "2"
    assert not body.blocks[0].body.open


def test_a_block_within_a_value_is_told_what_it_needs() -> None:
    _, problems = with_problems(
        'data "aws_iam_policy_document" "p" {\n  statement = {\n    condition {\n    }\n  }\n}\n'
    )

    assert [(problem.span.line, problem.message) for problem in problems] == [
        (3, '"{" where "=" behind the key was expected')
    ]
    assert problems[0].do.startswith("Within a value this needs a =; if it is to be a block, so is what it stands in")


def test_what_was_told_of_a_file_is_told_once_when_its_brackets_do_not_fit() -> None:
    assert told("locals {\n  a = [1 2]\n  a = 3\n}\nlocals {\n") == [
        (2, '"2" where "]" at the end of the list, or a comma was expected'),
        (3, "the argument 'a' stands twice in one block; the first is in line 2"),
        (5, 'the block "locals" is not closed'),
    ]


def test_the_problem_of_an_expression_is_told_once() -> None:
    body, problems = with_problems("a = [1 2]\n")
    body.arguments["a"].expression()

    assert len(problems) == 1


def test_a_text_that_is_not_closed_ends_with_its_line() -> None:
    body, problems = with_problems('r {\n  a = "x\n  b = { c = "y\n    d = 1\n  }\n  e = 2\n}\n')
    arguments = body.blocks[0].body.arguments

    assert [problem.span.line for problem in problems] == [2, 3]
    assert list(arguments) == ["a", "b", "e"]


def test_an_argument_that_stands_twice_is_neither() -> None:
    body, problems = with_problems("r {\n  a = 1\n  a = 2\n}\n")
    doubtful = body.blocks[0].body.arguments["a"].expression()

    assert [(problem.span.line, problem.message) for problem in problems] == [
        (3, "the argument 'a' stands twice in one block; the first is in line 2")
    ]
    assert doubtful == Unreadable("it stands twice, in lines 2 and 3", doubtful.span)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('r "a"\n{\n}\n', 1, "neither an argument nor a block: 'r'"),
        ("r {\n  a = 1 }\n", 2, "a line break is missing after this argument"),
        ("r {\n  s {\n  } }\n", 3, "a line break is missing after this block"),
        ("r {} s {}\n", 1, "a line break is missing after this block"),
        ("r { s {} }\n", 1, 'the block "s" stands in a block of one line'),
        (
            "r { a = 1\n}\n",
            1,
            '"}" was expected: the block "r" of one line holds one argument and ends on that line',
        ),
        ("a = [1,\r2]\n", 1, "the character U+000D means nothing here"),
    ],
)
def test_what_stands_on_the_wrong_line_is_told(text: str, line: int, message: str) -> None:
    assert told(text)[0] == (line, message)


def test_arguments_of_a_block_on_one_line_are_read_all_the_same() -> None:
    body, _ = with_problems("r { a = 1\n b = 2\n}\n")

    assert list(body.blocks[0].body.arguments) == ["a", "b"]


def test_values_for_variables_are_read_around_a_broken_one() -> None:
    body, problems = with_problems('a = "x"\nb = [\nc = "y"\n')

    assert [(problem.span.line, problem.message) for problem in problems] == [(2, 'this "[" is not closed')]
    assert [shown(argument.expression())[:10] for argument in body.arguments.values()] == ["<x>", "unreadable", "<y>"]


def test_a_header_in_a_comment_or_text_begins_no_block() -> None:
    quoted = '/*\nresource "t" "a" {\n*/\nlocals {\n  a = <<EOT\nresource "t" "b" {\nEOT\n}\n'
    body, _ = with_problems(quoted + 'resource "t" "x" {\n  a = [\n}\n' + AFTER)

    assert [block.labels for block in body.blocks] == [(), ("t", "x"), ("aws_vault", "after")]
    assert not body.blocks[0].body.open


def test_a_header_that_cannot_be_read_leaves_the_file_open() -> None:
    body, problems = with_problems(f'{BEFORE}resource "t "x" {{\n  a = 1\n}}\n{AFTER}')

    assert [block.labels[1] for block in body.blocks] == ["before", "after"]
    assert body.open == "main.tf: line 4 and below cannot be read"
    assert problems[0].span.line == 4


def test_mistakes_beyond_a_hundred_are_not_told() -> None:
    body, problems = with_problems('resource "t" "x" {\n  a = [\n}\n' * 150)

    assert len(problems) == 101
    assert problems[-1].message.startswith("100 mistakes in one file")
    assert body.open == "main.tf: line 301 and below were not read"


@pytest.mark.parametrize("text", ['r "\\q" {\n}\n', 'r "\\ud800" {\n}\n'])
def test_an_escape_that_is_none_is_told_in_labels_too(text: str) -> None:
    [(line, message)] = told(text)

    assert line == 1
    assert message.endswith("is no escape")


SOUND = (
    "a", "a.b", "a[0]", 'a["b c"].d', "var.a-b", '"x"', '"${a.b}-x"', '"a ${b[0]}${c} d"', "7", "f()", "f(a)",
    'merge(a.b, "c")', "upper(\"${x}\")", "true", "null", "each.value.x",
)  # fmt: skip
UNSOUND = (
    "a.", "a[", "a[]", ".a", '"', '"${"', '"${}"', '"${a"', '"\\q"', "a b", "f(", "f(,)", "f(a,, b)", "f(a b)", "1x",
    "a..b", "[a b]", "{a}", "a ?", '"%{ if }"', "a[b", "[for]", "1.2.3",
)  # fmt: skip


@pytest.mark.parametrize("text", [*SOUND, *UNSOUND])
def test_what_needs_no_parser_is_told_like_what_a_parser_reads(text: str) -> None:
    def told_by(name: str) -> list[str]:
        problems: list[MalformedError] = []
        later = Later(Places(text, "main.tf"), 0, len(text), problems)
        getattr(later, name)()
        return [problem.message for problem in problems]

    assert told_by("sound") == told_by("__call__")
    assert bool(told_by("sound")) is (text in UNSOUND)
