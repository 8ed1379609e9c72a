"""Lists, sets and maps, which Terraform tells from tuples and objects as they are written; and types.

https://developer.hashicorp.com/terraform/language/expressions/types
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open, kind_of
from recoverable.text import Hole, Text
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Content, Pending
    from recoverable.source import Span


class Type(NamedTuple):
    """A type of Terraform. `kind` is `string`, `number`, `bool`, `any` (not known, or null), `list`, `set`, `map`,
    `tuple` or `object`; `of` are the types of its parts: one for collections, those of a tuple in order, those of an
    object in the order of `names`.
    """

    kind: str
    of: tuple[Type, ...] = ()
    names: tuple[str, ...] = ()


ANY = Type("any")
STRING = Type("string")
NUMBER = Type("number")
BOOL = Type("bool")


class ListOf(Items):
    """A list whose items are of one type: of that which they are, or `of` where there are none."""

    __slots__ = ("of",)

    def __init__(self, items: tuple[Datum | Pending, ...], open_: str = "", of: Type = ANY) -> None:
        super().__init__(items, open_)
        self.of = of


class SetOf(Items):
    """A set: its items are of one type, none is there twice, and they stand in order.

    While an item is not known, it may be the same as another: then `open` says so.
    """

    __slots__ = ("of",)

    def __init__(self, items: tuple[Datum | Pending, ...], open_: str = "", of: Type = ANY) -> None:
        super().__init__(items, open_)
        self.of = of


class MapOf(Fields):
    """A map: its values are of one type."""

    __slots__ = ("of",)

    def __init__(self, entries: dict[str, tuple[Span, Datum | Pending]], open_: str = "", of: Type = ANY) -> None:
        super().__init__(entries, open_)
        self.of = of


class Member:
    """The value of a key in a mapping, worked out when it is asked for."""

    __slots__ = ("_fields", "_key", "_place")

    def __init__(self, fields: Fields, key: str, place: Span) -> None:
        self._fields = fields
        self._key = key
        self._place = place

    def force(self) -> Datum:
        found = self._fields.get(self._key)
        if found is not None:
            return found
        return Datum(Open(self._fields.open or f"there is no {self._key}"), self._place)


#: Marks what Terraform itself would refuse, which `try` and `can` turn on.
WRONG = "wrong"

#: A value of more parts than this is somebody's bomb.
MOST_PARTS = 20_000


#: Values in values, deeper than anybody writes them.
DEEPEST = 100


def refused(reason: str) -> Open:
    """Content that Terraform would refuse to make."""
    return Open(reason, type=WRONG)


class TooManyPartsError(Exception):
    """A value that is too large to be looked through."""


def is_refused(datum: Datum) -> bool:
    """Whether Terraform would refuse to make a value."""
    return isinstance(datum.content, Open) and datum.content.type == WRONG


def type_of(datum: Datum) -> Type:
    """The type of a value; all of it is looked at. Raises TooManyPartsError."""
    return _Measuring().type(datum, 0)[0]


class _Measuring:
    """Types of a value's parts, and how many parts they have. What is used in many places is looked at once."""

    __slots__ = ("found", "kept")

    def __init__(self) -> None:
        self.found: dict[int, tuple[Type, int]] = {}
        # What is measured must outlive the measuring: its identity stands for it.
        self.kept: list[Content] = []

    def type(self, datum: Datum, depth: int) -> tuple[Type, int]:
        content = datum.content
        match content:
            case bool():
                return BOOL, 1
            case int() | float():
                return NUMBER, 1
            case str() | Text():
                return STRING, 1
            case Items() | Fields():
                known = self.found.get(id(content))
                if known is None:
                    self.kept.append(content)
                    if depth > DEEPEST:
                        raise TooManyPartsError
                    known = self.found[id(content)] = self._of(content, depth + 1)
                return known
            case _:
                return ANY, 1

    def _of(self, content: Items | Fields, depth: int) -> tuple[Type, int]:
        names: tuple[str, ...] = ()
        if isinstance(content, Items):
            parts = [self.type(item, depth) for item in content]
        else:
            pairs = sorted(content.items(), key=lambda pair: pair[0])
            names = tuple(key for key, _ in pairs)
            parts = [self.type(value, depth) for _, value in pairs]
        size = 1 + sum(size for _, size in parts)
        if size > MOST_PARTS:
            raise TooManyPartsError
        types = tuple(type_ for type_, _ in parts)
        match content:
            case ListOf(of=of):
                return Type("list", (_first(types, of),)), size
            case SetOf(of=of):
                return Type("set", (_first(types, of),)), size
            case MapOf(of=of):
                return Type("map", (_first(types, of),)), size
            case Items():
                return Type("tuple", types), size
            case _:
                return Type("object", types, names), size


def _first(types: tuple[Type, ...], otherwise: Type) -> Type:
    return next((type_ for type_ in types if type_ != ANY), otherwise)


def is_one_text(open_: Open | Hole) -> bool:
    """Whether something not known is surely a text, neither null nor empty: what a resource is called by."""
    return open_.stands_for.endswith((".Arn", ".Ref", ".KeyId", ".TargetKeyId"))


def named(content: Content) -> str:
    """What a content is, in the words of Terraform."""
    match content:
        case SetOf():
            return "a set"
        case Fields():
            return "a map"
        case Open():
            return "something unknown"
        case None:
            return "null"
        case _:
            return kind_of(content)
