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

    __slots__ = ("_starts", "path", "text")

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        if "\r" in text:
            self._starts = [0, *(found.end() for found in re.finditer(r"\r\n?|\n", text))]
        else:
            self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
            self._starts.pop()

    def span(self, start: int, end: int) -> Span:
        """The stretch between two offsets."""
        starts = self._starts
        line = bisect_right(starts, start)
        above = starts[line - 1]
        if line == len(starts) or end <= starts[line] - 1:
            return Span(self.path, line, start - above + 1, line, end - above + 1)
        end_line = bisect_right(starts, end)
        return Span(self.path, line, start - above + 1, end_line, end - starts[end_line - 1] + 1)

    def line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)
