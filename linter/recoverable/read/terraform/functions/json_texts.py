"""JSON: values as texts and texts as values, parts of which may not be known.

What is not known leaves a hole in the text, and the hole is the value again when the text is read: that is how a policy
written with `jsonencode` keeps its references.

https://developer.hashicorp.com/terraform/language/functions/jsonencode
"""

from __future__ import annotations

import re

from recoverable.read.data import Datum, Fields, Items, Nothing, Open
from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import MalformedError, Mapping, Scalar
from recoverable.read.refusals import RefusedError
from recoverable.read.terraform.functions.arguments import (
    MOST_CHARACTERS,
    Function,
    Given,
    StopError,
    plain,
    unknown,
    wrong,
)
from recoverable.read.terraform.kinds import DEEPEST, MOST_PARTS, SetOf
from recoverable.read.terraform.numerals import number_of, number_text
from recoverable.text import Hole, Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Content
    from recoverable.read.nodes import Node
    from recoverable.source import Span

#: What stands for holes while a text is read: characters that no text should have. Those in quotes have their own.
_WHOLE_MARK = 0xF0000
_PART_MARK = 0xF8000
_MOST_MARKS = 0x7000
_MARK = re.compile("([\U000f0000-\U000fefff])")

_ESCAPED = re.compile('["\\\\<>&\x00-\x1f\u2028\u2029]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

#: What a hole that is a whole value, and not a part of a text, is called.
_WHOLE = "jsonencode("


def json_encode(given: Given) -> Datum:
    return Datum(plain(encoded(given.arguments[0])), given.span, encoded=given.arguments[0])


def json_decode(given: Given) -> Content | Datum:
    given_text = given.arguments[0]
    if isinstance(given_text.encoded, Datum) and isinstance(given_text.content, Open):
        # A document of which nobody wrote the text.
        return given_text.encoded
    return decoded(given.template(0), given.span)


def encoded(datum: Datum) -> Text:
    """A value as JSON, as Terraform writes it. Raises StopError."""
    writer = _Writer()
    writer.add(datum, 0)
    return joined(*writer.parts)


class _Writer:
    __slots__ = ("characters", "count", "parts")

    def __init__(self) -> None:
        self.parts: list[str | Hole | Text] = []
        self.count = 0
        self.characters = 0

    def put(self, piece: str) -> None:
        self.parts.append(piece)
        self.characters += len(piece)

    def add(self, datum: Datum, depth: int) -> None:
        self.count += 1
        if depth > DEEPEST or self.count > MOST_PARTS or self.characters > MOST_CHARACTERS:
            raise unknown("it makes too long a text")
        match datum.content:
            case None | Nothing():
                self.put("null")
            case bool() as content:
                self.put("true" if content else "false")
            case int() | float() as content:
                self.put(number_text(content))
            case str() as content:
                self.put(quoted(content))
            case Text(parts):
                self.parts.append('"')
                for part in parts:
                    if isinstance(part, str):
                        self.put(quoted(part)[1:-1])
                    else:
                        self.parts.append(part)
                self.parts.append('"')
            case Open() as open_:
                if open_.type == "wrong":
                    raise StopError(open_)
                self.parts.append(Hole(open_.reason, _wrapped(open_.stands_for), _wrapped(open_.parameter), open_.type))
            case Items() as items:
                self.all(
                    "[]", [(None, item) for item in items], items.open, depth, one_of_many=isinstance(items, SetOf)
                )
            case Fields() as fields:
                pairs = sorted(fields.items(), key=lambda pair: pair[0])
                self.all("{}", [(key, value) for key, value in pairs], fields.open, depth)

    def all(
        self, marks: str, members: list[tuple[str | None, Datum]], open_: str, depth: int, *, one_of_many: bool = False
    ) -> None:
        if open_:
            # How many there are is not known, so that nothing can be said of the text in their place.
            self.parts.append(Hole(open_))
            return
        if one_of_many and any(isinstance(member.content, Open) for _, member in members) and len(members) > 1:
            self.parts.append(Hole("the order of what is not known"))
            return
        self.put(marks[0])
        for at, (key, member) in enumerate(members):
            if at:
                self.put(",")
            if key is not None:
                self.put(quoted(key) + ":")
            self.add(member, depth + 1)
        self.put(marks[1])


def quoted(text: str) -> str:
    """A text as JSON has it; Terraform escapes what HTML would take for its own."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"


def _wrapped(name: str) -> str:
    """The name of something for its JSON: what it is, behind the file that it is told apart by."""
    if not name:
        return ""
    file, separator, own = name.rpartition("#")
    return f"{file}{separator}{_WHOLE}{own})"


def _unwrapped(name: str) -> str | None:
    """What a name is the JSON of, None if it is not such a name."""
    file, separator, own = name.rpartition("#")
    return f"{file}{separator}{own[len(_WHOLE) : -1]}" if own.startswith(_WHOLE) and own.endswith(")") else None


def decoded(text: Text, span: Span) -> Datum:
    """The value of a JSON text. Holes stand for themselves: in quotes for a part of a text, else for a whole value.

    Raises StopError.
    """
    if any(isinstance(part, str) and _MARK.search(part) for part in text.parts):
        raise unknown("a text of private characters")
    holes = text.holes()
    if len(holes) > _MOST_MARKS or sum(len(part) for part in text.parts if isinstance(part, str)) > MOST_CHARACTERS:
        raise unknown("too long a text")
    if text.parts == holes and holes:
        return Datum(_whole_value(holes[0]), span)
    marked: list[str] = []
    quotes = False
    at = 0
    for part in text.parts:
        if isinstance(part, str):
            quotes = _ends_in_quotes(part, inside=quotes)
            marked.append(part)
            continue
        marked.append(chr(_PART_MARK + at) if quotes else f'"{chr(_WHOLE_MARK + at)}"')
        at += 1
    twice: list[MalformedError] = []
    try:
        node = read_json("".join(marked), span.path, twice)
    except RefusedError as error:
        raise unknown(error.message) from None
    except MalformedError as error:
        if holes:
            # What is not known may well make it whole.
            raise unknown(holes[0].reason) from None
        raise wrong(f"no JSON: {error.message}") from None
    if twice:
        raise unknown("a key that stands twice")
    return _read(node, holes, span, 0)


def _ends_in_quotes(part: str, *, inside: bool) -> bool:
    at = 0
    while at < len(part):
        if inside and part[at] == "\\":
            at += 1
        elif part[at] == '"':
            inside = not inside
        at += 1
    return inside


def _read(node: Node, holes: tuple[Hole, ...], span: Span, depth: int) -> Datum:
    if depth > DEEPEST:
        raise unknown("a value too large to work with")
    match node:
        case Scalar(value=str() as value):
            return Datum(_text(value, holes), span)
        case Scalar(value=int() | float() as value, text=text) if not isinstance(value, bool):
            return Datum(number_of(text), span)
        case Scalar(value=value):
            return Datum(value, span)
        case Mapping(entries=entries):
            if any(_MARK.search(key.text) for key, _ in entries):
                return Datum(Open("a key that is not known"), span)
            return Datum(Fields({key.text: (span, _read(each, holes, span, depth + 1)) for key, each in entries}), span)
        case _:
            return Datum(Items(tuple(_read(each, holes, span, depth + 1) for each in node.items)), span)


def _text(value: str, holes: tuple[Hole, ...]) -> Content:
    """A text with the holes back in it."""
    if not _MARK.search(value):
        return value
    if len(value) == 1 and ord(value) < _PART_MARK:
        return _whole_value(holes[ord(value) - _WHOLE_MARK])
    pieces = _MARK.split(value)
    text = joined(*(holes[ord(piece) - _PART_MARK] if at % 2 else piece for at, piece in enumerate(pieces)))
    if len(text.parts) == 1 and isinstance(text.parts[0], Hole):
        hole = text.parts[0]
        return Open(hole.reason, hole.stands_for, hole.parameter, type=hole.type)
    return plain(text)


def _whole_value(hole: Hole) -> Open:
    """The value that a hole stands for."""
    stands_for, parameter = _unwrapped(hole.stands_for), _unwrapped(hole.parameter)
    return Open(
        hole.reason,
        hole.stands_for if stands_for is None else stands_for,
        hole.parameter if parameter is None else parameter,
        type=hole.type,
    )


FUNCTIONS = {
    "jsondecode": Function(json_decode, 1, 1),
    "jsonencode": Function(json_encode, 1, 1),
}
