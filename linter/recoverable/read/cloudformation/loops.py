"""`Fn::ForEach` of `AWS::LanguageExtensions`: one body written out for every item of a collection.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

from recoverable.read.cloudformation.template import refers_to
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    #: The items of a collection, None where they are known only when the stack is deployed.
    Items = Callable[[Node], "tuple[str, ...] | None"]

LOOP = "Fn::ForEach::"

#: CloudFormation takes 500 resources in a template.
MOST_COPIES = 1_000


def written_out(mapping: Mapping, items: Items, open_items: set[str]) -> Mapping:
    """The mapping with each of its loops written out.

    Of a collection that is not known the body stands once, and the loop's variable is added to `open_items`.
    """
    if not any(key.text.startswith(LOOP) for key, _ in mapping.entries):
        return mapping
    copier = _Copier(items, open_items)
    for key, node in mapping.entries:
        if key.text.startswith(LOOP):
            copier.write_out(node)
        else:
            copier.entries.append((key, node))
    return mapping._replace(entries=tuple(copier.entries))


class _Copier:
    """Writes loops out, one after the other, and stops when it is enough."""

    def __init__(self, items: Items, open_items: set[str]) -> None:
        self.entries: list[tuple[Scalar, Node]] = []
        self._items = items
        self._open_items = open_items
        self._copies = 0

    def write_out(self, loop: Node) -> None:
        if not isinstance(loop, Sequence) or len(loop.items) != 3:
            return
        name, collection, body = loop.items
        if not isinstance(name, Scalar) or not isinstance(body, Mapping):
            return
        values = self._items(collection)
        if values is None:
            self._open_items.add(name.text)
        for value in (None,) if values is None else values:
            for key, node in body.entries:
                self._copies += 1
                if self._copies > MOST_COPIES:
                    return
                copy = _replaced(node, name.text, value)
                if key.text.startswith(LOOP):
                    self.write_out(copy)
                else:
                    self.entries.append((_in_key(key, name.text, value), copy))


def _replaced(node: Node, name: str, value: str | None) -> Node:
    """A copy of `node` with the loop's variable replaced; an unknown value is left for `Fn::Sub` to find open."""
    if value is not None and refers_to(node) == name:
        return Scalar(value, node.span, value, plain=False)
    match node:
        case Scalar():
            return _in_text(node, name, value)
        case Sequence():
            return node._replace(items=tuple(_replaced(item, name, value) for item in node.items))
        case Mapping():
            return node._replace(
                entries=tuple((_in_key(key, name, value), _replaced(child, name, value)) for key, child in node.entries)
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
