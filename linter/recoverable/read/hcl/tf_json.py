"""Terraform's JSON syntax as the bodies, arguments and expressions that HCL gives.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

from recoverable.read.hcl.later import Later
from recoverable.read.hcl.parse import Parser
from recoverable.read.hcl.places import Inside
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
from recoverable.read.hcl.templates import read_template
from recoverable.read.json_nodes import read_json
from recoverable.read.mending import AMBIGUOUS
from recoverable.read.nodes import MalformedError, Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.hcl.syntax import Expression
    from recoverable.read.nodes import Node
    from recoverable.source import Span

# JSON does not tell blocks from arguments, the provider's schema does. What the language itself calls a block is one
# here, by the block around it (none, "") and with the number of its labels; all else is an argument, whose value may be
# an object or a list of them.
_RESOURCE = {"lifecycle": 0, "connection": 0, "provisioner": 1, "dynamic": 1}
_BLOCKS = {
    "": {
        "resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "check": 1,
        "locals": 0, "terraform": 0, "moved": 0, "removed": 0, "import": 0,
    },
    "resource": _RESOURCE,
    "data": _RESOURCE,
    "ephemeral": _RESOURCE,
    "lifecycle": {"precondition": 0, "postcondition": 0},
    "variable": {"validation": 0},
    "output": {"precondition": 0},
    "check": {"data": 2, "assert": 0},
    "removed": {"lifecycle": 0, "provisioner": 1},
    "terraform": {"backend": 1, "cloud": 0, "required_providers": 0, "provider_meta": 1},
    "cloud": {"workspaces": 0},
    "dynamic": {"content": 0},
    "content": {"dynamic": 1},
    "provider": {"dynamic": 1},
}  # fmt: skip
#: Arguments whose texts are references or types, not templates.
_REFERENCES = {
    "resource": ("provider", "depends_on"),
    "data": ("provider", "depends_on"),
    "ephemeral": ("provider", "depends_on"),
    "module": ("providers", "depends_on"),
    "output": ("depends_on",),
    "variable": ("type",),
    "lifecycle": ("ignore_changes", "replace_triggered_by"),
    "dynamic": ("iterator",),
    "moved": ("from", "to"),
    "removed": ("from",),
    "import": ("to", "provider"),
}
_VERBATIM, _TEMPLATE, _REFERENCE = range(3)


def read_tf_json(text: str, path: str, problems: list[MalformedError]) -> Body:
    """The blocks of a file of configuration (`.tf.json`, `.tofu.json`).

    Never raises: what is wrong is added to `problems`, that of templates when they are asked for.
    """
    return _read(text, path, problems, verbatim=False)


def read_tfvars_json(text: str, path: str, problems: list[MalformedError]) -> Body:
    """The arguments of a file of values for variables (`.tfvars.json`), whose texts are no templates. Never raises."""
    return _read(text, path, problems, verbatim=True)


def _read(text: str, path: str, problems: list[MalformedError], *, verbatim: bool) -> Body:
    try:
        node = read_json(text, path, problems)
    except MalformedError as error:
        problems.append(error)
        return Body({}, (), f"{path} cannot be read")
    if verbatim:
        entries = node.entries if isinstance(node, Mapping) else ()
        return Body({key.text: _argument(key, value, _VERBATIM, problems) for key, value in entries}, ())
    parts = [_body(each, "", problems) for each in _mappings(node, "the file", problems)]
    arguments = {name: argument for part in parts for name, argument in part.arguments.items()}
    return Body(arguments, tuple(block for part in parts for block in part.blocks))


def _mappings(node: Node, what: str, problems: list[MalformedError]) -> Iterator[Mapping]:
    """An object, or the objects of a list, as blocks are written. `null` is none."""
    for each in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(each, Mapping):
            yield each
        elif not (isinstance(each, Scalar) and each.plain and each.value is None):
            problems.append(MalformedError(f"{what} is no object", each.span, "Blocks are written as { ... }."))


def _body(node: Mapping, type_: str, problems: list[MalformedError]) -> Body:
    arguments: dict[str, Argument] = {}
    blocks: list[Block] = []
    known = _BLOCKS.get(type_, {})
    references = _REFERENCES.get(type_, ())
    for key, value in node.entries:
        name = key.text
        if name == "//":
            continue
        labels = known.get(name)
        if labels is not None:
            blocks.extend(_blocks((name,), labels, key.span, value, problems))
        else:
            arguments[name] = _argument(key, value, _REFERENCE if name in references else _TEMPLATE, problems)
    return Body(arguments, tuple(blocks))


def _blocks(
    header: tuple[str, ...], missing: int, at: Span, value: Node, problems: list[MalformedError]
) -> Iterator[Block]:
    """The blocks of one type: their labels are keys, one in the other. `header` is the type and the labels so far."""
    type_, *labels = header
    for each in _mappings(value, f"what is written for {type_}", problems):
        if not missing:
            yield Block(type_, tuple(labels), _body(each, type_, problems), at, each.span)
            continue
        for key, inner in each.entries:
            if key.text != "//":
                yield from _blocks((*header, key.text), missing - 1, key.span, inner, problems)


def _argument(key: Scalar, value: Node, texts: int, problems: list[MalformedError]) -> Argument:
    if isinstance(value, Scalar) and value.tag == AMBIGUOUS:
        unreadable = Unreadable(f"{key.text} stands twice", value.span)
        return Argument(key.text, key.span, value.span, Later.settled(unreadable))
    return Argument(key.text, key.span, value.span, _Later(value, texts, problems))


class _Later:
    """The expression that a value is, made when it is first asked for."""

    __slots__ = ("_expression", "_node", "_problems", "_texts")

    def __init__(self, node: Node, texts: int, problems: list[MalformedError]) -> None:
        self._node = node
        self._texts = texts
        self._problems = problems
        self._expression: Expression | None = None

    def __call__(self) -> Expression:
        if self._expression is None:
            self._expression = _expression(self._node, self._texts, self._problems)
        return self._expression


def _expression(node: Node, texts: int, problems: list[MalformedError]) -> Expression:
    match node:
        case Sequence(items=items):
            return ListOf(tuple(_expression(item, texts, problems) for item in items), node.span)
        case Mapping(entries=entries):
            keys = _TEMPLATE if texts == _REFERENCE else texts
            return ObjectOf(
                tuple(
                    ObjectItem(_text(key.text, key, keys, problems), _expression(value, texts, problems))
                    for key, value in entries
                ),
                node.span,
            )
        case Scalar(value=str(text)):
            return _text(text, node, texts, problems)
        case Scalar(value=value) if node.tag != AMBIGUOUS and not isinstance(value, str):
            return Literal(value, node.span)
    return Unreadable("its key stands twice", node.span)


def _text(text: str, node: Scalar, texts: int, problems: list[MalformedError]) -> Expression:
    if texts == _VERBATIM or (texts == _TEMPLATE and "${" not in text and "%{" not in text):
        return Template((text,) if text else (), node.span)
    parser = Parser(Inside(text, node.span), 0, len(text))
    try:
        if texts == _REFERENCE and not text.startswith("${"):
            return parser.whole(flowing=True)
        return read_template(parser)
    except MalformedError as error:
        problems.append(error)
        return Unreadable(error.message, node.span)
