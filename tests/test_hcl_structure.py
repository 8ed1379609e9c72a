"""Blocks, labels and arguments of HCL, with their places."""

from __future__ import annotations

import pytest

from hcl_reading import cut, shown, told, whole, with_problems

TABLE = """\
# the orders
resource "aws_dynamodb_table" "orders" {
  name     = "orders" # the name
  hash_key = "id"

  point_in_time_recovery {
    enabled = var.pitr
  }

  tags = {
    Team = "shop"
  }
}
"""


def test_blocks_have_their_labels_and_bodies() -> None:
    [table] = whole(TABLE).blocks

    assert (table.type, table.labels) == ("resource", ("aws_dynamodb_table", "orders"))
    assert list(table.body.arguments) == ["name", "hash_key", "tags"]
    assert [block.type for block in table.body.blocks] == ["point_in_time_recovery"]


def test_every_place_is_exact() -> None:
    [table] = whole(TABLE).blocks
    [recovery] = table.body.of_type("point_in_time_recovery")
    enabled = recovery.body.arguments["enabled"]

    assert cut(TABLE, table.span) == 'resource "aws_dynamodb_table" "orders"'
    assert cut(TABLE, table.extent) == TABLE.partition("\n")[2].rstrip()
    assert cut(TABLE, recovery.extent) == "point_in_time_recovery {\n    enabled = var.pitr\n  }"
    assert cut(TABLE, enabled.span) == "enabled"
    assert cut(TABLE, enabled.value_span) == "var.pitr"
    assert cut(TABLE, enabled.expression().span) == "var.pitr"
    assert cut(TABLE, table.body.arguments["name"].value_span) == '"orders"'
    assert cut(TABLE, table.body.arguments["tags"].value_span) == '{\n    Team = "shop"\n  }'


def test_an_expression_is_read_once_and_only_when_asked_for() -> None:
    problems: list[object] = []
    body, found = with_problems("a = 1\n")
    assert not found

    assert body.arguments["a"].expression() is body.arguments["a"].expression()
    assert not problems


@pytest.mark.parametrize(
    "text",
    [
        "a = 1",
        "a = 1\n",
        "\ufeffa = 1\n",
        "a=1\r\n",
        "  a\t=\t1  # one\r\n",
        "a = 1 // one",
        "/* one */ a /* two */ = /* three */ 1 /* four */ # five",
        "a = /* over\nlines */ 1\n",
        "# a = 2\na = 1\n// a = 3\n/* a = 4\n*/\n",
    ],
)
def test_one_argument_is_found_whatever_stands_around_it(text: str) -> None:
    body = whole(text)

    assert list(body.arguments) == ["a"]
    assert cut(text, body.arguments["a"].value_span) == "1"
    assert shown(body.arguments["a"].expression()) == "1"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ('a "b" "c" {\n}\n', ("b", "c")),
        ("a b c {\n}\n", ("b", "c")),
        ('a "b" c {}', ("b", "c")),
        ('a"b"c{}', ("b", "c")),
        ("a {}", ()),
        ('a /* x */ "b" /* y */ {}', ("b",)),
        ('a "" {}', ("",)),
        ('a "b\\"\\u00e9" {}', ('b"é',)),
        ('a "$${b}" {}', ("${b}",)),
    ],
)
def test_labels_are_texts_or_words(text: str, labels: tuple[str, ...]) -> None:
    [block] = whole(text).blocks

    assert block.labels == labels


def test_a_block_of_one_line_holds_one_argument() -> None:
    text = "a { b = [1, { c = 2 }] }\n"
    [block] = whole(text).blocks

    assert cut(text, block.body.arguments["b"].value_span) == "[1, { c = 2 }]"


def test_blocks_of_one_type_keep_their_order() -> None:
    body = whole('r "a" {\n}\ns "b" {}\nr "c" {}\n')

    assert [block.labels for block in body.of_type("r")] == [("a",), ("c",)]


def test_an_argument_and_a_block_may_have_one_name() -> None:
    body = whole("a = 1\na {\n}\n")

    assert list(body.arguments) == ["a"]
    assert [block.type for block in body.blocks] == ["a"]


@pytest.mark.parametrize(
    "value",
    [
        '"}"',
        '"${"}"}"',
        '"${f("\\"")}${g({ a = "}" })}"',
        '"a # b"',
        '"a // b"',
        "[\n  1, # ]\n  2, // ]\n  3 /* ] */\n]",
        "f(\n  x,\n  y\n)",
        '<<EOT\n  }\n${f("}")}\nEOT',
        "<<-EOT\n    # no comment\n    EOT",
        "{\n  a = <<X\n]\nX\n  b = 1\n}",
        "a == b && c != d || e <= f && g >= h",
        "a < b",
        "a ? { b = 1 } : { c = 2 }",
        "[for k, v in m : k => v]".replace("k => v", "v"),
        "{ for k, v in m : k => v... if v != null }",
        '"${<<EOT\n"\nEOT\n}"',
        "a /* , */ + b",
        "a[b.c].d.*.e[0]",
    ],
)
def test_a_value_ends_where_it_ends(value: str) -> None:
    text = f"before = 1\nx = {value}\nafter {{\n}}\n"
    body = whole(text)

    assert list(body.arguments) == ["before", "x"]
    assert cut(text, body.arguments["x"].value_span) == value
    assert [block.type for block in body.blocks] == ["after"]


def test_lines_are_counted_as_editors_do() -> None:
    text = 'a = "\u2028\x0b\x0c"\r\nb = 1\r\n'

    assert [argument.span.line for argument in whole(text).arguments.values()] == [1, 2]


def test_columns_count_characters() -> None:
    body = whole('größe = "\U0001f600" # x\n')

    assert body.arguments["größe"].span[1:] == (1, 1, 1, 6)
    assert body.arguments["größe"].value_span[1:] == (1, 9, 1, 12)


def test_a_file_of_values_is_a_body_of_arguments() -> None:
    body = whole('region = "eu-west-1"\ntags = {\n  a = "b"\n}\n')

    assert [shown(argument.expression()) for argument in body.arguments.values()] == ["<eu-west-1>", "{<a> = <b>}"]


def test_an_empty_file_has_an_empty_body() -> None:
    assert whole("") == whole("# nothing\n") == whole("\n\r\n")


def test_nothing_is_told_of_a_good_file() -> None:
    assert told(TABLE) == []
