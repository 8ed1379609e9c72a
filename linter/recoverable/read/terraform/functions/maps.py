"""Functions on maps and objects.

https://developer.hashicorp.com/terraform/language/functions#collection-functions
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.read.terraform.conversions import common_type, converted, is_wrong
from recoverable.read.terraform.functions.arguments import Function, Given, StopError, all_of, unknown, whole, wrong
from recoverable.read.terraform.kinds import ANY, STRING, ListOf, MapOf, Member, Type, is_one_text, type_of
from recoverable.read.terraform.operators import as_text
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Content, Pending
    from recoverable.source import Span

    Entries = dict[str, tuple[Span, Datum | Pending]]


def merge(given: Given) -> Content:
    """Of keys that stand twice the later one counts; behind a map that is not wholly known, so may what it holds."""
    entries: Entries = {}
    opened = ""
    alike = True
    for at, argument in enumerate(given.arguments):
        if argument.content is None:
            continue
        if isinstance(argument.content, Open) and not is_wrong(argument.content):
            fields = Fields({}, argument.content.reason)
        else:
            fields = given.fields(at)
        if fields.open:
            # Any key that stands there already may have another value now.
            opened = fields.open
            unsure = Open(fields.open)
            entries = {key: (place, Datum(unsure, given.span)) for key, (place, _) in entries.items()}
        alike = alike and isinstance(fields, MapOf)
        for key in fields.keys():  # noqa: SIM118 (no dictionary)
            place = fields.place(key) or argument.origin
            entries[key] = (place, Member(fields, key, place))
    return MapOf(entries, opened) if alike and given.arguments else Fields(entries, opened)


def lookup(given: Given) -> Content | Datum:
    fields, key = given.fields(0), given.text(1)
    default = given.arguments[2] if len(given) > 2 else None
    if default is not None and isinstance(fields, MapOf):
        default = converted(default, type_of(given.arguments[0]).of[0])
        if is_wrong(default.content):
            return default
    found = fields.get(key)
    if found is not None:
        return found
    if fields.open:
        raise unknown(fields.open)
    if default is None:
        raise wrong(f"lookup() finds no {key}")
    return default


def keys(given: Given) -> Content:
    fields = given.fields(0)
    made = tuple(Datum(key, fields.place(key) or given.span) for key in sorted(fields.keys()))
    return ListOf(made, fields.open, STRING) if isinstance(fields, MapOf) else Items(made, fields.open)


def values(given: Given) -> Content:
    fields = given.fields(0)
    made = tuple(Member(fields, key, fields.place(key) or given.span) for key in sorted(fields.keys()))
    return ListOf(made, fields.open, fields.of) if isinstance(fields, MapOf) else Items(made, fields.open)


def zipmap(given: Given) -> Content:
    names, items = given.texts(0), given.sequence(1)
    members = items.unforced()
    if items.open:
        raise unknown(items.open)
    if len(names) != len(members):
        raise wrong("zipmap() takes as many keys as values")
    entries: Entries = {}
    for name, member in zip(names, members, strict=True):
        entries[_key(name)] = (name.origin, member)
    return MapOf(entries) if isinstance(items, ListOf) else Fields(entries)


def _key(name: Datum) -> str:
    text = as_text(name)
    if isinstance(text, Open):
        raise StopError(text)
    return whole(text)


def transpose(given: Given) -> Content:
    given.fields(0)
    content = converted(given.arguments[0], Type("map", (Type("list", (STRING,)),))).content
    if not isinstance(content, Fields):
        raise StopError(content if isinstance(content, Open) else Open("a map of lists was expected"))
    if content.open:
        raise unknown(content.open)
    made: dict[str, list[str]] = {}
    for key, value in content.items():
        if not isinstance(value.content, Items):
            raise given.misfit(0, "a map of lists") if value.content is None else unknown("a list that is not known")
        for item in all_of(value.content):
            made.setdefault(_key(item), []).append(key)
    entries: Entries = {}
    for key in sorted(made):
        texts = tuple(map(given.datum, sorted(made[key])))
        entries[key] = (given.span, given.datum(ListOf(texts)))
    return MapOf(entries, of=Type("list", (STRING,)))


def coalesce(given: Given) -> Content | Datum:
    """The first that is neither null nor an empty text, in the type that all of them have in common."""
    types = [type_of(argument) for argument in given.arguments]
    # Next to what has no type, Terraform leaves the others as they are.
    wanted = common_type(types) or (ANY if ANY in types else None)
    if wanted is None:
        raise wrong("coalesce() takes values of one type")
    for argument in given.arguments:
        if argument.content is None:
            continue
        made = converted(argument, wanted)
        match made.content:
            case Open() as open_ if is_one_text(open_):
                return made
            case Open() as open_:
                raise StopError(open_ if is_wrong(open_) else Open(open_.reason))
            case "":
                continue
            case Text() as text if not any(isinstance(piece, str) or is_one_text(piece) for piece in text.parts):
                # Whether it is empty cannot be told.
                raise unknown(text.why_open())
            case _:
                return made
    raise wrong("coalesce() finds nothing that is neither null nor empty")


FUNCTIONS = {
    "coalesce": Function(coalesce, 1, None),
    "keys": Function(keys, 1, 1),
    "lookup": Function(lookup, 2, 3),
    "merge": Function(merge, 0, None),
    "transpose": Function(transpose, 1, 1),
    "values": Function(values, 1, 1),
    "zipmap": Function(zipmap, 2, 2),
}
