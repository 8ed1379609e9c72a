"""Terraform's JSON syntax as the same bodies and expressions that HCL gives.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

from recoverable.read.hcl.syntax import (
    Argument,
    Block,
    Body,
    ListOf,
    Literal,
    ObjectItem,
    ObjectOf,
    Template,
    Unreadable,
)
from recoverable.read.nodes import MalformedError, Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.hcl.syntax import Expression
    from recoverable.read.nodes import Node

#: How many labels stand between a block's type and its body.
_LABELS = {
    "resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "locals": 0,
    "terraform": 0,
}  # fmt: skip


def json_body(node: Node) -> Body:
    """A whole file: its blocks with their labels."""
    blocks: list[Block] = []
    for key, value in node.entries if isinstance(node, Mapping) else ():
        count = _LABELS.get(key.text)
        if count is not None:
            blocks.extend(_blocks(key.text, key, value, count))
    return Body({}, tuple(blocks))


def values_body(node: Node) -> Body:
    """A file of values for variables, whose texts are no templates."""
    entries = node.entries if isinstance(node, Mapping) else ()
    return Body({key.text: _argument(key, value, verbatim=True) for key, value in entries}, ())


def _blocks(type_: str, key: Scalar, value: Node, count: int, labels: tuple[str, ...] = ()) -> Iterator[Block]:
    """The blocks below a type: its labels are keys, one in the other; a list holds several of them."""
    if isinstance(value, Sequence):
        for item in value.items:
            yield from _blocks(type_, key, item, count, labels)
    elif isinstance(value, Mapping) and len(labels) < count:
        for name, inner in value.entries:
            yield from _blocks(type_, name, inner, count, (*labels, name.text))
    elif isinstance(value, Mapping):
        yield Block(type_, labels, _body(value), key.span, value.span)


def _body(value: Mapping) -> Body:
    arguments = {}
    blocks: list[Block] = []
    for key, inner in value.entries:
        if key.text == "//":
            continue
        if key.text == "dynamic" and isinstance(inner, Mapping):
            blocks.extend(_dynamic(inner))
        else:
            arguments[key.text] = _argument(key, inner)
    return Body(arguments, tuple(blocks))


def _dynamic(written: Mapping) -> Iterator[Block]:
    for name, value in written.entries:
        for item in value.items if isinstance(value, Sequence) else (value,):
            if not isinstance(item, Mapping):
                continue
            content = item.get("content")
            body = _body(item)
            body.arguments.pop("content", None)
            inner = _body(content) if isinstance(content, Mapping) else Body({}, ())
            block = Block("content", (), inner, item.span, item.span)
            yield Block("dynamic", (name.text,), body._replace(blocks=(block,)), name.span, item.span)


def _argument(key: Scalar, value: Node, *, verbatim: bool = False) -> Argument:
    return Argument(key.text, key.span, value.span, lambda: _expression(value, verbatim=verbatim))


def _expression(node: Node, *, verbatim: bool = False) -> Expression:
    match node:
        case Scalar(value=str(text)):
            return _template(text, node, verbatim=verbatim)
        case Scalar(value=value):
            return Literal(None if isinstance(value, str) else value, node.span)
        case Sequence(items=items):
            return ListOf(tuple(_expression(item, verbatim=verbatim) for item in items), node.span)
        case Mapping(entries=entries):
            written = tuple(
                ObjectItem(_template(key.text, key, verbatim=verbatim), _expression(value, verbatim=verbatim))
                for key, value in entries
            )
            return ObjectOf(written, node.span)


def _template(text: str, node: Scalar, *, verbatim: bool) -> Expression:
    if verbatim or ("${" not in text and "%{" not in text):
        return Template((text,) if text else (), node.span)
    from recoverable.read.hcl.parse import parse_template  # noqa: PLC0415 (few files are JSON)
    from recoverable.read.terraform.relocated import relocated  # noqa: PLC0415

    try:
        return relocated(parse_template(text, node.span.path), node.span)
    except MalformedError as error:
        return Unreadable(error.message, node.span)
