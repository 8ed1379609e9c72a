"""How Terraform converts values: to a type that is asked for, or to one that several values have in common.

https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.read.terraform.kinds import (
    ANY,
    MOST_PARTS,
    WRONG,
    ListOf,
    MapOf,
    SetOf,
    TooManyPartsError,
    Type,
    named,
    refused,
    type_of,
)
from recoverable.read.terraform.numerals import exact, general, number_of
from recoverable.read.terraform.operators import as_bool, as_number, as_text
from recoverable.read.terraform.operators import same as same_values
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from recoverable.read.data import Content
    from recoverable.source import Span

#: As many sets of unknown things as one may be, no more are compared with each other.
MOST_UNKNOWN = 200


def common_type(types: Sequence[Type]) -> Type | None:
    """The type that all of these convert to, None if there is none. Types that are not known take any."""
    known = tuple(dict.fromkeys(type_ for type_ in types if type_ != ANY))
    if len(known) < 2:
        return known[0] if known else ANY
    kinds = {type_.kind for type_ in known}
    if kinds == {"object"}:
        return _common_object(known)
    if kinds == {"tuple"}:
        return _common_tuple(known)
    if len(kinds) == 1 and kinds <= {"list", "set", "map"}:
        return _collection(known[0].kind, [type_.of[0] for type_ in known])
    if kinds in ({"map", "object"}, {"list", "tuple"}):
        flat = [part for type_ in known for part in type_.of]
        found = _collection("map" if "map" in kinds else "list", flat)
        if found is not None:
            return found
    # A text takes any single value, a list any set or tuple, a set any tuple.
    preferred = sorted(known, key=_rank)
    return next((one for one in preferred if all(convertible(other, one) for other in known)), None)


def _rank(type_: Type) -> tuple[int, ...]:
    """Where a type stands among those that others may convert to: the most general first."""
    order = ("string", "list", "set", "map")
    own = order.index(type_.kind) if type_.kind in order else len(order)
    return (own, *_rank(type_.of[0])) if type_.kind in ("list", "set", "map") else (own,)


def _collection(kind: str, parts: Sequence[Type]) -> Type | None:
    part = common_type(parts)
    return None if part is None else Type(kind, (part,))


def _common_object(types: Sequence[Type]) -> Type | None:
    names = types[0].names
    if any(type_.names != names for type_ in types):
        return _collection("map", [part for type_ in types for part in type_.of])
    parts = tuple(common_type(across) for across in zip(*(type_.of for type_ in types), strict=True))
    found = tuple(part for part in parts if part is not None)
    return Type("object", found, names) if len(found) == len(parts) else None


def _common_tuple(types: Sequence[Type]) -> Type | None:
    if any(len(type_.of) != len(types[0].of) for type_ in types):
        return _collection("list", [part for type_ in types for part in type_.of])
    parts = tuple(common_type(across) for across in zip(*(type_.of for type_ in types), strict=True))
    found = tuple(part for part in parts if part is not None)
    return Type("tuple", found) if len(found) == len(parts) else None


def convertible(one: Type, other: Type) -> bool:
    """Whether there is a conversion of one type to another; it may still fail for some values."""
    if one == other or ANY in (one, other):
        return True
    match one.kind, other.kind:
        case "string" | "number" | "bool", "string" | "number" | "bool":
            return "string" in (one.kind, other.kind)
        case ("list" | "set", "list" | "set") | ("map", "map"):
            return convertible(one.of[0], other.of[0])
        case ("tuple", "list" | "set") | ("object", "map"):
            return all(convertible(part, other.of[0]) for part in one.of)
        case "tuple", "tuple":
            return len(one.of) == len(other.of) and all(map(convertible, one.of, other.of))
        case "object", "object":
            has = dict(zip(one.names, one.of, strict=True))
            wanted = zip(other.names, other.of, strict=True)
            return all(name in has and convertible(has[name], part) for name, part in wanted)
        case "map", "object":
            return all(convertible(one.of[0], part) for part in other.of)
        case _:
            return False


def converted(datum: Datum, wanted: Type) -> Datum:
    """A value as one of a type. What is not known stays so; what cannot be converted is refused.

    Raises TooManyPartsError.
    """
    return _Converting().to(datum, wanted)


class _Converting:
    __slots__ = ("parts",)

    def __init__(self) -> None:
        self.parts = 0

    def to(self, datum: Datum, wanted: Type) -> Datum:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise TooManyPartsError
        content = datum.content
        if wanted == ANY or content is None or isinstance(content, Open):
            return datum
        return Datum(self._content(datum, wanted), datum.origin, datum.notes)

    def _content(self, datum: Datum, wanted: Type) -> Content:
        match wanted.kind, datum.content:
            case "string", _:
                text = as_text(datum)
                return text if isinstance(text, Open) else _plain(text)
            case "number", _:
                return as_number(datum)
            case "bool", _:
                return as_bool(datum)
            case "list" | "set" | "tuple", Items() as items:
                return self._items(items, wanted)
            case "map" | "object", Fields() as fields:
                return self._fields(fields, wanted)
            case kind, content:
                return refused(f"{named(content)} is no {kind}")

    def _items(self, items: Items, wanted: Type) -> Content:
        members = tuple(items)
        if wanted.kind == "tuple":
            if len(members) != len(wanted.of) or isinstance(items, ListOf | SetOf):
                return refused(f"a list of {len(members)} is no tuple of {len(wanted.of)}")
            return self._sound(Items(tuple(map(self.to, members, wanted.of)), items.open))
        part = wanted.of[0]
        if part == ANY:
            if any(member.content is None for member in members) and any(
                isinstance(member.content, Items | Fields) for member in members
            ):
                return Open("null beside lists or maps")
            types = [type_of(member) for member in members]
            found = common_type(types)
            if found is None:
                return _no_common(types, "its items have no type in common")
            part = items.of if found == ANY and isinstance(items, ListOf | SetOf) else found
        made = tuple(self.to(member, part) for member in members)
        if wanted.kind == "set":
            return self._sound(set_of(made, items.open, part))
        return self._sound(ListOf(made, items.open, part))

    def _fields(self, fields: Fields, wanted: Type) -> Content:
        pairs = list(fields.items())
        if wanted.kind == "object":
            types = dict(zip(wanted.names, wanted.of, strict=True))
            present = dict(pairs)
            missing = next((name for name in types if name not in present), None)
            if missing is not None:
                return Open(fields.open) if fields.open else refused(f"there is no {missing}")
            made = {name: (_place(fields, name, present[name]), self.to(present[name], types[name])) for name in types}
            return self._sound(Fields(dict(made)))
        part = wanted.of[0]
        if part == ANY:
            types_ = [type_of(value) for _, value in pairs]
            found = common_type(types_)
            if found is None:
                return _no_common(types_, "its values have no type in common")
            part = fields.of if found == ANY and isinstance(fields, MapOf) else found
        made = {key: (_place(fields, key, value), self.to(value, part)) for key, value in pairs}
        return self._sound(MapOf(dict(made), fields.open, part))

    def _sound(self, made: Items | Fields) -> Content:
        """A collection, or what is wrong with one of its parts."""
        parts: Iterable[Datum] = made if isinstance(made, Items) else (value for _, value in made.items())
        return next((part.content for part in parts if is_wrong(part.content)), made)


def _no_common(types: Sequence[Type], reason: str) -> Open:
    """What values without a common type make: nothing, unless something of them is not known, whose type may be one."""
    return Open(reason) if any(map(_has_any, types)) else refused(reason)


def _has_any(type_: Type) -> bool:
    return type_ == ANY or any(map(_has_any, type_.of))


def _place(fields: Fields, key: str, value: Datum) -> Span:
    return fields.place(key) or value.origin


def is_wrong(content: Content) -> bool:
    """Whether Terraform would refuse to make it."""
    return isinstance(content, Open) and content.type == WRONG


def refusal(datum: Datum, *, whole: bool) -> Open | None:
    """What Terraform refuses in a value: itself, or with `whole` any of its parts, which are worked out for that."""
    waiting = [datum]
    # What was looked at is kept: its identity stands for it.
    seen: dict[int, Content] = {}
    while waiting and len(seen) < MOST_PARTS:
        content = waiting.pop().content
        match content:
            case Open(type=kind) if kind == WRONG:
                return content
            case Text() as text:
                failed = next((hole for hole in text.holes() if hole.type == WRONG), None)
                if failed is not None:
                    return refused(failed.reason)
            case Items() | Fields() if whole and id(content) not in seen:
                seen[id(content)] = content
                waiting.extend(content if isinstance(content, Items) else (value for _, value in content.items()))
            case _:
                pass
    return None


def _plain(text: Text) -> str | Text:
    whole = text.literal()
    return text if whole is None else whole


def set_of(members: Iterable[Datum], open_: str = "", of: Type = ANY) -> SetOf:
    """A set of values that are of one type already: each once, in Terraform's order."""
    known: dict[str, Datum] = {}
    nothing: Datum | None = None
    unknown: list[Datum] = []
    for member in members:
        if member.content is None:
            nothing = nothing or member
            continue
        key = _key(member, 0)
        if key is not None:
            known.setdefault(key, member)
        elif len(unknown) > MOST_UNKNOWN or not any(same_values(member, other) is True for other in unknown):
            unknown.append(member)
    ordered = [known[key] for key in sorted(known, key=lambda key: _order(known[key], key))]
    if nothing is not None:
        ordered.append(nothing)
    if unknown and len(ordered) + len(unknown) > 1 and not open_:
        open_ = "some of its items are not known, and may be the same"
    return SetOf((*ordered, *unknown), open_, of)


def _order(datum: Datum, key: str) -> tuple[bool, Decimal | int, str]:
    """Numbers by their size, everything else by what is written."""
    content = datum.content
    is_number = isinstance(content, int | float)
    return not is_number, exact(content) if isinstance(content, int | float) else 0, key


def _key(datum: Datum, depth: int) -> str | None:
    """A text that is the same for equal values only, None for what is not wholly known. Terraform sorts sets by it."""
    match datum.content:
        case bool() as content:
            return "T" if content else "F"
        case int() | float() as content:
            # Terraform sorts by ten digits; numbers that differ behind them are told apart all the same.
            short = general(exact(content), 10)
            return short if number_of(short) == content else f"{short} {content}"
        case str() | Text():
            text = datum.text().literal()
            return _quoted(text) if depth and text is not None else text
        case None:
            return "~"
        case Items() as items if depth < 50 and not items.open:
            keys = [_key(item, depth + 1) for item in items]
            marks = "[]" if isinstance(items, ListOf | SetOf) else "<>"
        case Fields() as fields if depth < 50 and not fields.open:
            pairs = sorted(fields.items(), key=lambda pair: pair[0])
            keys = [_key(value, depth + 1) for _, value in pairs]
            marks = "<>"
            if isinstance(fields, MapOf):
                marks = "{}"
                keys = [key and f"{_quoted(name)}:{key}" for (name, _), key in zip(pairs, keys, strict=True)]
        case _:
            return None
    found = [key for key in keys if key is not None]
    return f"{marks[0]}{''.join(f'{key};' for key in found)}{marks[1]}" if len(found) == len(keys) else None


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
