"""Values as a document gives them once its references and functions are worked out, each with its place.

Every input kind ends in this: scalars, texts with holes, lists and mappings, any of which may be open, that is,
cannot be told.
"""

from __future__ import annotations

from recoverable.read.nodes import Mapping, Scalar
from recoverable.text import Hole, Text, joined
from recoverable.truth import Fact
from recoverable.typed import NamedTuple, Protocol, TypeVar
from recoverable.value import Known, Unknown, Value, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverable.read.nodes import Node
    from recoverable.scenario import Choice
    from recoverable.source import Span

T = TypeVar("T")
U = TypeVar("U")


class Open(NamedTuple):
    """Content that cannot be told, and why. `stands_for` names it where it has a name (`Orders.Arn`).

    `parameter` is the parameter whose value it is, and `choice` the choice that left it open, where there is one.
    `type` is the type of the resource that it is something of.
    """

    reason: str
    stands_for: str = ""
    parameter: str = ""
    choice: Choice | None = None
    type: str = ""


class Nothing(NamedTuple):
    """What `AWS::NoValue` leaves behind: as if it had not been written."""


class Pending(Protocol):
    """A value that is worked out when it is asked for, so that choices nobody asks about stay open."""

    def force(self) -> Datum: ...


class Fields:
    """A mapping. `open` says why it may have more keys than these; empty when these are all."""

    __slots__ = ("_entries", "open")

    def __init__(self, entries: dict[str, tuple[Span, Datum | Pending]], open_: str = "") -> None:
        self._entries = entries
        self.open = open_

    def get(self, key: str) -> Datum | None:
        """The value of a key, None if it is not there."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        value = entry[1]
        datum = value if isinstance(value, Datum) else value.force()
        return None if isinstance(datum.content, Nothing) else datum

    def place(self, key: str) -> Span | None:
        """Where the key itself stands."""
        entry = self._entries.get(key)
        return None if entry is None else entry[0]

    def keys(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def items(self) -> Iterator[tuple[str, Datum]]:
        for key in self._entries:
            datum = self.get(key)
            if datum is not None:
                yield key, datum


class Items:
    """A list. `open` says why it may have more items than these; empty when these are all."""

    __slots__ = ("_items", "open")

    def __init__(self, items: tuple[Datum | Pending, ...], open_: str = "") -> None:
        self._items = items
        self.open = open_

    def unforced(self) -> tuple[Datum | Pending, ...]:
        """The items as they stand, those among them that nobody has asked for yet left so."""
        return self._items

    def __iter__(self) -> Iterator[Datum]:
        for item in self._items:
            datum = item if isinstance(item, Datum) else item.force()
            if not isinstance(datum.content, Nothing):
                yield datum


Content = bool | int | float | str | None | Text | Open | Nothing | Fields | Items


class Datum(NamedTuple):
    """A content and where it was written; `notes` say what else mattered (a parameter's default, a parent stack).

    `encoded` is the value that the content is the JSON of, with the places of its parts, where those are known.
    """

    content: Content
    origin: Span
    notes: tuple[Fact, ...] = ()
    encoded: Datum | Pending | None = None

    def fields(self) -> Fields:
        """As a mapping; anything else is a mapping of which nothing is known."""
        match self.content:
            case Fields() as fields:
                return fields
            case Open(reason):
                return Fields({}, reason)
            case content:
                return Fields({}, f"a mapping was expected, not {kind_of(content)}")

    def list(self) -> Items:
        """As a list; a single value is a list of one, as CloudFormation and IAM read it."""
        match self.content:
            case Items() as items:
                return items
            case Open(reason, stands_for):
                return Items((), reason) if not stands_for else Items((self,))
            case _:
                return Items((self,))

    def text(self) -> Text:
        """As text; what cannot be told becomes a hole."""
        match self.content:
            case Text() as text:
                return text
            case str(content):
                return joined(content)
            case Open() as open_:
                return Text((Hole(open_.reason, open_.stands_for, open_.parameter, open_.type),))
            case bool() | int() | float() as content:
                return joined(written(content))
            case content:
                return Text((Hole(f"a text was expected, not {kind_of(content)}"),))


def as_written(node: Node, read: Callable[[str], str | Text] = str) -> Datum:
    """A tree as data, each part at its own place. What only a template can work out is open. `read` reads texts."""
    function = _function_of(node)
    if function:
        return Datum(Open(f"{function} is worked out by the template that includes this"), node.span)
    match node:
        case Scalar(value=value):
            return Datum(read(value) if isinstance(value, str) else value, node.span)
        case Mapping(entries=entries):
            return Datum(Fields({key.text: (key.span, as_written(value, read)) for key, value in entries}), node.span)
        case _:
            return Datum(Items(tuple(as_written(item, read) for item in node.items)), node.span)


def _function_of(node: Node) -> str:
    """The function of CloudFormation that stands in a piece of a template."""
    if node.tag.startswith("!") and not node.tag.startswith("!!"):
        return node.tag
    if isinstance(node, Mapping) and len(node.entries) == 1:
        name = node.entries[0][0].text
        return name if name == "Ref" or name.startswith("Fn::") else ""
    return ""


def worked_out(datum: Datum) -> Datum:
    """A value without anything that is still to be worked out, so that every choice in it is settled now."""
    match datum.content:
        case Fields() as fields:
            entries = {key: (fields.place(key) or value.origin, worked_out(value)) for key, value in fields.items()}
            return datum._replace(content=Fields({**entries}, fields.open))
        case Items() as items:
            return datum._replace(content=Items(tuple(worked_out(item) for item in items), items.open))
        case _:
            return datum


def literal(datum: Datum) -> str | None:
    """A datum's text, if all of it is known."""
    return None if isinstance(datum.content, Fields | Items | Nothing) else datum.text().literal()


def kind_of(content: Content) -> str:
    """What a content is, in words."""
    match content:
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str() | Text():
            return "a text"
        case Fields():
            return "a mapping"
        case Items():
            return "a list"
        case Open():
            return "something unknown"
        case _:
            return "nothing"


class Property(NamedTuple):
    """A property as found under its owner: its datum, or None with the reason why it may be there all the same.

    `near` is the closest place that was written: where a finding about something absent points.
    """

    name: str
    datum: Datum | None
    near: Span
    open: str = ""

    def boolean(self, default: bool) -> Value[bool]:
        """CloudFormation takes the text "true" for true."""
        return self._read(_boolean, default, "true or false")

    def number(self, default: int) -> Value[int]:
        return self._read(_number, default, "a whole number")

    def optional_number(self) -> Value[int | None]:
        return self._read(_number, None, "a whole number")

    def string(self, default: str) -> Value[str]:
        return self._read(_string, default, "a text")

    def optional_string(self) -> Value[str | None]:
        return self._read(_string, None, "a text")

    def optional_text(self) -> Value[Text | None]:
        """A text that may have holes, None where it is left out."""
        if self.datum is None:
            return Value(self.name, self._missing(None))
        return Value(self.name, Known(self.datum.text(), self.datum.origin, notes=self.datum.notes))

    def _missing(self, default: T) -> Known[T] | Unknown:
        return Unknown(self.open, self.near) if self.open else Known(default, self.near, defaulted=True)

    def _read(self, read: Callable[[Content], T | None], default: U, wanted: str) -> Value[T | U]:
        datum = self.datum
        if datum is None:
            state: Known[T | U] | Unknown = self._missing(default)
        elif isinstance(datum.content, Open):
            state = Unknown(datum.content.reason, datum.origin, datum.notes, datum.text())
        elif isinstance(datum.content, Text) and datum.content.literal() is None:
            state = Unknown(datum.content.why_open(), datum.origin, datum.notes, datum.content)
        else:
            value = read(datum.content)
            if value is None:
                state = Unknown(f"{wanted} was expected, not {_shown(datum.content)}", datum.origin, datum.notes)
            else:
                state = Known(value, datum.origin, notes=datum.notes)
        return Value(self.name, state)


def find(owner: Datum, near: Span, *path: str) -> Property:
    """The property at `path` below `owner`; `near` is where to point when not even its first key is written."""
    here: Datum | None = owner
    for key in path:
        assert here is not None
        fields = here.fields()
        found = fields.get(key)
        near = fields.place(key) or near
        if found is None:
            return Property(path[-1], None, near, fields.open)
        here = found
    return Property(path[-1], here, near)


def _boolean(content: Content) -> bool | None:
    if isinstance(content, bool):
        return content
    text = _string(content)
    return {"true": True, "false": False}.get(text.lower()) if text is not None else None


def _number(content: Content) -> int | None:
    if isinstance(content, bool):
        return None
    if isinstance(content, int | float):
        return int(content) if float(content).is_integer() else None
    text = (_string(content) or "").strip()
    return int(text) if len(text) < 20 and text.isascii() and text.removeprefix("-").isdigit() else None


def _string(content: Content) -> str | None:
    match content:
        case str():
            return content
        case Text():
            return content.literal()
        case bool() | int() | float():
            return written(content)
        case _:
            return None


def _shown(content: Content) -> str:
    text = _string(content)
    return kind_of(content) if text is None else text
