"""Lists of backup resources in every input kind: ARNs, tag tests, mappings; and why they may be longer."""

from __future__ import annotations

from recoverable.estate.backup import TagTest, Written
from recoverable.read.data import Datum, Fields, Open, Property, find, literal
from recoverable.text import Hole, Text
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The same names, with a number to those that are there already."""
    found: dict[str, None] = {}
    for name in names:
        unique, count = name, 1
        while unique in found:
            count += 1
            unique = f"{name} ({count})"
        found[unique] = None
    return tuple(found)


def inside(found: Property) -> Datum:
    """What a property holds, to look into; of one that is left out, nothing, or nothing that is known."""
    return found.datum or Datum(Fields({}, found.open), found.near)


def days(found: Property) -> Value[int | None]:
    """A number of days of a lifecycle; -1 says never, as leaving it out does.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
    """
    return found.optional_number().map(lambda number: None if number == -1 else number)


def mappings(datum: Datum) -> tuple[tuple[Datum, ...], str]:
    """The mappings of a list, and why there may be more: an item that cannot be told may be none at all."""
    items = datum.list()
    opened = items.open
    found = []
    for item in items:
        if isinstance(item.content, Open):
            opened = opened or item.content.reason
        else:
            found.append(item)
    return tuple(found), opened


def texts(found: Property) -> tuple[tuple[Written, ...], str]:
    """A list of texts, and why there may be more."""
    if found.datum is None:
        return (), found.open
    items = found.datum.list()
    return tuple(Written(item.text(), item.origin) for item in items), items.open


def strings(found: Property) -> Value[tuple[str, ...]]:
    """A list of texts, empty where it is left out, and not known if one of them is not."""
    if found.datum is None:
        return Value(
            found.name, Unknown(found.open, found.near) if found.open else Known((), found.near, defaulted=True)
        )
    items = found.datum.list()
    opened = items.open
    names = []
    for item in items:
        name = literal(item)
        if name is None:
            opened = opened or item.text().why_open()
        else:
            names.append(name)
    if opened:
        return Value(found.name, Unknown(opened, found.datum.origin, found.datum.notes))
    return Value(found.name, Known(tuple(names), found.near, notes=found.datum.notes))


def tag_tests(found: Property, operator: str, key: str, value: str) -> tuple[tuple[TagTest, ...], str]:
    """`ListOfTags`: mappings of an operator, a key and a value."""
    if found.datum is None:
        return (), found.open
    items, opened = mappings(found.datum)
    return tuple(
        TagTest(
            operator=find(item, item.origin, operator).string(""),
            key=text_at(item, key),
            value=text_at(item, value),
            origin=item.origin,
        )
        for item in items
    ), opened


def tests_by_operator(found: Property, key: str, value: str) -> tuple[tuple[TagTest, ...], str]:
    """`Conditions`: under each operator a list of mappings of a key and a value."""
    if found.datum is None:
        return (), found.open
    fields = found.datum.fields()
    opened = fields.open
    tests: list[TagTest] = []
    for operator, listed in fields.items():
        place = fields.place(operator) or listed.origin
        items, more = mappings(listed)
        opened = opened or more
        tests.extend(
            TagTest(Value("operator", Known(operator, place)), text_at(item, key), text_at(item, value), item.origin)
            for item in items
        )
    return tuple(tests), opened


def controls(listed: Property, name: str) -> tuple[tuple[Written, ...], str]:
    """The controls of an audit framework by their names, and why there may be more."""
    written, opened = ((), listed.open) if listed.datum is None else mappings(listed.datum)
    return tuple(Written(text_at(item, name), item.origin) for item in written), opened


def text_at(owner: Datum, key: str) -> Text:
    """The text under a key; one that is missing is a hole."""
    found = find(owner, owner.origin, key)
    if found.datum is None:
        return Text((Hole(found.open or f"there is no {key}"),))
    return found.datum.text()
