"""Expressions of HCL: operators, references, calls, collections."""

from __future__ import annotations

import pytest

from hcl_reading import cut, parsed, shown, whole
from recoverable.read.hcl.later import simple
from recoverable.read.hcl.parse import Parser, parse_expression
from recoverable.read.hcl.places import Places
from recoverable.read.hcl.syntax import Attribute, Binary, Call, Index, ListOf
from recoverable.read.nodes import MalformedError


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a || b && c", "(a || (b && c))"),
        ("a && b || c", "((a && b) || c)"),
        ("a == b && c != d", "((a == b) && (c != d))"),
        ("a < b == c >= d", "((a < b) == (c >= d))"),
        ("a + b * c - d / e % f", "((a + (b * c)) - ((d / e) % f))"),
        ("a - b - c", "((a - b) - c)"),
        ("a - (b - c)", "(a - (b - c))"),
        ("!a == b", "((!a) == b)"),
        ("!a.b[0]", "(!a.b[0])"),
        ("-1 + 2", "((-1) + 2)"),
        ("!!a", "(!(!a))"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("a || b ? c + 1 : d", "((a || b) ? (c + 1) : d)"),
        ("(a ? b : c).d", "(a ? b : c).d"),
        ("a<b", "(a < b)"),
        ("a-b", "a-b"),
        ("a - b", "(a - b)"),
        ("1-b", "(1 - b)"),
    ],
)
def test_operators_bind_as_in_terraform(text: str, tree: str) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("var.a.b", "var.a.b"),
        ("a[0].b[c]", "a[0].b[c]"),
        ("a.0.b", "a[0].b"),
        ('a["x y"]', "a[<x y>]"),
        ("a.*.b.c", "a.*(b, c)"),
        ("a.*.b.0", "a.*(b, [0])"),
        ("a.*.b[0]", "a.*(b)[0]"),
        ("a[*].b[0].c", "a[*](b, [0], c)"),
        ("a[*]", "a[*]()"),
        ("a[*].b[*].c", "a[*](b, [*[*](c)])"),
        ("a[*].b.*.c[0]", "a[*](b, [*.*(c)], [0])"),
        ("a.*.b[*].c", "a.*(b)[*](c)"),
        ("f(x).y", "f(x).y"),
        ("[1, 2][0]", "[1, 2][0]"),
        ('"x".y', "<x>.y"),
        ("true.a", "true.a"),
        ("for", "for"),
        ("if.in", "if.in"),
    ],
)
def test_references_are_chains(text: str, tree: str) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("f()", "f()"),
        ("f(a, b,)", "f(a, b)"),
        ("f(a, b...)", "f(a, b...)"),
        ("f (a)", "f(a)"),
        ("provider::aws::arn_parse(a)", "provider::aws::arn_parse(a)"),
        ("f(\n a,\n # b\n c\n)", "f(a, c)"),
        ("[]", "[]"),
        ("[\n1\n,\n2,\n]", "[1, 2]"),
        ("{}", "{}"),
        ("{ a = 1, b : 2 }", "{<a> = 1, <b> = 2}"),
        ("{\n a = 1\n\n b = 2 # x\n}", "{<a> = 1, <b> = 2}"),
        ("{\n a = 1,\n b = 2,\n}", "{<a> = 1, <b> = 2}"),
        ('{ "a" = 1, (b) = 2, "c${d}" = 3, 4 = 5 }', "{<a> = 1, b = 2, <c|${d}> = 3, 4 = 5}"),
        ("{ (a).b = 1, f(x) = 2 }", "{a.b = 1, f(x) = 2}"),
        ("{ true = 1, null = 2, if = 3 }", "{<true> = 1, <null> = 2, <if> = 3}"),
        ("{ aws.east = aws }", "{aws.east = aws}"),
        ("{ a = b ? 1 : 2, c : d ? 3 : 4 }", "{<a> = (b ? 1 : 2), <c> = (d ? 3 : 4)}"),
        ("{ a = [\n1,\n2\n] }", "{<a> = [1, 2]}"),
        ("{ a = (\n1 +\n2\n) }", "{<a> = (1 + 2)}"),
        ("[for x in xs : x]", "for(x in xs : x)"),
        ("[for i, x in xs : x if x != null]", "for(i, x in xs : x if (x != null))"),
        ("{for k, v in m : k => v}", "for(k, v in m : k => v)"),
        ("{\n for k, v in m :\n k => v...\n if v\n}", "for(k, v in m : k => v... if v)"),
        ("[for x in a ? b : c : x ? 1 : 2]", "for(x in (a ? b : c) : (x ? 1 : 2))"),
        ("(((1)))", "1"),
    ],
)
def test_calls_and_collections(text: str, tree: str) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("1.5", 1.5),
        ("1.0", 1),
        ("1e3", 1000),
        ("1E+3", 1000),
        ("15e-1", 1.5),
        ("18446744073709551617", 2**64 + 1),
        ("1e400", float("inf")),
    ],
)
def test_numbers(text: str, value: float) -> None:
    assert parsed(text) == repr(value)


def test_a_number_of_many_digits_costs_no_time() -> None:
    assert parsed("9" * 100_000) == "inf"


def test_three_dots_are_no_part_of_a_number() -> None:
    assert parsed("{for x in y : x => 1...}") == "for(x in y : x => 1...)"


def test_every_node_knows_its_place() -> None:
    text = 'f(a.b[0], [x + "y"])'
    call = parse_expression(text, "main.tf")
    assert isinstance(call, Call)
    reference, listed = call.arguments
    assert isinstance(reference, Index)
    assert isinstance(reference.target, Attribute)
    assert isinstance(listed, ListOf)
    [added] = listed.items
    assert isinstance(added, Binary)

    assert cut(text, call.span) == text
    assert cut(text, reference.span) == "a.b[0]"
    assert cut(text, reference.target.span) == "a.b"
    assert cut(text, reference.key.span) == "0"
    assert cut(text, listed.span) == '[x + "y"]'
    assert cut(text, added.span) == 'x + "y"'
    assert cut(text, added.right.span) == '"y"'


def test_lines_inside_of_brackets_are_blanks() -> None:
    text = "a = [\n  b ||\n  c,\n  d\n  .e\n]\n"

    assert shown(whole(text).arguments["a"].expression()) == "[(b || c), d.e]"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the value ends where a value was expected"),
        ("1 +", "the value ends where a value was expected"),
        ("a b", '"b" where the end of the expression was expected'),
        ("a ? b", 'the value ends where ":" and what holds otherwise was expected'),
        ("f(a b)", '"b" where ")" at the end of the call of f, or a comma was expected'),
        ("f(a... b)", '"b" where ")" at the end of the call of f, or a comma was expected'),
        ("f(,)", '"," where a value was expected'),
        ("[1 2]", '"2" where "]" at the end of the list, or a comma was expected'),
        ("{ a 1 }", '"1" where "=" behind the key was expected'),
        ("{ a = 1 b = 2 }", '"b" where "}" at the end of the object, or a comma or new line was expected'),
        ("[for x of y : x]", '"of" where "in" and a collection was expected'),
        ("[for x in y : a => b]", '"=>" where "]" at the end of the for expression was expected'),
        ("[for x in y : x...]", '"..." where "]" at the end of the for expression was expected'),
        ("{for x in y : x}", '"}" where "=>" and a value was expected'),
        ("a.", "the value ends where the name of an attribute was expected"),
        ("a.0.0", '".0.0" is no attribute and no index'),
        ("a.*.b.*", '".*" behind ".*"'),
        ("a[0", 'the value ends where "]" at the end of the index was expected'),
        ("a::b", 'the value ends where "(" behind the name of a function was expected'),
        ("1.2.3", '"1.2.3" is no number'),
        ("'a'", '"\'" means nothing here'),
        ("a & b", '"&" means nothing here'),
        ("a; b", '";" means nothing here'),
        ("\u201ca\u201d", "'\u201ca\u201d' is no name"),
        ("a = b", '"=" where the end of the expression was expected'),
        ("a\x00", "the character U+0000 means nothing here"),
        ('"a', "this text is not closed by a double quote in its line"),
        ('"a\nb"', "this text is not closed by a double quote in its line"),
        ('"\\q"', "\\q is no escape"),
        ('"\\ud800"', "\\ud800 is no escape"),
        ('"${a"', 'a text where "}" was expected; the ${ is in line 1'),
        ('"${a:b}"', '":" where "}" was expected; the ${ is in line 1'),
        ("/* a", "this comment is not closed"),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_expression(text, "main.tf")

    assert caught.value.message == message


def test_an_operator_at_the_end_of_a_line_does_not_reach_the_next() -> None:
    with pytest.raises(MalformedError) as caught:
        parse_expression("{ a = 1 +\n 2 }", "main.tf")

    assert caught.value.message == "the line ends where a value was expected"
    assert caught.value.span.line == 1


@pytest.mark.parametrize(
    "text",
    [
        '"orders"',
        '""',
        "true",
        "false",
        "null",
        "0",
        "12",
        "007",
        "a",
        "var.a",
        "a-b.c-d._e",
        "local.a.b.c",
        "for",
        "true.a",
    ],
)
def test_simple_values_are_what_the_parser_makes_of_them(text: str) -> None:
    places = Places(f"\n  x = {text}\n", "main.tf")
    start, end = 7, 7 + len(text)
    made = simple(places, start, end)

    assert made is None or made == Parser(places, start, end).whole(flowing=False)
    assert (made is None) == (text == "true.a")
