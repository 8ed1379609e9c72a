"""Where things stand in a text: offsets into lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from recoverable.source import Span


class Places:
    """A text, its path, and where its lines begin.

    Lines and columns are those of editors: CRLF, LF and CR end a line, columns count characters.
    """

    __slots__ = ("path", "starts", "text")

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        #: The offset at which each line begins, and one beyond the text.
        self.starts: list[int]
        if "\r" in text:
            self.starts = [0, *(found.end() for found in re.finditer(r"\r\n?|\n", text)), len(text) + 1]
        else:
            self.starts = list(accumulate([len(line) + 1 for line in text.split("\n")], initial=0))

    def span(self, start: int, end: int) -> Span:
        """The stretch between two offsets."""
        starts = self.starts
        line = bisect_right(starts, start)
        above = starts[line - 1] - 1
        if end < starts[line]:
            return Span(self.path, line, start - above, line, end - above)
        end_line = bisect_right(starts, end)
        return Span(self.path, line, start - above, end_line, end - starts[end_line - 1] + 1)

    def line(self, offset: int) -> int:
        return bisect_right(self.starts, offset)


class Inside(Places):
    """What a quoted text of another file says. Where escapes hide which character stands where, all of it is meant."""

    __slots__ = ("_around", "_exact")

    def __init__(self, text: str, around: Span) -> None:
        self.text = text
        self.path = around.path
        self.starts = [0, len(text) + 1]
        self._around = around
        self._exact = around.line == around.end_line and around.end_column - around.column == len(text) + 2

    def span(self, start: int, end: int) -> Span:
        if not self._exact:
            return self._around
        path, line, column, _, _ = self._around
        return Span(path, line, column + 1 + start, line, column + 1 + end)

    def line(self, offset: int) -> int:
        return self._around.line if offset >= 0 else 0
