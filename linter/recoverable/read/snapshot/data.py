"""What AWS answered, as data: JSON as botocore gives it, every part of it standing where the call stands.

AWS leaves out what is not set and never answers null, so that null, and a value of the wrong kind, mean nothing known.
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open, Property, find
from recoverable.typed import cast
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverable.source import Call, Span
    from recoverable.typed import TypeVar

    T = TypeVar("T")

#: Results are nested a few levels deep, policy documents a few more.
DEPTH_LIMIT = 100


def datum(value: object, origin: Call, opened: str = "", depth: int = 0) -> Datum:
    """A part of an answer. Whatever it holds, this raises nothing. `opened` says why mappings may hold more."""
    # Readers of data carry places along and never look into them, so that a call can stand where a span stands.
    at = cast("Span", origin)
    if depth > DEPTH_LIMIT:
        return Datum(Open(f"{origin.operation} answered with something nested too deep"), at)
    match value:
        case None:
            return Datum(Open(f"{origin.operation} answered with null"), at)
        case bool() | int() | float() | str():
            return Datum(value, at)
        case dict():
            entries = {str(key): (at, datum(item, origin, opened, depth + 1)) for key, item in value.items()}
            return Datum(Fields({**entries}, opened), at)
        case list():
            return Datum(Items(tuple(datum(item, origin, opened, depth + 1) for item in value)), at)
        case _:
            return Datum(Open(f"{origin.operation} answered with what is no JSON"), at)


def unread(reason: str, origin: Call) -> Datum:
    """An answer that was not had, and why."""
    return Datum(Open(reason), cast("Span", origin))


def about(part: Datum, resource: str) -> Datum:
    """An entry of a list, standing where its own ARN says."""
    place = cast("Span", cast("Call", part.origin)._replace(resource=resource))
    match part.content:
        case Fields() as fields:
            entries = {key: (place, about(value, resource)) for key, value in fields.items()}
            return Datum(Fields({**entries}, fields.open), place)
        case Items() as items:
            return Datum(Items(tuple(about(item, resource) for item in items), items.open), place)
        case content:
            return Datum(content, place)


def at(owner: Datum, *path: str) -> Property:
    """A property that AWS leaves out where it is not set."""
    return find(owner, owner.origin, *path)


def told(owner: Datum, *path: str) -> Property:
    """A property that AWS always answers with: where it is missing, nothing is known of it."""
    found = find(owner, owner.origin, *path)
    if found.datum is None and not found.open:
        call = cast("Call", owner.origin)
        return found._replace(open=f"{call.operation} did not tell {path[-1]}")
    return found


def listed(owner: Datum, *path: str) -> tuple[tuple[Datum, ...], str]:
    """The mappings of a list that AWS always answers with, and why there may be more."""
    found = told(owner, *path)
    if found.datum is None:
        return (), found.open
    if not isinstance(found.datum.content, Items):
        reason = found.datum.content.reason if isinstance(found.datum.content, Open) else f"{path[-1]} is no list"
        return (), reason
    items, opened = [], ""
    for item in found.datum.list():
        if isinstance(item.content, Fields):
            items.append(item)
        else:
            opened = opened or f"{path[-1]} holds something that cannot be read"
    return tuple(items), opened


def chosen(found: Property, name: str, meanings: Mapping[str, T]) -> Value[T]:
    """A property by what its words mean; a word that is not known means nothing that is known."""
    value = found.string("")
    state = value.state
    if isinstance(state, Unknown):
        return Value(name, state)
    if state.value not in meanings:
        return Value(name, Unknown(f"{found.name} is {state.value or 'empty'}", state.origin, state.notes))
    return Value(name, Known(meanings[state.value], state.origin, state.defaulted, state.notes))


def word(owner: Datum, *path: str) -> str:
    """A text that things are told apart by, empty where it is not known."""
    return told(owner, *path).string("").known() or ""
