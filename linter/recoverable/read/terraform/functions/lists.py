"""Functions on lists and tuples. What is not known of a list stays so; the rest of it is worked with.

https://developer.hashicorp.com/terraform/language/functions#collection-functions
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.read.terraform.conversions import common_type, converted, is_wrong
from recoverable.read.terraform.functions.arguments import (
    MOST_ITEMS,
    Function,
    Given,
    StopError,
    all_of,
    unknown,
    wrong,
)
from recoverable.read.terraform.functions.texts import length_of
from recoverable.read.terraform.kinds import BOOL, DEEPEST, STRING, ListOf, SetOf, Type, is_one_text, type_of
from recoverable.read.terraform.operators import as_bool, as_text, same
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Content, Pending


def length(given: Given) -> Content:
    """Of a list, a map, or a text in characters."""
    match given.arguments[0].content:
        case Items() as items if not items.open:
            return len(items.unforced())
        case Fields() as fields if not fields.open:
            return len(fields.keys())
        case Items() | Fields() as some:
            return Open(some.open)
        case str() | Text():
            return length_of(given.template(0))
        case _:
            raise given.misfit(0, "a list, a map or a text")


def concat(given: Given) -> Content:
    """What follows a list of which the end is not known is not added: its place could not be told."""
    lists = [given.sequence(at) for at in range(len(given))]
    if all(isinstance(items, ListOf) for items in lists):
        return _concat_alike(given, lists)
    made: list[Datum | Pending] = []
    for items in lists:
        made += items.unforced()
        if len(made) > MOST_ITEMS:
            raise unknown("it makes too long a list")
    opened = next((items.open for items in lists if items.open), "")
    return Items(tuple(made), opened)


def _concat_alike(given: Given, lists: list[Items]) -> Content:
    """Lists of types that have one in common make a list of that type."""
    wanted = common_type([type_of(argument) for argument in given.arguments])
    if wanted is None:
        return Items(tuple(member for items in lists for member in items.unforced()))
    made: list[Datum | Pending] = []
    for argument in given.arguments:
        content = converted(argument, wanted).content
        if not isinstance(content, Items):
            raise StopError(content if isinstance(content, Open) else Open("lists of several types"))
        made += content.unforced()
    return ListOf(tuple(made), next((items.open for items in lists if items.open), ""))


def contains(given: Given) -> Content:
    items = given.items(0)
    unsure = items.open
    for item in items:
        answer = _same(given.arguments[1], item)
        if answer is True:
            return True
        if isinstance(answer, Open):
            unsure = unsure or answer.reason
    return Open(unsure) if unsure else False


def _same(one: Datum, other: Datum) -> bool | Open:
    answer = same(one, other)
    if is_wrong(answer if isinstance(answer, Open) else None):
        assert isinstance(answer, Open)
        raise StopError(answer)
    return answer


def index(given: Given) -> Content:
    items = given.sequence(0)
    for at, item in enumerate(items):
        answer = _same(given.arguments[1], item)
        if answer is True:
            return at
        if isinstance(answer, Open):
            raise unknown(answer.reason)
    if items.open:
        raise unknown(items.open)
    raise wrong("index() does not find it")


def element(given: Given) -> Content | Datum:
    """An index behind the end goes round and round."""
    items, at = given.sequence(0), given.integer(1)
    members = items.unforced()
    if items.open and not 0 <= at < len(members):
        raise unknown(items.open)
    if not members:
        raise wrong("element() takes a list that is not empty")
    if at < 0 and at % len(members):
        # An error until Terraform 1.12, an item counted from the end since.
        raise unknown("element() with an index below zero")
    found = members[at % len(members)]
    return found if isinstance(found, Datum) else found.force()


def one(given: Given) -> Content | Datum:
    items = given.items(0)
    members = items.unforced()
    if len(members) > 1:
        if items.open:
            raise unknown(items.open)
        raise wrong("one() takes a list of at most one item")
    if items.open:
        raise unknown(items.open)
    if not members:
        return None
    return members[0] if isinstance(members[0], Datum) else members[0].force()


def part(given: Given) -> Content:
    items, start, end = given.sequence(0), given.integer(1), given.integer(2)
    members = items.unforced()
    if items.open and end > len(members):
        raise unknown(items.open)
    if not 0 <= start <= end <= len(members):
        raise wrong(f"a list of {len(members)} has no slice from {start} to {end}")
    return ListOf(members[start:end]) if isinstance(items, ListOf) else Items(members[start:end])


def reverse(given: Given) -> Content:
    items = given.items(0)
    if items.open:
        raise unknown(items.open)
    made = items.unforced()[::-1]
    return Items(made) if type(items) is Items else ListOf(made)


def flatten(given: Given) -> Content:
    """Lists in lists become one. What is not known may be a list itself, so that the length stays open with it."""
    flat = _Flat()
    flat.add(given.items(0), 0)
    return Items(tuple(flat.made), flat.opened)


class _Flat:
    __slots__ = ("lists", "made", "opened")

    def __init__(self) -> None:
        self.made: list[Datum] = []
        self.opened = ""
        self.lists = 0

    def add(self, items: Items, depth: int) -> None:
        self.lists += 1
        self.opened = self.opened or items.open
        if depth > DEEPEST or self.lists > MOST_ITEMS:
            raise unknown("a value too large to work with")
        for item in items:
            if isinstance(item.content, Items):
                self.add(item.content, depth + 1)
                continue
            if isinstance(item.content, Open):
                if is_wrong(item.content):
                    raise StopError(item.content)
                if not is_one_text(item.content):
                    self.opened = item.content.reason
            self.made.append(item)
            if len(self.made) > MOST_ITEMS:
                raise unknown("it makes too long a list")


def distinct(given: Given) -> Content:
    made: list[Datum] = []
    for item in given.like_items(0):
        unsure = ""
        for other in made:
            answer = same(item, other)
            if answer is True:
                break
            if isinstance(answer, Open):
                unsure = answer.reason
        else:
            if unsure:
                return ListOf(tuple(given.like_items(0)), "some of its items are not known, and may be the same")
            made.append(item)
    return ListOf(tuple(made))


def compact(given: Given) -> Content:
    """Without what is null or empty. What is not known stays: whether it is empty cannot be told."""
    made = []
    opened = ""
    for item in given.texts(0):
        text = None if item.content is None else as_text(item)
        if text is None:
            continue
        if isinstance(text, Open):
            raise StopError(text)
        if text.literal() != "":
            made.append(item)
        if text.parts and not any(isinstance(piece, str) or is_one_text(piece) for piece in text.parts):
            opened = text.why_open()
    return ListOf(tuple(made), opened, STRING)


def coalesce_lists(given: Given) -> Content | Datum:
    if any(isinstance(argument.content, SetOf) for argument in given.arguments):
        raise wrong("coalescelist() takes no sets")
    for argument in given.arguments:
        match argument.content:
            case None:
                continue
            case Items() as items if items.unforced():
                return argument
            case Items() as items:
                if items.open:
                    raise unknown(items.open)
            case Open() as open_:
                raise unknown(open_.reason)
            case _:
                raise wrong("coalescelist() takes lists")
    raise wrong("coalescelist() finds no list that is not empty")


def all_true(given: Given) -> Content:
    """Null is not true."""
    return _settled_by(given, deciding=False)


def any_true(given: Given) -> Content:
    return _settled_by(given, deciding=True)


def _settled_by(given: Given, *, deciding: bool) -> Content:
    """What one flag is enough for, the other if none is; one that is not known leaves it open."""
    unsure = ""
    for item in _flags(given):
        held = False if item.content is None else as_bool(item)
        if held is deciding:
            return deciding
        if isinstance(held, Open):
            unsure = held.reason
    return Open(unsure) if unsure else not deciding


def _flags(given: Given) -> tuple[Datum, ...]:
    items = given.items(0)
    content = converted(given.arguments[0], Type("list", (BOOL,))).content
    if isinstance(content, Open):
        raise StopError(content)
    assert isinstance(content, Items)
    return (*content, given.datum(Open(items.open))) if items.open else tuple(content)


def chunks(given: Given) -> Content:
    members, size = given.like_items(0), given.integer(1)
    if size < 0:
        raise wrong("chunklist() takes a size that is not negative")
    if not members:
        return ListOf(())
    size = size or len(members)
    pieces = (tuple(members[at : at + size]) for at in range(0, len(members), size))
    return ListOf(tuple(given.datum(ListOf(piece)) for piece in pieces))


def match_keys(given: Given) -> Content:
    values = given.like_items(0)
    keys, wanted = given.arguments[1], given.arguments[2]
    given.items(1)
    given.items(2)
    alike = common_type([Type("list", (common_type(type_of(each).of) or BOOL,)) for each in (keys, wanted)])
    if alike is None:
        raise wrong("matchkeys() takes keys and a searchset of one type")
    lists = [converted(each, alike).content for each in (keys, wanted)]
    names, found = [all_of(each) if isinstance(each, Items) else () for each in lists]
    if len(values) != len(names):
        raise wrong("matchkeys() takes as many keys as values")
    made = []
    for value, name in zip(values, names, strict=True):
        answers = [same(name, each) for each in found]
        if True in answers:
            made.append(value)
        else:
            unsure = next((answer for answer in answers if isinstance(answer, Open)), None)
            if unsure is not None:
                raise unknown(unsure.reason)
    return ListOf(tuple(made))


FUNCTIONS = {
    "alltrue": Function(all_true, 1, 1),
    "anytrue": Function(any_true, 1, 1),
    "chunklist": Function(chunks, 2, 2),
    "coalescelist": Function(coalesce_lists, 1, None),
    "compact": Function(compact, 1, 1),
    "concat": Function(concat, 1, None),
    "contains": Function(contains, 2, 2),
    "distinct": Function(distinct, 1, 1),
    "element": Function(element, 2, 2),
    "flatten": Function(flatten, 1, 1),
    "index": Function(index, 2, 2),
    "length": Function(length, 1, 1),
    "matchkeys": Function(match_keys, 3, 3),
    "one": Function(one, 1, 1),
    "reverse": Function(reverse, 1, 1),
    "slice": Function(part, 3, 3),
}
