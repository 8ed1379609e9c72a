"""The values of an instance in a plan or state, over what was written for it: known, not known yet, or not to be shown.

What is written (in the sources, or as far as a plan's `configuration` shows it) says where a value stands, and what
a value is made of that is known only after apply.
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open, literal, worked_out
from recoverable.read.nodes import Mapping, Scalar, Sequence
from recoverable.read.planned.configuration import ITEMS
from recoverable.read.planned.secrets import inner
from recoverable.read.terraform.blocks import Arguments
from recoverable.text import Text
from recoverable.typed import NamedTuple
from recoverable.value import written as shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.read.data import Pending
    from recoverable.read.nodes import Node
    from recoverable.read.planned.secrets import Secrets
    from recoverable.source import Span

#: What no plan and no state shows, so that only the sources can say it.
OF_SOURCES = ("lifecycle",)

#: Arguments and blocks that are Terraform's own, not the resource's.
_OF_TERRAFORM = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"})

#: Attributes whose values go to the provider and are kept nowhere.
WRITE_ONLY = "_wo"

LATER = "it is known only after apply"
SENSITIVE = "it is sensitive"

#: More items than this in a list, or blocks of one type, are not matched with what was written one by one.
MOST_MATCHED = 200


class Part(NamedTuple):
    """A value in the file: where it stands, what of it is not known yet, and what is not to be shown."""

    node: Node
    unknown: object
    sensitive: object


class View(NamedTuple):
    """How the values of one instance are looked at. `place` gives the place of a node in the file, `symbol` the other
    resource that an ARN or id is of: what refers to it in a configuration is still told to do so when both are known.

    `declared`: what is written for it is wholly known, so that what is not written there was left out. `sources`: it is
    written in sources, so that what is not written there is told at what is around it.
    """

    place: Callable[[Span], Span]
    secrets: Secrets
    symbol: Callable[[str], Open | None]
    declared: bool
    sources: bool

    def arguments(self, node: Mapping | None, unknown: object, sensitive: object, written: Datum) -> Datum:
        """The arguments of an instance. Without values nothing is known of any."""
        fields = written.fields()
        if node is None or unknown is True or sensitive is True:
            reason = SENSITIVE if sensitive is True else "the file does not say what its values are"
            return Datum(Arguments({}, reason), written.origin)
        near = written.origin if self.sources else None
        return Datum(Arguments(self._entries(node, unknown, sensitive, fields, near, top=True), ""), written.origin)

    def _entries(
        self,
        node: Mapping,
        unknown: object,
        sensitive: object,
        written: Fields | None,
        near: Span | None,
        *,
        top: bool = False,
        block: bool = False,
    ) -> dict[str, tuple[Span, Datum | Pending]]:
        """The attributes and blocks of an instance (`top`) or of a block, or the keys of a mapping.

        `near`: where it is written.
        """
        entries: dict[str, tuple[Span, Datum | Pending]] = {}
        here = near or self.place(node.span)
        values = {key.text: (key, value) for key, value in node.entries}
        later = unknown if isinstance(unknown, dict) else {}
        if written is not None and (top or block):
            for name in sorted({*written.keys()} - values.keys() - later.keys() - _OF_TERRAFORM):
                if not name.endswith(ITEMS):
                    entries[name] = (written.place(name) or here, _Missing(written, name, here))
        for name in dict.fromkeys((*values, *later)):
            key, value = values.get(name, (None, None))
            place = None if written is None else written.place(name)
            at = place or near or self.place(node.span if key is None else key.span)
            if later.get(name) is True or value is None:
                if later.get(name) is not True or (place is None and self._left_out(written)):
                    # The provider fills it in: nobody wrote it, and what is left out has its default.
                    continue
                listed = isinstance(inner(sensitive, name), list)
                entries[name] = (at, _Unknown(self.secrets, written, name, at, listed=listed))
            elif isinstance(value, Scalar) and value.value is None:
                if place is not None:
                    hidden = top and name.endswith(WRITE_ONLY)
                    content = Open("it is write-only, and no plan shows it") if hidden else None
                    entries[name] = (at, Datum(content, at))
            elif place is None and _is_empty(value):
                # As the provider keeps what was left out, and a plan blocks that there are none of.
                continue
            else:
                part = Part(value, later.get(name), inner(sensitive, name))
                entries[name] = (at, _Seen(self, part, written, name, near))
        if top and written is not None:
            for name in OF_SOURCES:
                found = written.get(name)
                if found is not None:
                    entries[name] = (written.place(name) or found.origin, found)
        return entries

    def _left_out(self, written: Fields | None) -> bool:
        """Whether what is not among these was not written at all."""
        return self.declared and written is not None and not written.open

    def datum(self, part: Part, written: Datum | None, near: Span | None = None, *, block: bool = False) -> Datum:
        """A value, with the place of what was written for it; of what is `near`, if nothing was."""
        node, unknown, sensitive = part
        here = self.place(node.span) if near is None or written is not None else near
        origin = written.origin if written is not None and self.sources else here
        if sensitive is True:
            return Datum(Open(SENSITIVE), origin)
        if unknown is True:
            return _later(written, origin, self.secrets)
        match node:
            case Scalar():
                return self._scalar(node, here, written)
            case Mapping():
                fields = written.fields() if written is not None else None
                if fields is not None and not isinstance(written and written.content, Fields):
                    fields = None
                inside = origin if self.sources and written is not None else near
                entries = self._entries(node, unknown, sensitive, fields, inside, block=block)
                return Datum(Arguments(entries), origin)
            case Sequence():
                return Datum(Items(self._items(node, unknown, sensitive, written, near)), origin)

    def _scalar(self, node: Scalar, here: Span, written: Datum | None) -> Datum:
        content = node.value
        if isinstance(content, str) and self.secrets.within(content):
            return Datum(Open(SENSITIVE), here if written is None else written.origin)
        symbol = self.symbol(content) if isinstance(content, str) else None
        if symbol is not None:
            return Datum(symbol, here if written is None or not self.sources else written.origin)
        if written is None or not self.sources:
            return Datum(content, here)
        said = literal(written)
        if said is not None and content is not None and said != shown(content) and said != content:
            # The sources have changed since, or are not the ones it was made from.
            return Datum(content, here)
        return written if said == content else Datum(content, written.origin, written.notes)

    def _items(
        self, node: Sequence, unknown: object, sensitive: object, written: Datum | None, near: Span | None
    ) -> tuple[Datum, ...]:
        listed: list[Datum] = []
        if written is not None and isinstance(written.content, Items) and len(node.items) <= MOST_MATCHED:
            listed = list(written.content)
        matched = _matched(node.items, listed)
        return tuple(
            self.datum(Part(each, inner(unknown, index), inner(sensitive, index)), of, near, block=True)
            for index, (each, of) in enumerate(zip(node.items, matched, strict=True))
        )


def _is_empty(node: Node) -> bool:
    return (isinstance(node, Scalar) and node.value == "") or (isinstance(node, Sequence) and not node.items)


class _Seen:
    """A value of the file, worked out when somebody asks."""

    __slots__ = ("_made", "_name", "_near", "_part", "_view", "_written")

    def __init__(self, view: View, part: Part, written: Fields | None, name: str, near: Span | None) -> None:
        self._view = view
        self._part = part
        self._written = written
        self._name = name
        self._near = near
        self._made: Datum | None = None

    def force(self) -> Datum:
        if self._made is None:
            written = None if self._written is None else self._written.get(self._name)
            node = self._part.node
            if isinstance(node, Sequence) and not (written and isinstance(written.content, Items)):
                written = _one_by_one(self._written, self._name, len(node.items)) or written
            self._made = self._view.datum(self._part, written, self._near)
        return self._made


class _Missing:
    """What was written and is not in the file, where what is left out is null and what is not known is said to be."""

    __slots__ = ("_at", "_name", "_written")

    def __init__(self, written: Fields, name: str, at: Span) -> None:
        self._written = written
        self._name = name
        self._at = at

    def force(self) -> Datum:
        if _left_out(self._written.get(self._name)):
            return Datum(None, self._at)
        return Datum(Open("the file does not say what it is"), self._at)


class _Unknown:
    """What is known only after apply: whatever can be told of it from what was written."""

    __slots__ = ("_at", "_listed", "_name", "_secrets", "_written")

    def __init__(self, secrets: Secrets, written: Fields | None, name: str, at: Span, *, listed: bool) -> None:
        self._secrets = secrets
        self._written = written
        self._name = name
        self._at = at
        self._listed = listed

    def force(self) -> Datum:
        found = None if self._written is None else self._written.get(self._name)
        if self._written is not None and self._written.place(self._name) is not None and _left_out(found):
            return Datum(None, self._at)
        members = _one_by_one(self._written, self._name) if self._listed else None
        if members is not None and not (found and isinstance(found.content, Items)):
            known = tuple(dict.fromkeys(item for item in members.list() if item.text().stands_for()))
            return members._replace(content=Items(known, "a plan does not show what else is in it"))
        return _later(found, self._at, self._secrets)


def _left_out(written: Datum | None) -> bool:
    """Whether what is written comes to nothing: `null`, or a dynamic block that makes none."""
    if written is None or not isinstance(written.content, Items):
        return written is None or written.content is None
    return not written.content.open and next(iter(written.content), None) is None


def _one_by_one(written: Fields | None, name: str, length: int | None = None) -> Datum | None:
    """What a list refers to, thing by thing, where that is all that is known of it and (if given) as long as it is."""
    found = None if written is None else written.get(name + ITEMS)
    if found is None or length not in (None, len(found.list().unforced())):
        return None
    return found


def _later(written: Datum | None, at: Span, secrets: Secrets) -> Datum:
    """Something that is known only after apply. What was written counts as far as it is open itself."""
    if written is None:
        return Datum(Open(LATER), at)
    found = worked_out(written)
    if _holds_secret(found, secrets):
        return Datum(Open(SENSITIVE), found.origin)
    return found if _is_open(found) else Datum(Open(LATER), found.origin, found.notes)


def _holds_secret(datum: Datum, secrets: Secrets) -> bool:
    """Whether a value that was worked out from sources holds the default of a sensitive variable, say."""
    match datum.content:
        case str() as content:
            return secrets.within(content)
        case Text(parts):
            return any(isinstance(part, str) and secrets.within(part) for part in parts)
        case Fields() as fields:
            return any(_holds_secret(value, secrets) for _, value in fields.items())
        case Items() as items:
            return any(_holds_secret(item, secrets) for item in items)
        case _:
            return False


def _is_open(datum: Datum) -> bool:
    """Whether anything in a value is not known."""
    match datum.content:
        case Open():
            return True
        case Text() as text:
            return text.literal() is None
        case Fields() as fields:
            return bool(fields.open) or any(_is_open(value) for _, value in fields.items())
        case Items() as items:
            return bool(items.open) or any(map(_is_open, items))
        case _:
            return False


def _matched(nodes: tuple[Node, ...], written: list[Datum]) -> list[Datum | None]:
    """What was written for each item. Sets come in an order of their own, so that the likeliest is looked for."""
    if not written:
        return [None] * len(nodes)
    if len(nodes) == 1 == len(written):
        return [written[0]]
    found: list[Datum | None] = [None] * len(nodes)
    left = list(range(len(written)))
    scores = sorted(
        (
            (-score, abs(index - at), index, at)
            for index, node in enumerate(nodes)
            for at in left
            if (score := _likeness(node, written[at])) is not None
        ),
    )
    for _, _, index, at in scores:
        if found[index] is None and at in left:
            found[index] = written[at]
            left.remove(at)
    return found


def _likeness(node: Node, written: Datum) -> int | None:
    """How much of a value is as it was written; None if some of it is not."""
    match node:
        case Scalar(value=value):
            said = literal(written)
            if value is None or said is None:
                return 0
            return 1 if said == shown(value) else None
        case Mapping(entries=entries):
            fields = written.fields()
            total = 0
            for key, inside in entries:
                of = fields.get(key.text) if isinstance(inside, Scalar) else None
                score = 0 if of is None else _likeness(inside, of)
                if score is None:
                    return None
                total += score
            return total
        case _:
            return 0
