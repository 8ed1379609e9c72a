"""What a comment in a YAML document speaks of: the entry or list item that it stands on, above, or in."""

from __future__ import annotations

from typing import NamedTuple

from recoverable.read.nodes import Scalar, Sequence
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.read.nodes import Comment, Mapping, Node


class _Piece(NamedTuple):
    """An entry or a list item. `indent` is the column of its key, or of its dash."""

    span: Span
    indent: int


def placed(comments: Iterable[Comment], lines: list[str], root: Node) -> tuple[Comment, ...]:
    """The comments with what each speaks of, and the lists around that, filled in; `lines` are those of the text.

    A comment behind something speaks of the outermost entry or item that begins on its line, else of the innermost
    around it. One on a line of its own speaks of the outermost that begins on the next line that is not a comment; if
    it is indented deeper than that line, of what it is indented under.
    """
    comments = tuple(comments)
    if not comments:
        return ()
    pieces = sorted(
        _pieces(root, lines), key=lambda piece: (*piece.span[:3], -piece.span.end_line, -piece.span.end_column)
    )
    beginning: dict[int, Span] = {}
    for piece in pieces:
        beginning.setdefault(piece.span.line, piece.span)
    lists = tuple(_lists(root))
    return tuple(_spoken(comment, _over(comment.span, lines, pieces, beginning), lists) for comment in comments)


def _spoken(comment: Comment, over: Span | None, lists: tuple[Span, ...]) -> Comment:
    if over is None:
        return comment
    around = [span for span in lists if span[1:3] <= over[1:3] and over[3:5] <= span[3:5]]
    return comment._replace(over=over, lists=tuple(span for span in around if span != over))


def _over(at: Span, lines: list[str], pieces: list[_Piece], beginning: dict[int, Span]) -> Span | None:
    if lines[at.line - 1][: at.column - 1].strip():
        return beginning.get(at.line) or _around(at, pieces)
    for number in range(at.line + 1, len(lines) + 1):
        line = lines[number - 1]
        if line.strip() and line.lstrip()[0] != "#":
            if at.column > _indent(line):
                break
            return beginning.get(number) or _around(at, pieces)
    return _under(at, pieces)


def _around(at: Span, pieces: list[_Piece]) -> Span | None:
    """The innermost piece that began above and goes on at least to this line."""
    reaching = (span for span, _ in reversed(pieces) if span.line < at.line <= span.end_line)
    return next(reaching, None)


def _under(at: Span, pieces: list[_Piece]) -> Span | None:
    """The last piece that began above and is indented less."""
    return next((span for span, indent in reversed(pieces) if span.line < at.line and indent < at.column), None)


def _pieces(root: Node, lines: list[str]) -> Iterator[_Piece]:
    """Every entry and list item where it is written; what an alias repeats is not written again."""
    for node in _branches(root):
        if isinstance(node, Sequence):
            for item in node.items:
                yield _Piece(item.span, _indent(lines[item.span.line - 1]))
            continue
        for key, value in node.entries:
            start, end = key.span, value.span
            if end[1:3] < start[1:3]:
                end = start
            yield _Piece(Span(start.path, start.line, start.column, end.end_line, end.end_column), start.column)


def _lists(root: Node) -> Iterator[Span]:
    return (node.span for node in _branches(root) if isinstance(node, Sequence))


def _branches(root: Node) -> Iterator[Mapping | Sequence]:
    """Every mapping and list, each once."""
    pending = [root]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        pending.extend(node.items if isinstance(node, Sequence) else (value for _, value in node.entries))


def _indent(line: str) -> int:
    """The column of the first thing on a line."""
    return len(line) - len(line.lstrip()) + 1
