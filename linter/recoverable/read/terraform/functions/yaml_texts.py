"""`yamldecode` and `yamlencode`: YAML as Terraform has it, which is not quite as CloudFormation does.

https://developer.hashicorp.com/terraform/language/functions/yamldecode
"""

from __future__ import annotations

import re

from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.read.nodes import MalformedError, Mapping, Scalar
from recoverable.read.refusals import RefusedError
from recoverable.read.terraform.functions.arguments import MOST_CHARACTERS, Function, Given, unknown, whole, wrong
from recoverable.read.terraform.functions.json_texts import _MARK, _MOST_MARKS, _WHOLE_MARK, encoded
from recoverable.read.terraform.kinds import DEEPEST, MOST_PARTS
from recoverable.read.terraform.numerals import number_of
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Content, Pending
    from recoverable.read.nodes import Node
    from recoverable.source import Span
    from recoverable.text import Hole

_TRUE = frozenset(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"))
_FALSE = frozenset(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"))
_NULL = frozenset(("", "~", "null", "Null", "NULL"))

_WHOLE = re.compile(r"[+-]?[0-9]+")
_OTHER_WHOLE = re.compile(r"0x[0-9A-Fa-f]{1,16}|0o[0-7]{1,20}")
_FRACTION = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# Texts that stand in quotes as they are, and lines that stand below one another.
_PLAIN = re.compile(r"[\x20-\x7e\xa1-\xac\xae-\u024f]*+")
_LINES = re.compile(r"(?![ \n])(?:(?:[\x20-\x7e]*[\x21-\x7e])?\n)*+(?:[\x20-\x7e]*[\x21-\x7e])?")
_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])")
_TIME = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?")
_DOUBTFUL = re.compile(r"[+-]?(?:\.(?:inf|Inf|INF)|[0-9][0-9.eE+-]*|0[xXoO].*)|\.(?:nan|NaN|NAN)|=|<<")


def yaml_decode(given: Given) -> Content | Datum:
    from recoverable.read.yaml_nodes import read_yaml  # noqa: PLC0415 (few ask, and a parser comes with it)

    text = given.template(0)
    holes = text.holes()
    pieces = [part for part in text.parts if isinstance(part, str)]
    if sum(map(len, pieces)) > MOST_CHARACTERS or len(holes) > _MOST_MARKS or any(map(_MARK.search, pieces)):
        raise unknown("too long a text")
    if not pieces and holes:
        raise unknown(text.why_open())
    if any("!!" in piece for piece in pieces):
        raise unknown("tags in YAML")
    marks = iter(range(_WHOLE_MARK, _WHOLE_MARK + _MOST_MARKS))
    twice: list[MalformedError] = []
    try:
        node = read_yaml("".join(part if isinstance(part, str) else chr(next(marks)) for part in text.parts), "", twice)
    except RefusedError as error:
        raise unknown(error.message) from None
    except MalformedError as error:
        if holes:
            raise unknown(holes[0].reason) from None
        raise wrong(f"no YAML: {error.message}") from None
    if twice:
        raise unknown("a key that stands twice")
    if isinstance(node, Scalar) and node.plain and not node.text:
        raise unknown("YAML with nothing in it")
    return _Reader(holes, given.span).read(node, 0)


class _Reader:
    __slots__ = ("holes", "parts", "span")

    def __init__(self, holes: tuple[Hole, ...], span: Span) -> None:
        self.holes = holes
        self.span = span
        self.parts = 0

    def read(self, node: Node, depth: int) -> Datum:
        self.parts += 1
        if depth > DEEPEST or self.parts > MOST_PARTS:
            raise unknown("a value too large to work with")
        if node.tag not in ("", "!!str", "!"):
            return Datum(Open(f"the tag {node.tag} in YAML"), self.span)
        match node:
            case Scalar():
                return Datum(self.scalar(node), self.span)
            case Mapping(entries=entries):
                made: dict[str, tuple[Span, Datum | Pending]] = {}
                for key, value in entries:
                    made[self.key(key)] = (self.span, self.read(value, depth + 1))
                if len(made) < len(entries):
                    raise unknown("a key that stands twice")
                return Datum(Fields(made), self.span)
            case _:
                return Datum(Items(tuple(self.read(item, depth + 1) for item in node.items)), self.span)

    def key(self, node: Scalar) -> str:
        content = self.scalar(node)
        match content:
            case bool():
                return "true" if content else "false"
            case str():
                return content
        raise unknown("a key in YAML that is no text")

    def scalar(self, node: Scalar) -> Content:
        text = node.text
        mark = _MARK.search(text)
        if mark is not None:
            # Whatever it is may be a number, a text, or even have keys of its own.
            hole = self.holes[ord(mark[0]) - _WHOLE_MARK]
            alone = len(text) == 1
            return Open(hole.reason, hole.stands_for if alone else "", hole.parameter if alone else "", type=hole.type)
        if not node.plain or node.tag:
            return text
        if text in _NULL:
            return None
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        if _WHOLE.fullmatch(text) and len(text) < 19:
            return int(text)
        if _OTHER_WHOLE.fullmatch(text):
            return int(text[2:], 16 if text[1] == "x" else 8)
        if _FRACTION.fullmatch(text) and len(text) < 19:
            return number_of(text)
        if _DATE.fullmatch(text):
            return f"{text}T00:00:00Z"
        # A number or a time in some versions, and a text in others.
        doubtful = _TIME.fullmatch(text) or _DOUBTFUL.fullmatch(text)
        return Open(f"whether {text[:40]} is a text") if doubtful else text


def yaml_encode(given: Given) -> Content:
    """In blocks, all texts in quotes; what would need escapes or folded lines is left alone."""
    datum = given.arguments[0]
    # A value that is too large or not known stops here, before anything is written.
    whole(encoded(datum))
    content = datum.content
    if isinstance(content, Items | Fields) and not _is_empty(content):
        return "\n".join(_block(datum, 0)) + "\n"
    mark = "" if isinstance(content, str | Text | Items | Fields) else "...\n"
    return "\n".join(_flow(datum, 0, 0)) + "\n" + mark


def _is_empty(content: Items | Fields) -> bool:
    return not (content.unforced() if isinstance(content, Items) else content.keys())


def _block(datum: Datum, indent: int) -> list[str]:
    """The lines of a list or map that is not empty."""
    content = datum.content
    blank = " " * indent
    lines: list[str] = []
    if isinstance(content, Items):
        for item in content:
            inner = item.content
            if isinstance(inner, Items | Fields) and not _is_empty(inner):
                first, *others = _block(item, indent + 2)
                lines += [f"{blank}- {first[indent + 2 :]}", *others]
            else:
                first, *others = _flow(item, indent, indent + 2)
                lines += [f"{blank}- {first}", *others]
        return lines
    assert isinstance(content, Fields)
    for key, value in sorted(content.items(), key=lambda pair: pair[0]):
        name = f"{blank}{_quoted(key, indent)}:"
        inner = value.content
        if isinstance(inner, Items | Fields) and not _is_empty(inner):
            lines += [name, *_block(value, indent if isinstance(inner, Items) else indent + 2)]
        else:
            first, *others = _flow(value, indent, len(name) + 1)
            lines += [f"{name} {first}", *others]
    return lines


def _flow(datum: Datum, indent: int, column: int) -> list[str]:
    """The lines of a single value: the first one without what is before it."""
    match datum.content:
        case str() | Text():
            text = whole(datum.text())
            if "\n" not in text:
                return [_quoted(text, column)]
            if not _LINES.fullmatch(text):
                raise unknown("a text of several lines in YAML")
            body = text.rstrip("\n")
            ending = {0: "|-", 1: "|"}.get(len(text) - len(body), "|+")
            blank = " " * (indent + 2)
            empty = [""] * (len(text) - len(body) - 1)
            return [ending, *(blank + line if line else "" for line in body.split("\n")), *empty]
        case float() as number if abs(number) < 1e-4:
            raise unknown("a small number in YAML")
        case _:
            return [whole(encoded(datum))]


def _quoted(text: str, column: int) -> str:
    if not _PLAIN.fullmatch(text) or (" " in text and column + len(text) > 70) or len(text) > 1000:
        raise unknown("a text in YAML with escapes or of several lines")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


FUNCTIONS = {
    "yamldecode": Function(yaml_decode, 1, 1),
    "yamlencode": Function(yaml_encode, 1, 1),
}
