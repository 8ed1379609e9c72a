"""Expressions made up at random, and what Terraform itself makes of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from random import Random

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TEXTS = (
    "", "a", "b", "prod", "orders-table", "a,b,c", "Hello wOrld", "  x ", "10", "1.5", "-7", "true", "é", "aaa", "x y",
    "one\ntwo\n", "a/b/c.txt", "/a/", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", "A_b-c.D", "$5", "50%",
    "2020-02-28T23:30:05Z", "<&>", 'say "hi"', "back\\slash", "abcabc", "-", ",", "B", "z9",
)  # fmt: skip
NUMBERS = (
    "0",
    "1",
    "2",
    "3",
    "-1",
    "-3",
    "7",
    "10",
    "0.5",
    "1.25",
    "-2.5",
    "100",
    "1e3",
    "255",
    "12345678901234567890",
)
PATTERNS = (
    "a", "[a-z]+", "([a-z]+)-([a-z]+)", "(?P<first>[a-z])(?P<rest>.*)", "^a", "c$", "a|b", "(a)|(b)", "a*", "(a*)+",
    "b?",
    "[^a-c]+", "\\d+", "\\w+", "(?i)HELLO", "(?s).+", "(?m)^two$", ".{2}", "a{2,}", "a{1,2}?", "\\bone\\b", "x*?", "[",
    "(", "a**", "[[:alpha:]]+", "arn:aws:[^:]+:([^:]*):(\\d{12})?:table/(.+)", "\\s", "[\\d.-]+", "(?:ab?c)+", "^$", "",
    "(a|ab)(c|bcd)?", "\\.", "[]a]", "(?:(a)|b|c)*", "(?U)a+", "\\Aa.*\\z",
)  # fmt: skip
REPLACEMENTS = ("", "-", "<$0>", "$1", "${1}x", "$first", "$$", "[$2]", "\\")
FORMATS = (
    "%s", "%s-%s", "%d", "%05d", "%5.2f", "%x", "%q", "%v", "%#v", "%t", "%%", "%-5s|", "%5s", "%e", "%g",
    "%[2]s %[1]s",
    "%+d", "%.2s", "%08.3f", "%b", "%o", "%X", "%3d%%", "%z", "%s %s %s", "a%", "%.1f", "%6.3d|", "% d", "%G", "%.3g",
)  # fmt: skip
DATES = (
    "YYYY-MM-DD",
    "hh:mm:ss",
    "EEE, DD MMM YY",
    "EEEE D MMMM 'at' H aa",
    "ZZZZZ",
    "Z",
    "''",
    "Q",
    "h'x",
    "M/D m:s HH AA",
)
TIMES = (
    "2020-02-28T23:30:05Z",
    "2024-12-31T00:00:00+05:30",
    "1999-01-01T12:00:00.25-08:00",
    "2020-13-01T00:00:00Z",
    "now",
)
DURATIONS = ("1h", "-36h", "1h30m", "0", "1.5h", "90s", "24h0m1s", "5d", "10", "500ms", "-0.5m")
NETWORKS = (
    "10.0.0.0/8",
    "192.168.1.77/24",
    "10.1.2.0/30",
    "fd00:1234::/56",
    "10.0.0.0",
    "0.0.0.0/0",
    "10.0.0.0/33",
    "x",
)
JSON = ('{"a":1,"b":[true,null,"x"]}', '[1,2.5,"é"]', '"x"', "12", "{", "", '{"a":{"b":{"c":[]}}}', "[1,]", "tru")
YAML = (
    "a: 1\nb: [x, y]\n", "- a\n- b: c\n  d: 1.5\n", "a: yes\nb: no\nc: ~\nd: '1'\n", "x", "5", "a: [", "a: {b: {c: d}}",
    "a: |\n  one\n  two\n", "base: &b {x: 1}\nmore:\n  <<: *b\n  y: 2\n", "a: 1h\nb: 10.0.0.0/8\nc: 2020-01-01\n",
    "a: 0x1F\nb: 014\nc: 1e3\nd: on\n", "on: push\n", "- \n- a\n", "a: 'it''s'\nb: \"x\\ty\"\n",
)  # fmt: skip
CSV = ("a,b\n1,2\n", 'a,b\n"x,y","q""z"\n', "a,a\n1,2\n", "a,b\n1\n", "a", "", "a\n\n1\n", "a, b\n 1 , 2 \n")

#: The arguments of each function, and what kind of value it gives. A `*` may stand there again, a `?` may be left out.
SIGNATURES = (
    "abs number > number", "ceil number > number", "floor number > number", "signum number > number",
    "max number number* > number", "min number number* > number", "pow number number > number",
    "log number number > number",
    "parseint text number > number", "range number number? number? > numbers", "sum numbers > number",
    "chomp text > text", "endswith text text > bool", "startswith text text > bool", "strcontains text text > bool",
    "format format any any? any? > text", "formatlist format anylist any? > texts", "indent number text > text",
    "join text texts texts? > text", "lower text > text", "upper text > text", "title text > text",
    "regex pattern text > any", "regexall pattern text > list", "replace text text text > text",
    "replace text slashed replacement > text", "split text text > texts", "strrev text > text",
    "substr text number number > text", "trim text text > text", "trimprefix text text > text",
    "trimsuffix text text > text", "trimspace text > text",
    "alltrue bools > bool", "anytrue bools > bool", "chunklist list number > list", "coalesce any any any? > any",
    "coalescelist list list > list", "compact texts > texts", "concat list list list? > list",
    "contains list any > bool",
    "distinct list > list", "element list number > any", "flatten lists > list", "index list any > number",
    "keys map > texts", "length any > number", "length list > number", "lookup map key any? > any",
    "matchkeys list list list > list", "merge map map map? > map", "one list > any", "reverse list > list",
    "setintersection list list > list", "setproduct list list list? > list", "setsubtract list list > list",
    "setunion list list list? > list", "slice list number number > list", "sort texts > texts",
    "transpose textsmap > map", "values map > list", "zipmap texts list > map",
    "base64encode text > text", "base64decode text > text", "md5 text > text", "sha1 text > text", "sha256 text > text",
    "sha512 text > text", "base64sha256 text > text", "uuidv5 space text > text", "urlencode text > text",
    "csvdecode csv > list", "jsondecode json > any", "jsonencode any > text", "jsonencode list > text",
    "jsonencode map > text", "yamldecode yaml > any", "yamlencode any > text", "yamlencode list > text",
    "yamlencode map > text", "textencodebase64 text encoding > text", "base64sha512 text > text",
    "basename text > text", "dirname text > text", "formatdate date time > text", "timeadd time duration > text",
    "timecmp time time > number", "cidrhost network number > text", "cidrnetmask network > text",
    "cidrsubnet network number number > text", "cidrsubnets network number number? > texts",
    "tobool any > bool", "tolist list > list", "tomap map > map", "tonumber any > number", "toset list > set",
    "tostring any > text", "try any any > any", "can any > bool", "nonsensitive text > text",
)  # fmt: skip


class Signature(NamedTuple):
    name: str
    arguments: tuple[str, ...]
    gives: str


def _signature(written: str) -> Signature:
    name, *arguments = written.partition(" > ")[0].split()
    return Signature(name, tuple(arguments), written.partition(" > ")[2])


class Maker:
    """Makes up expressions, always the same ones for one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.signatures = [_signature(written) for written in SIGNATURES]
        self.giving: dict[str, list[Signature]] = {}
        for signature in self.signatures:
            self.giving.setdefault(signature.gives, []).append(signature)
        self.turn = 0

    def next(self) -> str:
        """The next expression: each function comes round."""
        self.turn += 1
        if self.turn % 5 == 0:
            return self.operation(3)
        return self.call(self.signatures[self.turn % len(self.signatures)], 2)

    def call(self, signature: Signature, depth: int) -> str:
        arguments = []
        for kind in signature.arguments:
            if kind.endswith("?") and self.random.random() < 0.5:
                break
            for _ in range(self.random.randrange(3) if kind.endswith("*") else 1):
                arguments.append(self.value(kind.rstrip("?*"), depth - 1))
        if len(arguments) < 2 or self.random.random() > 0.03:
            return f"{signature.name}({', '.join(arguments)})"
        return f"{signature.name}({', '.join(arguments[:-1])}, {self.value('list', depth - 1)}...)"

    def value(self, kind: str, depth: int) -> str:
        """An expression for a value of a kind; now and then of another."""
        random = self.random
        if random.random() < 0.04:
            kind = random.choice(("text", "number", "bool", "list", "map", "null", "set"))
        if depth > 0 and random.random() < 0.3:
            makers = self.giving.get({"numbers": "list", "texts": "texts"}.get(kind, kind))
            if makers:
                return self.call(random.choice(makers), depth)
            if kind in ("number", "bool", "text", "any"):
                return self.operation(depth)
        return self.literal(kind, depth)

    def literal(self, kind: str, depth: int) -> str:
        random = self.random
        pools: dict[str, Sequence[str]] = {
            "text": TEXTS, "pattern": PATTERNS, "replacement": REPLACEMENTS, "format": FORMATS, "date": DATES,
            "time": TIMES, "duration": DURATIONS, "network": NETWORKS, "json": JSON, "yaml": YAML, "csv": CSV,
            "encoding": ("UTF-16LE", "UTF-8", "US-ASCII", "x"),
            "space": ("dns", "url", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "x"), "key": ("a", "b", "c", "d"),
        }  # fmt: skip
        match kind:
            case "number":
                return random.choice(NUMBERS)
            case "bool":
                return random.choice(("true", "false", '"true"' if random.random() < 0.1 else "true"))
            case "null":
                return "null"
            case "slashed":
                return quoted(f"/{random.choice(PATTERNS)}/")
            case "any":
                return self.value(random.choice(("text", "number", "bool", "list", "map", "text")), depth)
            case "texts" | "numbers" | "bools":
                return self.listed([kind[:-1]])
            case "anylist":
                return self.value(random.choice(("texts", "numbers", "text")), depth)
            case "lists":
                return self.listed(["list", "text", "texts", "set"], depth)
            case "list":
                kinds = random.choice(
                    (["text"], ["number"], ["text", "number"], ["text", "bool", "null"], ["map"], ["list"])
                )
                return self.listed(kinds, depth)
            case "set":
                return f"toset({self.listed([random.choice(('text', 'number'))])})"
            case "map" | "textsmap":
                inner = "texts" if kind == "textsmap" else random.choice(("text", "number", "any"))
                keys = random.sample(("a", "b", "c", "d", "x-y"), random.randrange(4))
                return f"{{{', '.join(f'{quoted(key)} = {self.value(inner, depth - 1)}' for key in keys)}}}"
            case _:
                return quoted(random.choice(pools[kind]))

    def listed(self, kinds: Sequence[str], depth: int = 0) -> str:
        written = (
            f"[{', '.join(self.value(self.random.choice(kinds), depth - 1) for _ in range(self.random.randrange(5)))}]"
        )
        chance = self.random.random()
        return f"tolist({written})" if chance < 0.1 else f"toset({written})" if chance < 0.15 else written

    def single(self) -> str:
        return self.literal(self.random.choice(("text", "number", "bool")), 0)

    def operation(self, depth: int) -> str:
        """Operators, conditions, `for`, templates and indexes."""
        value = self.value
        low = depth - 1
        makers: tuple[Callable[[], str], ...] = (
            lambda: f"{value('number', low)} {self.random.choice('+-*/%')} {value('number', low)}",
            lambda: f"{value('number', low)} {self.random.choice(('<', '>', '<=', '>='))} {value('number', low)}",
            lambda: f"{value('any', low)} {self.random.choice(('==', '!='))} {value('any', low)}",
            lambda: f"{value('list', low)} == {value('list', low)}",
            lambda: f"{value('bool', low)} {self.random.choice(('&&', '||'))} {value('bool', low)}",
            lambda: f"!{value('bool', low)}",
            lambda: f"-({value('number', low)})",
            lambda: f"{value('bool', low)} ? {value('text', low)} : {value('text', low)}",
            lambda: f"{value('bool', low)} ? {self.single()} : {self.single()}",
            lambda: f"[for x in {value('list', low)} : {self.random.choice(('x', 'jsonencode(x)', '[x]'))}]",
            lambda: f"[for k, v in {value('map', low)} : k if v != {value('text', low)}]",
            lambda: f'[for i, x in {value("texts", low)} : "${{i}}-${{x}}"]',
            lambda: f"{{for k, v in {value('map', low)} : upper(k) => v}}",
            lambda: f"{{for x in {value('texts', low)} : x => length(x)}}",
            lambda: f"{{for x in {value('texts', low)} : substr(x, 0, 1) => x...}}",
            lambda: f"{value('list', low)}[{value('number', low)}]",
            lambda: f"{value('map', low)}[{value('key', low)}]",
            lambda: f"{value('map', low)}.a",
            lambda: f"{value('lists', low)}[*][0]",
            lambda: f"[{{a = {value('any', low)}}}, {{a = {value('any', low)}}}][*].a",
            lambda: f'"<${{{value("any", low)}}}-${{{value("text", low)}}}>"',
            lambda: f'"%{{ if {value("bool", low)} }}yes%{{ else }}${{{value("number", low)}}}%{{ endif }}"',
            lambda: f'"%{{ for x in {value("texts", low)} }}[${{x}}]%{{ endfor }}"',
            lambda: f"<<EOT\n${{{value('any', 0)}}} and\n  ${{{value('text', 0)}}}\nEOT\n",
            lambda: (
                f"<<-EOT\n    %{{ for x in {value('texts', 0)} ~}}\n    - ${{x}}\n    %{{ endfor ~}}\n  end\n  EOT\n"
            ),
            lambda: f"try({value('map', low)}.b, {value('list', low)}[3], {value('text', low)})",
            lambda: f"can({value('list', low)}[2])",
        )
        return self.random.choice(makers)()


def quoted(text: str) -> str:
    """A text as Terraform's syntax has it."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


class Answer(NamedTuple):
    """What Terraform says: `value`, or that it is an error. `skipped` where it does not say either."""

    expression: str
    value: object = None
    error: bool = False
    skipped: bool = False


def answers(expressions: Sequence[str], terraform: str = "terraform") -> list[Answer]:
    """What `terraform console` makes of expressions, many at once; those it does not take at all are skipped."""
    names = [f"e{at}" for at in range(len(expressions))]
    written = (f"{name} = try(jsonencode([\n{each}\n]), null)\n" for name, each in zip(names, expressions, strict=True))
    asked = f"jsonencode([{', '.join(f'local.{name}' for name in names)}])\n"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    with tempfile.TemporaryDirectory() as folder:
        # The console takes one line at a time, a file takes heredocs too.
        (Path(folder) / "main.tf").write_text(f"locals {{\n{''.join(written)}}}\n", encoding="utf-8")
        done = subprocess.run(
            [terraform, "console"],
            input=asked,
            cwd=folder,
            env=environment | {"CHECKPOINT_DISABLE": "1", "NO_COLOR": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
    said = done.stdout.rstrip("\n")
    if done.returncode or not said.startswith('"'):
        if len(expressions) == 1:
            return [Answer(expressions[0], skipped=True)]
        half = len(expressions) // 2
        return answers(expressions[:half], terraform) + answers(expressions[half:], terraform)
    told = json.loads(_unquoted(said))
    return [
        Answer(each, error=True) if answer is None else Answer(each, json.loads(answer)[0])
        for each, answer in zip(expressions, told, strict=True)
    ]


def _unquoted(text: str) -> str:
    """A text as the console shows it."""

    def one(found: re.Match[str]) -> str:
        if found[0] in ("$${", "%%{"):
            return found[0][1:]
        return {"n": "\n", "r": "\r", "t": "\t"}.get(found[0][1]) or (
            chr(int(found[0][2:], 16)) if len(found[0]) > 2 else found[0][1]
        )

    return re.sub(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|\$\$\{|%%\{", one, text[1:-1])
