"""The comments of a YAML document that speak to us: `# recoverable: ...`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from recoverable.read.nodes import Comment, Mapping, Scalar
from recoverable.read.placing import placed
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.nodes import Node

# The colon may be left out before `accept`: somebody means us, and is not to be overheard.
_COMMENT = r"(?:(?<=[ \t])|^)#+[ \t]*+recoverable[ \t]*+(?::|(?=accept\b))(.*)"
# What may stand before a comment on the first line of a block scalar: its properties and its header.
_BLOCK_HEADER = r"(?:[!&][^ \t]*+[ \t]++)*+[|>][-+0-9]*+[ \t]++"


def comments(text: str, root: Node) -> tuple[Comment, ...]:
    """Comments in the order of the text, each with what it speaks of; `root` is the tree of the same text.

    Quoted and block text holds none.
    """
    if "recoverable" not in text:
        return ()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    hits = {hit.span.line: hit for hit in _hits(text, root.span.path)}
    if not hits:
        return ()
    lines = text.split("\n")
    where = list(hits)
    for scalar in _scalars(root):
        if scalar.plain:
            continue
        span = scalar.span
        for line in where[bisect_left(where, span.line) : bisect_right(where, span.end_line)]:
            if line in hits and _inside(hits[line].span, span, lines):
                del hits[line]
    return placed(hits.values(), lines, root)


def _hits(text: str, path: str) -> Iterator[Comment]:
    """What reads like a comment, by line: one to a line, as it goes on to the line's end."""
    line, counted = 1, 0
    for hit in re.finditer(_COMMENT, text, re.MULTILINE):
        line += text.count("\n", counted, hit.start())
        counted = hit.start()
        column = counted - text.rfind("\n", 0, counted)
        yield Comment(hit[1].strip(), Span(path, line, column, line, column + len(hit[0].rstrip())))


def _scalars(root: Node) -> Iterator[Scalar]:
    # Aliases share their nodes.
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
            continue
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            for key, value in node.entries:
                waiting += (key, value)
        else:
            waiting += node.items


def _inside(place: Span, scalar: Span, lines: list[str]) -> bool:
    start = (place.line, place.column)
    if not (scalar.line, scalar.column) <= start < (scalar.end_line, scalar.end_column):
        return False
    before = lines[place.line - 1][scalar.column - 1 : place.column - 1]
    return not (place.line == scalar.line and re.fullmatch(_BLOCK_HEADER, before))
