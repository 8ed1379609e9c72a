"""`yamldecode`: YAML as Terraform reads it, which is not quite as CloudFormation does.

https://developer.hashicorp.com/terraform/language/functions/yamldecode
"""

from __future__ import annotations

import re

from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.read.nodes import MalformedError, Mapping, Scalar
from recoverable.read.terraform.functions.arguments import MOST_CHARACTERS, Function, Given, unknown, wrong
from recoverable.read.terraform.functions.json_texts import _MARK, _MOST_MARKS, _WHOLE_MARK
from recoverable.read.terraform.kinds import DEEPEST, MOST_PARTS
from recoverable.read.terraform.numerals import number_of

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


FUNCTIONS = {
    "yamldecode": Function(yaml_decode, 1, 1),
}
