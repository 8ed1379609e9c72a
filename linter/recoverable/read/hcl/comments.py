"""The comments of an HCL file that speak to us (`# recoverable: ...`), and what each speaks of."""

from __future__ import annotations

import re

from recoverable.read.hcl.brackets import BLOCK_COMMENT, HEREDOC, PLAIN_TEXT, UnbalancedError, closing
from recoverable.read.hcl.places import Places
from recoverable.read.hcl.syntax import ListOf, ObjectOf
from recoverable.read.nodes import Comment
from recoverable.read.placing import Nest
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.hcl.syntax import Argument, Body, Expression

_PASSAGE = re.compile(rf'(#[^\n]*+|//[^\n]*+)|({BLOCK_COMMENT})|{PLAIN_TEXT}|({HEREDOC})|(")')
_LINE_COMMENT, _BLOCK_COMMENT, _HEREDOC, _QUOTE = 1, 2, 3, 5
#: Templates that are not closed are looked for to the end of the file only so often.
_MOST_UNCLOSED = 5
# The colon may be left out before `accept`: somebody means us, and is not to be overheard.
_SAYS = r"[ \t]*+recoverable[ \t]*+(?::|(?=accept\b))((?:[^\n*]++|\*(?!/))*+)"
_OURS = re.compile(rf"(?:^[ \t]*+[*]*+|(?<!\S)(?:#++|//++|/[*]++)){_SAYS}", re.MULTILINE)


def passages(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where comments (true) and longer texts (false) begin and end; nothing in them is structure."""
    position, unclosed = 0, 0
    while True:
        found = _PASSAGE.search(text, position)
        if found is None:
            return
        kind = found.lastindex
        position = found.end()
        if kind in (_LINE_COMMENT, _BLOCK_COMMENT):
            yield found.start(), position, True
        elif kind in (_HEREDOC, _QUOTE) and unclosed < _MOST_UNCLOSED:
            try:
                position = closing(text, found.start(), len(text))
            except UnbalancedError:
                unclosed += 1
                continue
            yield found.start(), position, False


def comments(text: str, path: str, body: Body) -> tuple[Comment, ...]:
    """Comments in the order of the text, each with what it speaks of; `body` is that of the same text.

    One behind something speaks of the block or argument that begins on its line, else of the innermost around it. One
    on a line of its own speaks of what begins on the next line that is not a comment, else of what is around it.
    `lists` are the blocks of one type around what it speaks of: a word about one `replica` is none about the others.
    """
    if "recoverable" not in text:
        return ()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    places = Places(text, path)
    found = []
    commented: set[int] = set()
    for start, end, is_comment in passages(text):
        if not is_comment:
            continue
        first = places.line(start)
        alone = not text[text.rfind("\n", 0, start) + 1 : start].strip()
        commented.update(range(first if alone else first + 1, places.line(end - 1) + 1))
        for hit in _OURS.finditer(text, start, end):
            begin = hit.start() + len(hit[0]) - len(hit[0].lstrip())
            found.append(Comment(hit[1].strip(), places.span(begin, hit.start() + len(hit[0].rstrip()))))
    if not found:
        return ()
    pieces = _Pieces(text.split("\n"), commented, body)
    pieces.open_up(found)
    return tuple(map(pieces.spoken_of, found))


class _Pieces:
    """Blocks, arguments and what is in lists and objects, each where it is written."""

    def __init__(self, lines: list[str], commented: set[int], body: Body) -> None:
        self.lines = lines
        self.commented = commented
        #: For each line the number of the first one behind it that has more than comments.
        self.next_line = [0] * (len(lines) + 1)
        for number in range(len(lines) - 1, 0, -1):
            bare = number + 1 in commented or not lines[number].strip()
            self.next_line[number] = self.next_line[number + 1] if bare else number + 1
        #: What begins on a line, the outermost first; and the list that an item is in.
        self.lists: dict[Span, Span] = {}
        self.spans: list[Span] = []
        self.values: dict[Span, Argument] = {}
        waiting = [body]
        while waiting:
            here = waiting.pop()
            for argument in here.arguments.values():
                entry = _joined(argument.span, argument.value_span)
                self.spans.append(entry)
                self.values[entry] = argument
            for block in here.blocks:
                self.spans.append(block.extent)
                waiting.append(block.body)
        self.index()

    def index(self) -> None:
        self.nest = Nest(self.spans)
        self.beginning: dict[int, Span] = {}
        for span in self.nest.spans:
            self.beginning.setdefault(span.line, span)

    def spoken_of(self, comment: Comment) -> Comment:
        over = self.over(comment.span)
        if over is None:
            return comment
        around = (span for span in self.nest.before(over.line, over.column) if span[3:5] >= over[3:5])
        return comment._replace(over=over, lists=tuple(self.lists[span] for span in around if span in self.lists))

    def over(self, at: Span) -> Span | None:
        if self.lines[at.line - 1][: at.column - 1].strip() and at.line not in self.commented:
            return self.beginning.get(at.line) or self.around(at)
        return self.beginning.get(self.next_line[at.line]) or self.around(at)

    def around(self, at: Span) -> Span | None:
        """The innermost piece that began before and goes on at least to this line."""
        found = self.nest.before(at.line, at.column)
        return next((span for span in found if span.end_line >= at.line), None)

    def open_up(self, comments: list[Comment]) -> None:
        """Look into the values that comments stand in."""
        for comment in comments:
            around = self.around(comment.span)
            argument = self.values.pop(around, None) if around is not None else None
            if argument is not None:
                self.take_apart(argument.expression())
        self.index()

    def take_apart(self, expression: Expression) -> None:
        waiting = [expression]
        while waiting:
            here = waiting.pop()
            if isinstance(here, ListOf):
                for item in here.items:
                    self.spans.append(item.span)
                    self.lists[item.span] = here.span
                waiting.extend(here.items)
            elif isinstance(here, ObjectOf):
                for entry in here.items:
                    self.spans.append(_joined(entry.key.span, entry.value.span))
                    waiting.append(entry.value)


def _joined(first: Span, last: Span) -> Span:
    return Span(first.path, first.line, first.column, last.end_line, last.end_column)
