"""What is in Terraform's values: items, keys and pairs; and what Terraform would refuse.

https://developer.hashicorp.com/terraform/language/expressions/types
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Nothing, Open, kind_of, literal
from recoverable.read.terraform.kinds import WRONG, SetOf, refused
from recoverable.read.terraform.operators import as_number
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from recoverable.source import Span

#: A list written out longer than this is somebody's bomb.
LONGEST = 10_000


class Files(NamedTuple):
    """The files that functions may read: `read` gives the text of a file of the repository, None where there is none.

    `module` is the folder of the module that asks (`path.module`), `root` that of its root module (`path.root`).
    `names` gives the names of the files in a folder of the repository; without it nobody can tell.
    """

    module: str
    root: str
    read: Callable[[str], str | None]
    names: Callable[[str], Collection[str]] | None = None


def wrong(reason: str, span: Span) -> Datum:
    """A value that Terraform would refuse to make."""
    return Datum(refused(reason), span)


def item(datum: Datum, key: Datum, span: Span) -> Datum:
    """An attribute or item of a value."""
    named = literal(key)
    match datum.content:
        case Open(reason, stands_for, parameter):
            if datum.content.type == WRONG or named is None:
                return Datum(datum.content, span)
            inner = f"{parameter}.{named}" if parameter else ""
            return Datum(Open(reason, f"{stands_for}.{named}" if stands_for else "", inner), span)
        case _ if isinstance(key.content, Open) and key.content.type == WRONG:
            return key
        case _ if isinstance(key.content, Fields | Items | None):
            return wrong(f"{kind_of(key.content)} is no index", span)
        case _ if named is None:
            return Datum(Open(key.text().why_open() or "an index that is not known"), span)
        case Fields() as fields:
            found = fields.get(named)
            if found is not None:
                return found
            return Datum(Open(fields.open), span) if fields.open else wrong(f"there is no {named}", span)
        case SetOf():
            return wrong("a set has no indexes", span)
        case Items() as items:
            members = items.unforced()
            at = as_number(key)
            if isinstance(at, Open) or at != int(at):
                return wrong(f"{named} is no index of a list", span)
            if items.open and not 0 <= at < len(members):
                return Datum(Open(items.open), span)
            if not 0 <= at < len(members):
                return wrong(f"there is no item {named}", span)
            found_ = members[int(at)]
            return found_ if isinstance(found_, Datum) else found_.force()
        case content:
            return wrong(f"{kind_of(content)} has no {named}", span)


def open_of(datum: Datum) -> str:
    """Why a collection may hold more than it shows."""
    return datum.content.open if isinstance(datum.content, Fields | Items) else ""


def pairs_of(datum: Datum) -> list[tuple[Datum, Datum]] | Open:
    """Keys and values of a collection, in Terraform's order: mappings by key, lists by index, sets by their items."""
    match datum.content:
        case Fields() as fields:
            if fields.open and not fields.keys():
                return Open(fields.open)
            return [
                (Datum(key, value.origin), value) for key, value in sorted(fields.items(), key=lambda pair: pair[0])
            ]
        case Items() as items:
            members = tuple(items)
            if items.open and not members:
                return Open(items.open)
            if len(members) > LONGEST:
                return Open(f"a list of more than {LONGEST} items")
            if isinstance(items, SetOf):
                return [(member, member) for member in members]
            return [(Datum(index, member.origin), member) for index, member in enumerate(members)]
        case Open() as open_:
            return open_
        case None | Nothing():
            return refused("a list was expected, not nothing")
        case content:
            return refused(f"a list was expected, not {kind_of(content)}")
