"""Templates: quoted texts and heredocs, and what Terraform makes of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hcl_reading import cut, parsed, whole, worked_out
from recoverable.read.hcl.parse import parse_expression, parse_template
from recoverable.read.hcl.syntax import Directive, Template
from recoverable.read.nodes import MalformedError

#: Expressions with the texts that `terraform console` (1.11) makes of them.
ANSWERS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "hcl_templates.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("text", "answer"), ANSWERS, ids=range(len(ANSWERS)))
def test_a_template_gives_the_text_that_terraform_makes_of_it(text: str, answer: object) -> None:
    expression = whole(f"x = {text}\n").arguments["x"].expression()

    assert worked_out(expression, {}) == answer


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('""', "<>"),
        ('"a"', "<a>"),
        ('"${a}"', "wrapped<${a}>"),
        ('"${~ a ~}"', "wrapped<${a}>"),
        ('" ${~ a ~} "', "<${a}>"),
        ('"a${b}c"', "<a|${b}|c>"),
        ('"${a}${b}"', "<${a}|${b}>"),
        ('"$${a}"', "<${a}>"),
        ('"$$${a}"', "<$${a}>"),
        ('"$$$${a}"', "<$$${a}>"),
        ('"%%{a}"', "<%{a}>"),
        ('"$ % $$ %% {}"', "<$ % $$ %% {}>"),
        ('"\\n\\t\\r\\"\\\\"', '<\n\t\r"\\>'),
        ('"\\u00e9\\U0001F600"', "<é\U0001f600>"),
        ('"${"${a}"}"', "wrapped<${wrapped<${a}>}>"),
        ('"${f("x", {a = "}"})}"', "wrapped<${f(<x>, {<a> = <}>})}>"),
        ('"${\na\n}"', "wrapped<${a}>"),
        ('"%{ if a }b%{ endif }"', "<if(a ? b : )>"),
        ('"%{ if a }b%{ else }c${d}%{ endif }e"', "<if(a ? b : c|${d})|e>"),
        ('"%{ for x in xs }${x},%{ endfor }"', "<for(x in xs : ${x}|,)>"),
        ('"%{ for k, v in m }%{ if v }${k}%{ endif }%{ endfor }"', "<for(k, v in m : if(v ? ${k} : ))>"),
    ],
)
def test_quoted_texts(text: str, tree: str) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("<<EOT\nEOT\n", "<>"),
        ("<<EOT\na\n  b\nEOT\n", "<a\n  b\n>"),
        ("<<EOT\na\n  EOT  \n", "<a\n>"),
        ("<<-EOT\n    a\n      b\n\n    c\n  EOT\n", "<a\n  b\n\nc\n>"),
        ("<<-EOT\n  ${a}\n    b\nEOT\n", "<${a}|\n  b\n>"),
        ("<<-EOT\n    a\n${b}\n    EOT\n", "<    a\n|${b}|\n>"),
        ("<<EOT\n\\n ${a} $${b}\nEOT\n", "<\\n |${a}| ${b}\n>"),
        ("<<EOT\nEOT1\nxEOT\n${EOT}EOT\nEOT\n", "<EOT1\nxEOT\n|${EOT}|EOT\n>"),
        ("<<EOT\r\na\r\nEOT\r\n", "<a\r\n>"),
        ("<<EOT\n%{ for x in xs ~}\n  ${x}\n%{ endfor ~}\nEOT\n", "<for(x in xs :   |${x}|\n)>"),
        ("[<<A\na\nA\n, <<B\nb\nB\n]", "[<a\n>, <b\n>]"),
        ("<<EOT\n${<<EOT\nin\nEOT\n}\nEOT\n", "<${<in\n>}|\n>"),
    ],
)
def test_heredocs(text: str, tree: str) -> None:
    assert parsed(text) == tree


def test_places_in_a_template_are_those_of_the_file() -> None:
    text = 'a = "x-${var.y}-%{ if var.z }q%{ endif }"\n'
    template = whole(text).arguments["a"].expression()
    assert isinstance(template, Template)
    _, reference, _, directive = template.parts
    assert isinstance(directive, Directive)
    assert not isinstance(reference, str)

    assert cut(text, reference.span) == "var.y"
    assert cut(text, directive.span) == "%{ if var.z }q%{ endif }"
    assert cut(text, directive.subject.span) == "var.z"


def test_places_in_a_heredoc_are_those_of_the_file() -> None:
    text = "a = <<-EOT\n    b\n    ${var.c}\n  EOT\n"
    argument = whole(text).arguments["a"]
    template = argument.expression()
    assert isinstance(template, Template)
    [_, reference, _] = template.parts
    assert not isinstance(reference, str)

    assert cut(text, argument.value_span) == cut(text, template.span) == text[4:].rstrip()
    assert cut(text, reference.span) == "var.c"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"%{ if a }"', "%{ if } without its %{ endif }"),
        ('"%{ if a }%{ endfor }"', "%{ endfor } where nothing of the kind is open"),
        ('"%{ endif }"', "%{ endif } where nothing of the kind is open"),
        ('"%{ if a }%{ else }%{ else }%{ endif }"', "a second %{ else }"),
        ('"%{ for a in b }%{ else }%{ endfor }"', "%{ else } where nothing of the kind is open"),
        ('"%{ while a }"', "%{ while } is no directive"),
        ('"%{ for a b }"', '"b" where "in" and a collection was expected'),
        ('"%{ }"', '"}" where if, else, endif, for or endfor was expected'),
        ('"${}"', '"}" where a value was expected'),
        ("<<EOT\na\n", "this heredoc is not closed by a line EOT"),
        ("<<EOT\na\nEOT", "the file ends behind EOT"),
        ("<<EOT\n${a\nEOT\n", '"EOT" where "}" was expected; the ${ is in line 2'),
    ],
)
def test_what_is_wrong_with_a_template_is_said(text: str, message: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_expression(text, "main.tf")

    assert caught.value.message == message


def test_a_template_may_stand_alone() -> None:
    template = parse_template('{"a": "${b}",\n "c": "\\n$${d}"}\n', "policy.tftpl")

    assert [part if isinstance(part, str) else cut('{"a": "${b}"', part.span) for part in template.parts] == [
        '{"a": "',
        "b",
        '",\n "c": "\\n${d}"}\n',
    ]
