"""Nodes as plain data, the text under a span, and generated documents: for the tests of the readers."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from recoverable.read.nodes import Mapping, Node, Scalar
from recoverable.source import Span

TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=12)
JSON_DATA: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def plain_data(node: Node) -> object:
    """What the standard library would make of it; keys are their text."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key.text: plain_data(value) for key, value in node.entries}
    return [plain_data(item) for item in node.items]


def all_nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield key
            yield from all_nodes(value)
    elif not isinstance(node, Scalar):
        for item in node.items:
            yield from all_nodes(item)


def written(text: str, span: Span) -> str:
    """The text under a span, as an editor would select it. A span that is not within the text is an error."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert 1 <= span.line <= span.end_line <= len(lines), span
    assert 1 <= span.column <= len(lines[span.line - 1]) + 1, span
    assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1, span
    assert (span.line, span.column) <= (span.end_line, span.end_column), span
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first = lines[span.line - 1][span.column - 1 :]
    last = lines[span.end_line - 1][: span.end_column - 1]
    return "\n".join([first, *lines[span.line : span.end_line - 1], last])
