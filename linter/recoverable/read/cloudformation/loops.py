"""`Fn::ForEach` of `AWS::LanguageExtensions`: one body written out for every item of a collection.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

from recoverable.read.cloudformation.template import refers_to
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.source import Span

    #: The items of a collection, None where they are known only when the stack is deployed.
    Items = Callable[[Node], "tuple[str, ...] | None"]

LOOP = "Fn::ForEach::"

#: CloudFormation takes 500 resources in a template.
MOST_COPIES = 1_000
MOST_NODES = 100_000


def written_out(mapping: Mapping, items: Items, open_items: set[str], hidden: dict[Span, str]) -> Mapping:
    """The mapping with each of its loops written out.

    Of a collection that is not known the body stands once, and the loop's variable is added to `open_items`. Loops that
    cannot be written out are left out, with a word in `hidden`.
    """
    if not any(key.text.startswith(LOOP) for key, _ in mapping.entries):
        return mapping
    copier = _Copier(items, open_items, hidden)
    for key, node in mapping.entries:
        if key.text.startswith(LOOP):
            copier.write_out(node)
        else:
            copier.entries.append((key, node))
    return mapping._replace(entries=tuple(copier.entries))


class _TooMuchError(Exception):
    """The loops make more than is worth copying."""


class _Copier:
    """Writes loops out, one after the other, and stops when it is enough."""

    def __init__(self, items: Items, open_items: set[str], hidden: dict[Span, str]) -> None:
        self.entries: list[tuple[Scalar, Node]] = []
        self._items = items
        self._open_items = open_items
        self._hidden = hidden
        self._copies = 0
        self._nodes = 0

    def write_out(self, loop: Node) -> None:
        try:
            self._write_out(loop)
        except _TooMuchError:
            self._hidden[loop.span] = f"a loop was not read to its end: it makes more than {MOST_COPIES} copies"

    def _write_out(self, loop: Node) -> None:
        items = loop.items if isinstance(loop, Sequence) else ()
        if len(items) != 3 or not isinstance(items[0], Scalar) or not isinstance(items[2], Mapping):
            self._hidden[loop.span] = "a loop was not read: Fn::ForEach takes a name, a list and a mapping"
            return
        name, collection, body = items[0].text, items[1], items[2]
        values = self._items(collection)
        if values is None:
            self._open_items.add(name)
        for value in (None,) if values is None else values:
            for key, node in body.entries:
                self._copies += 1
                if self._copies > MOST_COPIES:
                    raise _TooMuchError
                copy = self._replaced(node, name, value)
                if key.text.startswith(LOOP):
                    self._write_out(copy)
                else:
                    self.entries.append((_in_key(key, name, value), copy))

    def _replaced(self, node: Node, name: str, value: str | None) -> Node:
        """A copy of `node` with the loop's variable replaced; an unknown value is left for `Fn::Sub` to find open."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _TooMuchError
        if value is not None and refers_to(node) == name:
            return Scalar(value, node.span, value, plain=False)
        match node:
            case Scalar():
                return _in_text(node, name, value)
            case Sequence():
                return node._replace(items=tuple(self._replaced(item, name, value) for item in node.items))
            case Mapping():
                return node._replace(
                    entries=tuple(
                        (_in_key(key, name, value), self._replaced(child, name, value)) for key, child in node.entries
                    )
                )


def _in_key(key: Scalar, name: str, value: str | None) -> Scalar:
    return key if value is None else _in_text(key, name, value)


def _in_text(node: Scalar, name: str, value: str | None) -> Scalar:
    plain, cleaned = "${" + name + "}", "&{" + name + "}"
    if plain not in node.text and cleaned not in node.text:
        return node
    if value is None:
        return node if node.tag else node._replace(tag="!Sub")
    text = node.text.replace(plain, value).replace(cleaned, "".join(filter(str.isalnum, value)))
    return node._replace(value=text, text=text, plain=False)
