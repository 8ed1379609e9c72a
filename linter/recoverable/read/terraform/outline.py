"""A file of HCL as a tree of keys and values, for placing the comments that speak to us."""

from __future__ import annotations

from recoverable.read.nodes import Mapping, Scalar
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.hcl.syntax import Body
    from recoverable.read.nodes import Node


def outline(body: Body, path: str, text: str) -> Mapping:
    """Arguments and blocks by their places. Texts count as quoted: nothing in them is a comment."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _mapping(body, Span(path, 1, 1, len(lines), len(lines[-1]) + 1), lines)


def _mapping(body: Body, span: Span, lines: list[str]) -> Mapping:
    entries: list[tuple[Scalar, Node]] = []
    for name, argument in body.arguments.items():
        at = argument.value_span
        begins = lines[at.line - 1][at.column - 1 : at.column + 1] if at.line <= len(lines) else ""
        value = Scalar("", at, "", plain=not begins.startswith(('"', "<<")))
        entries.append((Scalar(name, argument.span, name), value))
    for block in body.blocks:
        entries.append((Scalar(block.type, block.span, block.type), _mapping(block.body, block.extent, lines)))
    entries.sort(key=lambda entry: (entry[0].span.line, entry[0].span.column))
    return Mapping(tuple(entries), span)
