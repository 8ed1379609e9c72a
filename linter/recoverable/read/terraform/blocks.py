"""Blocks as data: arguments and nested blocks, `dynamic` ones written out, `null` as if it was not written."""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open, Property, literal
from recoverable.read.terraform.evaluate import Deferred, Evaluation
from recoverable.read.terraform.values import pairs_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.data import Pending
    from recoverable.read.hcl.syntax import Block, Body
    from recoverable.source import Span


class Arguments(Fields):
    """The arguments and blocks of a body. An argument that is `null` is not there: Terraform takes it for left out."""

    __slots__ = ()

    def get(self, key: str) -> Datum | None:
        datum = super().get(key)
        return None if datum is None or datum.content is None else datum


class Attributes(Fields):
    """An object among the arguments. What is `null` in it, at any depth, is not there, as with arguments."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Fields) -> None:
        super().__init__({}, fields.open)
        self._fields = fields

    def get(self, key: str) -> Datum | None:
        datum = self._fields.get(key)
        return None if datum is None or datum.content is None else without_nulls(datum)

    def place(self, key: str) -> Span | None:
        return self._fields.place(key)

    def keys(self) -> tuple[str, ...]:
        return self._fields.keys()

    def items(self) -> Iterator[tuple[str, Datum]]:
        for key in self.keys():
            datum = self.get(key)
            if datum is not None:
                yield key, datum


def without_nulls(datum: Datum) -> Datum:
    """A value in which `null` is as if it was not written."""
    match datum.content:
        case Fields() as fields:
            return datum._replace(content=Attributes(fields))
        case Items() as items:
            return datum._replace(content=Items(tuple(without_nulls(item) for item in items), items.open))
        case _:
            return datum


class Blocks:
    """The blocks of one type in a body, as a list that is worked out when somebody asks."""

    __slots__ = ("_blocks", "_evaluation", "_origin")

    def __init__(self, evaluation: Evaluation, blocks: tuple[Block, ...], origin: Span) -> None:
        self._evaluation = evaluation
        self._blocks = blocks
        self._origin = origin

    def force(self) -> Datum:
        items: list[Datum] = []
        opened = ""
        for block in self._blocks:
            if block.type != "dynamic":
                items.append(body_datum(self._evaluation, block.body, block.span))
                continue
            found = _written_out(self._evaluation, block)
            if isinstance(found, Open):
                opened = found.reason
            else:
                items.extend(found)
        return Datum(Items(tuple(items), opened), self._origin)


def body_datum(evaluation: Evaluation, body: Body, origin: Span) -> Datum:
    """A body as a mapping: each argument by its name, the blocks of each type as a list."""
    entries: dict[str, tuple[Span, Datum | Pending]] = {
        name: (argument.span, Deferred(evaluation, argument.expression())) for name, argument in body.arguments.items()
    }
    types: dict[str, list[Block]] = {}
    for block in body.blocks:
        name = block.labels[0] if block.type == "dynamic" and block.labels else block.type
        types.setdefault(name, []).append(block)
    for name, blocks in types.items():
        entries[name] = (blocks[0].span, Blocks(evaluation, tuple(blocks), blocks[0].span))
    return Datum(Arguments(entries, body.open), origin)


def _written_out(evaluation: Evaluation, block: Block) -> list[Datum] | Open:
    """The blocks that a `dynamic` block makes.

    https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
    """
    content = next(iter(block.body.of_type("content")), None)
    each = block.body.arguments.get("for_each")
    if content is None or each is None:
        return Open("a dynamic block without for_each or content")
    pairs = pairs_of(evaluation.value(each.expression()))
    if isinstance(pairs, Open):
        return pairs
    iterator = block.body.arguments.get("iterator")
    name = block.labels[0] if block.labels else ""
    if iterator is not None:
        written = iterator.expression()
        name = getattr(written, "name", "") or literal(evaluation.value(written)) or name
    made = []
    for key, value in pairs:
        entries: dict[str, tuple[Span, Datum | Pending]] = {"key": (key.origin, key), "value": (value.origin, value)}
        inner = evaluation.naming({name: Datum(Fields(entries), value.origin)})
        made.append(body_datum(inner, content.body, block.span))
    return made


def dig(owner: Datum, near: Span, *path: str) -> Property:
    """The property at `path` below `owner`, through the first block of each type on the way.

    `near` is where to point when not even the first of them is written.
    """
    here: Datum = owner
    for key in path:
        fields = _first(here)
        if isinstance(fields, str):
            return Property(path[-1], None, near, fields)
        found = fields.get(key)
        if found is None:
            return Property(path[-1], None, near, fields.open)
        place = fields.place(key)
        if isinstance(found.content, Items) and key != path[-1]:
            first = next(iter(found.content), None)
            if first is None:
                return Property(path[-1], None, near, found.content.open)
            near = first.origin
        else:
            near = place or near
        here = found
    return Property(path[-1], here, near)


def _first(datum: Datum) -> Fields | str:
    """The mapping that a value is, or the first block of a list of them; else why there is none."""
    if isinstance(datum.content, Items):
        first = next(iter(datum.content), None)
        return (datum.content.open or "there is none") if first is None else _first(first)
    return datum.fields()
