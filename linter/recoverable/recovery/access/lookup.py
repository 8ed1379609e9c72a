"""Principals and tables of an estate by what people call them: a name, an ARN, a logical id or an address."""

from __future__ import annotations

from recoverable.arn import PARTITION, match
from recoverable.recovery.access.symbols import arn_among
from recoverable.recovery.access.targets import foreign
from recoverable.spelling import nearest
from recoverable.text import Hole, Text
from recoverable.truth import Answer
from recoverable.typed import NamedTuple, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recoverable.estate import Replica, Subject, Table
    from recoverable.estate.principals import Principal
    from recoverable.recovery.access.targets import Target

    Named = TypeVar("Named", Principal, Table | Replica)

#: So many names are listed of those there are.
_MOST_NAMED = 20


class Arn(NamedTuple):
    """The fields of an ARN that somebody wrote."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


class NotFoundError(Exception):
    """Nothing, or more than one thing, is called so. The message says what there is instead."""


def read_arn(text: str) -> Arn | None:
    """The fields of an ARN, None for a text that is none."""
    fields = text.split(":", 5)
    return Arn(*fields[1:]) if len(fields) == 6 and fields[0] == "arn" else None


def principal_called(text: str, principals: Sequence[Principal]) -> Principal:
    """The one principal that a text means. Raises NotFoundError."""
    asked = [principal for principal in principals if _is_called(text, principal.subject)]
    if not asked:
        asked = [principal for principal in principals if _has_name(text, principal)]
    return _only(text, "principal", asked, [principal.subject for principal in principals])


def tables_called(text: str, items: Sequence[Table | Replica]) -> list[Table | Replica]:
    """The tables and replicas that a text means, none for an ARN of a table that is not among them."""
    written = read_arn(text)
    if written is None:
        return [item for item in items if _is_called(text, item.subject)]
    own = Text((text,))
    return [
        item
        for item in items
        if match(item.arn, own, wild=False) is not Answer.NO and _same_name(item, written.resource)
    ]  # fmt: skip


def table_called(text: str, items: Sequence[Table | Replica]) -> Table | Replica | None:
    """The one table that a text means; None for an ARN that means none. Raises NotFoundError."""
    found = tables_called(text, items)
    if not found and read_arn(text) is not None:
        return None
    by_title = [item for item in found if item.subject.title() == text]
    return _only(text, "table", by_title or found, [item.subject for item in items])


def foreign_table(text: str, region: str = "", account: str = "", *, plain: bool = False) -> Target:
    """A table that is not in what was read, by ARN or name. Raises NotFoundError for what can be neither."""
    written = read_arn(text)
    if written is None:
        if not is_table_name(text):
            raise NotFoundError(f'"{text}" is no name of a table: letters, digits and _.-, 3 to 255 of them')
        return foreign(text, region, account, plain=plain)
    kind, _, name = written.resource.partition("/")
    if written.service != "dynamodb" or kind != "table" or not is_table_name(name):
        raise NotFoundError(
            f'"{text}" is not the ARN of a table: arn:aws:dynamodb:REGION:ACCOUNT:table/NAME, without anything after it'
        )
    return foreign(name, written.region, written.account, written.partition, plain=plain)


def is_table_name(text: str) -> bool:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html"""
    return 3 <= len(text) <= 255 and text.isascii() and all(letter.isalnum() or letter in "_.-" for letter in text)


def _is_called(text: str, subject: Subject) -> bool:
    return text in (subject.address, subject.title(), subject.name.known(), subject.construct) and bool(text)


def _has_name(text: str, principal: Principal) -> bool:
    """Whether one of the names of a principal is the text, in whatever partition and account that are left open."""
    asked = Text((text,))
    if read_arn(text) is None:
        return any(name.literal() == text for name in principal.names)
    own = arn_among(principal.names)
    if own is None:
        return False
    given = (hole for hole in own.holes() if hole.stands_for != PARTITION and not hole.stands_for.startswith("AWS::"))
    return next(given, None) is None and match(own, asked, wild=False) is not Answer.NO


def _same_name(item: Table | Replica, resource: str) -> bool:
    """Whether the name in an ARN is that of the table; one that is made up when it is deployed is not known to be."""
    last = item.arn.parts[-1]
    if isinstance(last, Hole):
        return False
    return resource.partition("/")[2] == item.subject.name.known() or last.endswith(f":{resource}")


def _only(text: str, what: str, found: Sequence[Named], there: Iterable[Subject]) -> Named:
    """The one that was found. Raises NotFoundError that names those it may be."""
    if len(found) == 1:
        return found[0]
    if found:
        named = sorted({_told(each.subject) for each in found})
        if len(named) == 1:
            return found[0]
        raise NotFoundError(f'"{text}" means {len(named)} {what}s; say which: {", ".join(named[:_MOST_NAMED])}')
    subjects = list(there)
    if not subjects:
        raise NotFoundError(f'there is no {what} "{text}": no {what} was found in what was read')
    titles = sorted({name for subject in subjects for name in (subject.title(), subject.name.known() or "") if name})
    near = nearest(text, titles)
    meant = f"did you mean {near}? " if near else ""
    more = f" and {len(titles) - _MOST_NAMED} more" if len(titles) > _MOST_NAMED else ""
    raise NotFoundError(f'there is no {what} "{text}": {meant}there are {", ".join(titles[:_MOST_NAMED])}{more}')


def _told(subject: Subject) -> str:
    """A thing so that it can be asked for: its address, and its file where that does not tell it from others."""
    return subject.title()


__all__ = [
    "Arn", "NotFoundError", "foreign_table", "is_table_name", "principal_called", "read_arn", "table_called",
    "tables_called",
]  # fmt: skip
