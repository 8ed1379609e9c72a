"""What a comment in a YAML document speaks of: the entry or list item that it stands on, above, or in."""

from __future__ import annotations

from bisect import bisect_right

from recoverable.read.nodes import Scalar, Sequence
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.read.nodes import Comment, Mapping, Node


class Nest:
    """Spans of one file that lie beside or in one another, so that those around a place are found quickly."""

    __slots__ = ("_outer", "_starts", "spans")

    def __init__(self, spans: Iterable[Span]) -> None:
        #: Each span once, by where it begins, outer ones first.
        self.spans = sorted(set(spans), key=lambda span: (*span[1:3], -span.end_line, -span.end_column))
        self._starts = [span[1:3] for span in self.spans]
        self._outer: list[int] = []
        for index, span in enumerate(self.spans):
            around = index - 1
            while around >= 0 and self.spans[around][3:5] < span[3:5]:
                around = self._outer[around]
            self._outer.append(around)

    def before(self, line: int, column: int) -> Iterator[Span]:
        """The last span that begins at or before a place, and those around it, the innermost first."""
        index = bisect_right(self._starts, (line, column)) - 1
        while index >= 0:
            yield self.spans[index]
            index = self._outer[index]

    def from_on(self, line: int, column: int) -> Span | None:
        """The first span that begins at a place or behind it."""
        index = bisect_right(self._starts, (line, column - 1))
        return self.spans[index] if index < len(self.spans) else None


def placed(comments: Iterable[Comment], lines: list[str], root: Node) -> tuple[Comment, ...]:
    """The comments with what each speaks of, and the lists around that, filled in; `lines` are those of the text.

    A comment behind something speaks of the outermost entry or item that begins on its line, else of the innermost
    around it. One on a line of its own speaks of the outermost that begins on the next line that is not a comment; if
    it is indented deeper than that line, of what it is indented under.
    """
    comments = tuple(comments)
    return tuple(map(_Pieces(root, lines).spoken_of, comments)) if comments else ()


class _Pieces:
    """Every entry and list item of a document where it is written; what an alias repeats is not written again."""

    def __init__(self, root: Node, lines: list[str]) -> None:
        self.lines = lines
        #: The column of an entry's key or an item's dash, and the list that an item is in.
        self.indents: dict[Span, int] = {}
        self.lists: dict[Span, Span] = {}
        for node in _branches(root):
            if isinstance(node, Sequence):
                for item in node.items:
                    self.indents[item.span] = _indent(lines[item.span.line - 1])
                    self.lists[item.span] = node.span
                continue
            for key, value in node.entries:
                start, end = key.span, value.span
                if end[1:3] < start[1:3]:
                    end = start
                entry = Span(start.path, start.line, start.column, end.end_line, end.end_column)
                self.indents.setdefault(entry, start.column)
        self.nest = Nest(self.indents)
        self.beginning: dict[int, Span] = {}
        for span in self.nest.spans:
            self.beginning.setdefault(span.line, span)
        #: For each line the number of the first one behind it that has content, 0 for none.
        self.next_line = [0] * (len(lines) + 1)
        for number in range(len(lines) - 1, 0, -1):
            below = lines[number].lstrip()
            self.next_line[number] = number + 1 if below and below[0] != "#" else self.next_line[number + 1]

    def spoken_of(self, comment: Comment) -> Comment:
        over = self.over(comment.span)
        if over is None:
            return comment
        around = (span for span in self.nest.before(over.line, over.column) if span[3:5] >= over[3:5])
        return comment._replace(over=over, lists=tuple(self.lists[span] for span in around if span in self.lists))

    def over(self, at: Span) -> Span | None:
        if self.lines[at.line - 1][: at.column - 1].strip():
            return self.beginning.get(at.line) or self.around(at)
        below = self.next_line[at.line]
        if below and at.column <= _indent(self.lines[below - 1]):
            return self.beginning.get(below) or self.around(at)
        return next((span for span in self.nest.before(at.line, 0) if self.indents[span] < at.column), None)

    def around(self, at: Span) -> Span | None:
        """The innermost piece that began above and goes on at least to this line."""
        return next((span for span in self.nest.before(at.line, 0) if span.end_line >= at.line), None)


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
