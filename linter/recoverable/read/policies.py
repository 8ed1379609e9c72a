"""Policy documents out of a template's or plan's values: as a mapping, or as JSON in a text.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from itertools import islice

from recoverable.policy.document import Condition, Policy, Principal, Statement
from recoverable.read.data import Datum, Fields, Items, Open, find, literal
from recoverable.read.nodes import MalformedError, Mapping, Node, Scalar
from recoverable.source import Span
from recoverable.text import Hole, Text, joined
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: IAM takes some ten thousand characters; a policy of more statements than this is somebody's bomb.
MOST_STATEMENTS = 2_000

# Holes of a JSON text are carried through the JSON reader as characters that no policy holds.
_FIRST, _LAST = "\ue000", "\ue001"


def read_policy(datum: Datum) -> Policy:
    """A policy document. What cannot be read makes it open, with the reason; nothing is dropped."""
    at = datum.origin
    datum = parsed(datum)
    content = datum.content
    if not isinstance(content, Fields):
        reason = content.reason if isinstance(content, Open) else "a policy document is a mapping or JSON text"
        return Policy((), at, open=reason)
    listed = content.get("Statement")
    if listed is None:
        return Policy((), at, open=content.open or "it has no Statement")
    items = listed.list()
    statements = tuple(islice(items, MOST_STATEMENTS + 1))
    more = f"more than {MOST_STATEMENTS} statements" if len(statements) > MOST_STATEMENTS else ""
    version = find(datum, datum.origin, "Version").string("").state
    return Policy(
        tuple(_statement(item) for item in statements[:MOST_STATEMENTS]),
        at,
        version=version.value or "" if isinstance(version, Known) else "",
        open=items.open or more,
        version_open=version.reason if isinstance(version, Unknown) else content.open,
    )


def policy_at(node: Node, origin: Span) -> Policy:
    """A policy document out of a parsed one, all parts of which are said to stand at `origin`."""
    return read_policy(_datum(node, Text(()), lambda _: origin))


def parsed(datum: Datum) -> Datum:
    """What a JSON text holds, and open if it is no JSON; anything else as it is.

    It stands where the text stands, or where its parts were written, if that is known.
    """
    if datum.encoded is not None:
        of = datum.encoded if isinstance(datum.encoded, Datum) else datum.encoded.force()
        return of._replace(notes=(*of.notes, *datum.notes))
    if _is_block(datum):
        return InLines(datum, datum.origin.line).force()
    return _parsed(datum, lambda _: datum.origin)


def _is_block(datum: Datum) -> bool:
    """Whether a text of several lines is written line for line below where it begins, as a block of YAML is.

    Any other way to write so many lines takes fewer of them, or more.
    """
    if not isinstance(datum.content, str | Text) or not isinstance(datum.origin, Span):
        return False
    written = "".join(part for part in datum.text().parts if isinstance(part, str)).rstrip("\n")
    lines = written.count("\n") + 1
    return lines > 1 and datum.origin.end_line - datum.origin.line == lines


class InLines:
    """What a JSON text holds that is written line for line in a file: `above` is the line before its first one."""

    __slots__ = ("_above", "_datum")

    def __init__(self, datum: Datum, above: int) -> None:
        self._datum = datum
        self._above = above

    def force(self) -> Datum:
        path = self._datum.origin.path

        def place(inside: Span) -> Span:
            # Indentation may have been taken off: which column it was nobody knows any more.
            line = self._above + inside.line
            return Span(path, line, 1, line, 1)

        return _parsed(self._datum, place)


def _parsed(datum: Datum, place: Callable[[Span], Span]) -> Datum:
    if not isinstance(datum.content, str | Text):
        return datum
    text = datum.text()
    marked = "".join(
        part if isinstance(part, str) else f"{_FIRST}{index}{_LAST}" for index, part in enumerate(text.parts)
    )
    from recoverable.read.json_nodes import read_json  # noqa: PLC0415 (few policies are written as text)

    try:
        # What AWS answered stands in no file.
        node = read_json(marked, getattr(datum.origin, "path", ""))
    except MalformedError as error:
        return datum._replace(content=Open(f"its text is not JSON: {error.message}"))
    return _datum(node, text, place)._replace(notes=datum.notes)


def _statement(datum: Datum) -> Statement:
    fields = datum.fields()

    def listed(reasons: list[str], *keys: str) -> tuple[Datum, ...]:
        """The items of the first of `keys` that has any."""
        items: tuple[Datum, ...] = ()
        for key in keys:
            found = fields.get(key)
            if found is not None and not items:
                reasons.append(found.list().open)
                items = tuple(found.list())
        return items

    unread_actions, unread_resources, unread_conditions = [fields.open], [fields.open], [fields.open]
    actions = listed(unread_actions, "Action", "NotAction")
    resources = listed(unread_resources, "Resource", "NotResource")
    principals = fields.get("Principal") or fields.get("NotPrincipal")
    conditions = fields.get("Condition")
    unread_principals = [fields.open]
    unread_services = [fields.open]
    named = _principals(principals, unread_principals, unread_services) if principals is not None else ()
    read_conditions = _conditions(conditions, unread_conditions) if conditions is not None else ()
    unread = (*unread_actions, *unread_resources, *unread_principals, *unread_conditions)
    sid = fields.get("Sid")
    effect: Value[str] = find(datum, datum.origin, "Effect").string("")
    return Statement(
        sid=(literal(sid) or "") if sid is not None else "",
        effect=effect,
        principals=named,
        not_principal=fields.get("NotPrincipal") is not None,
        actions=tuple(action.text() for action in actions),
        not_action=fields.get("NotAction") is not None,
        resources=tuple(resource.text() for resource in resources),
        not_resource=fields.get("NotResource") is not None,
        conditions=read_conditions,
        origin=datum.origin,
        unread=_reasons(unread),
        principals_open=_reasons(unread_principals),
        actions_open=_reasons(unread_actions),
        conditions_open=_reasons(unread_conditions),
        action_origins=tuple(action.origin for action in actions),
        resources_open=_reasons(unread_resources),
        resource_origins=tuple(resource.origin for resource in resources),
        services_open=_reasons(unread_services),
    )


def _reasons(reasons: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, reasons)))


def _principals(datum: Datum, unread: list[str], services: list[str]) -> tuple[Principal, ...]:
    if not isinstance(datum.content, Fields | Open):
        return tuple(Principal("*", item.text(), item.origin) for item in datum.list())
    fields = datum.fields()
    unread.append(fields.open)
    services.append(fields.open)
    found: list[Principal] = []
    for kind, named in fields.items():
        items = named.list()
        unread.append(items.open)
        if kind not in ("AWS", "CanonicalUser", "Federated"):
            services.append(items.open)
        found.extend(Principal(kind, item.text(), item.origin) for item in items)
    return tuple(found)


def _conditions(datum: Datum, unread: list[str]) -> tuple[Condition, ...]:
    fields = datum.fields()
    unread.append(fields.open)
    found: list[Condition] = []
    for operator, keys in fields.items():
        inner = keys.fields()
        unread.append(inner.open)
        for key, values in inner.items():
            items = values.list()
            unread.append(items.open)
            found.append(Condition(operator, key, tuple(item.text() for item in items), values.origin))
    return tuple(found)


def _datum(node: Node, text: Text, place: Callable[[Span], Span]) -> Datum:
    """A parsed JSON text as data, its holes back in their places. `place` tells where what stands in the text is."""
    origin = place(node.span)
    match node:
        case Scalar(value=str(content)):
            return Datum(_unmarked(content, text), origin)
        case Scalar(value=content):
            return Datum(content, origin)
        case Mapping(entries=entries):
            members = {key.text: (place(key.span), _datum(value, text, place)) for key, value in entries}
            return Datum(Fields({**members}), origin)
        case _:
            return Datum(Items(tuple(_datum(item, text, place) for item in node.items)), origin)


def _unmarked(content: str, text: Text) -> str | Text:
    if _FIRST not in content:
        return content
    parts: list[str | Hole] = []
    for index, piece in enumerate(content.split(_FIRST)):
        if not index:
            parts.append(piece)
            continue
        number, _, rest = piece.partition(_LAST)
        # The text may hold these characters itself; then what stands between them is no number of ours.
        own = number.isascii() and number.isdigit() and len(number) < 6 and int(number) < len(text.parts)
        part = text.parts[int(number)] if own else number
        parts.extend((part, rest))
    return joined(*parts)
