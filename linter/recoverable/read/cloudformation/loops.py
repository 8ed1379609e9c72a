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


def written_out(mapping: Mapping, items: Items) -> Mapping:
    """The mapping with each of its loops written out; of a collection that is not known the body stands once."""
    if not any(key.text.startswith(LOOP) for key, _ in mapping.entries):
        return mapping
    entries: list[tuple[Scalar, Node]] = []
    for key, node in mapping.entries:
        if key.text.startswith(LOOP):
            _write_out(node, items, entries)
        else:
            entries.append((key, node))
    return mapping._replace(entries=tuple(entries[:MOST_COPIES]))


def _write_out(loop: Node, items: Items, entries: list[tuple[Scalar, Node]]) -> None:
    if not isinstance(loop, Sequence) or len(loop.items) != 3 or len(entries) > MOST_COPIES:
        return
    name, collection, body = loop.items
    if not isinstance(name, Scalar) or not isinstance(body, Mapping):
        return
    values = items(collection)
    for value in (None,) if values is None else values[:MOST_COPIES]:
        for key, node in body.entries:
            copied_key, copy = _replaced(key, name.text, value), _replaced(node, name.text, value)
            if key.text.startswith(LOOP):
                _write_out(copy, items, entries)
            elif isinstance(copied_key, Scalar):
                entries.append((copied_key._replace(tag=""), copy))


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
