"""Functions on sets, and conversions from one type to another.

https://developer.hashicorp.com/terraform/language/functions#type-conversion-functions
"""

from __future__ import annotations

from itertools import product

from recoverable.read.data import Datum, Items, Open
from recoverable.read.terraform.conversions import common_type, converted, is_wrong, set_of
from recoverable.read.terraform.functions.arguments import MOST_ITEMS, Function, Given, StopError, unknown, wrong
from recoverable.read.terraform.kinds import ANY, BOOL, NUMBER, STRING, ListOf, SetOf, Type, type_of
from recoverable.read.terraform.operators import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.read.data import Content


def _to(wanted: Type) -> Callable[[Given], Datum]:
    """The function that converts to a type. What is not known is passed on as it is: it will be of that type."""
    return lambda given: converted(given.arguments[0], wanted)


def union(given: Given) -> Content:
    sets = _sets(given)
    return set_of([member for members in sets for member in members], _opened(sets), sets[0].of)


def intersection(given: Given) -> Content:
    first, *others = _sets(given)
    kept = [member for member in first if all(_in(member, other) for other in others)]
    return set_of(kept, _opened([first, *others]), first.of)


def difference(given: Given) -> Content:
    first, other = _sets(given)
    return set_of([member for member in first if not _in(member, other)], _opened([first, other]), first.of)


def _opened(sets: list[SetOf]) -> str:
    return next((members.open for members in sets if members.open), "")


def _in(member: Datum, members: SetOf) -> bool:
    """Whether something is in a set. Raises StopError where that cannot be told."""
    unsure = members.open
    for other in members:
        answer = same(member, other)
        if answer is True:
            return True
        if isinstance(answer, Open):
            unsure = answer.reason
    if unsure:
        raise unknown(unsure)
    return False


def _sets(given: Given) -> list[SetOf]:
    """The arguments as sets of one type."""
    parts = []
    for at, argument in enumerate(given.arguments):
        given.items(at, "a set")
        made = converted(argument, Type("set", (ANY,)))
        parts.append(type_of(made).of[0] if isinstance(made.content, Items) else ANY)
    wanted = common_type(parts)
    if wanted is None:
        raise (
            unknown("sets that may be of one type") if ANY in parts else wrong(f"{given.name}() takes sets of one type")
        )
    return [_set(converted(argument, Type("set", (wanted,)))) for argument in given.arguments]


def _set(datum: Datum) -> SetOf:
    if not isinstance(datum.content, SetOf):
        raise StopError(datum.content if isinstance(datum.content, Open) else Open("a set was expected"))
    return datum.content


def set_product(given: Given) -> Content:
    """All combinations: a list if no argument is a set, else a set."""
    columns = []
    types = []
    total = 1
    for at, argument in enumerate(given.arguments):
        kind = "set" if isinstance(given.items(at), SetOf) else "list"
        made = converted(argument, Type(kind, (ANY,))).content
        if not isinstance(made, Items):
            raise StopError(made if isinstance(made, Open) else Open("a list was expected"))
        if made.open:
            raise unknown(made.open)
        columns.append(tuple(made))
        types.append(type_of(Datum(made, given.span)).of[0])
        total *= len(columns[-1])
        if total > MOST_ITEMS:
            raise unknown("it makes too long a list")
    row = Type("tuple", tuple(types))
    rows = [given.datum(Items(row)) for row in product(*columns)]
    if any(isinstance(given.items(at), SetOf) for at in range(len(given))):
        return set_of(rows, of=row)
    return ListOf(tuple(rows), of=row)


def sensitive(given: Given) -> Content:
    """A sensitive value never reaches any output, so that nothing is made of it."""
    content = given.arguments[0].content
    return content if is_wrong(content) else Open("it is marked as sensitive")


def not_sensitive(given: Given) -> Datum:
    return given.arguments[0]


def is_sensitive(given: Given) -> Content:
    """What is known here was not marked; what is not known may be."""
    if isinstance(given.arguments[0].content, Open):
        raise unknown("whether it is sensitive")
    return False


FUNCTIONS = {
    "ephemeralasnull": Function(not_sensitive, 1, 1),
    "issensitive": Function(is_sensitive, 1, 1),
    "nonsensitive": Function(not_sensitive, 1, 1),
    "sensitive": Function(sensitive, 1, 1),
    "setintersection": Function(intersection, 1, None),
    "setproduct": Function(set_product, 2, None),
    "setsubtract": Function(difference, 2, 2),
    "setunion": Function(union, 1, None),
    "tobool": Function(_to(BOOL), 1, 1),
    "tolist": Function(_to(Type("list", (ANY,))), 1, 1),
    "tomap": Function(_to(Type("map", (ANY,))), 1, 1),
    "tonumber": Function(_to(NUMBER), 1, 1),
    "toset": Function(_to(Type("set", (ANY,))), 1, 1),
    "tostring": Function(_to(STRING), 1, 1),
}
