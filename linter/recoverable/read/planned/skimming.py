"""Skims a large JSON text: walks to what is wanted, and passes over the rest at the speed of the standard library.

Nothing that is passed over stays in memory, so that a plan of a hundred megabytes takes little more than its text.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right

from recoverable.read.nodes import MalformedError
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK = re.compile(r"[ \t\n\r]*+")

#: What to do about a document that is cut short or was written to by something else.
_WRITE_AGAIN = "write it again: terraform show -json tfplan > plan.json"


class Lines:
    """Where in a text a position is, as line and column."""

    __slots__ = ("_path", "_starts")

    def __init__(self, text: str, path: str) -> None:
        self._path = path
        self._starts = [0]
        # Not by a pattern: a plan of a hundred megabytes is often one line.
        while found := text.find("\n", self._starts[-1]) + 1:
            self._starts.append(found)

    def span(self, start: int, end: int) -> Span:
        first, last = bisect_right(self._starts, start), bisect_right(self._starts, end)
        return Span(self._path, first, start - self._starts[first - 1] + 1, last, end - self._starts[last - 1] + 1)


class Skim:
    """A place in a JSON text that moves on. Raises MalformedError where the text is no JSON."""

    __slots__ = ("_decode", "_text", "at", "lines")

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._decode = json.JSONDecoder(parse_int=_number).raw_decode
        self.lines = Lines(text, path)
        self.at = 0
        self._blank()

    def value(self) -> object:
        """The value here, as the standard library has it; goes on behind it."""
        start = self.at
        try:
            made, self.at = self._decode(self._text, start)
        except json.JSONDecodeError as error:
            raise self._malformed(error.msg, error.pos) from None
        except RecursionError:
            raise self._malformed("it is nested too deep", start) from None
        self._blank()
        return made

    def is_mapping(self) -> bool:
        return self._text.startswith("{", self.at)

    def is_list(self) -> bool:
        return self._text.startswith("[", self.at)

    def members(self) -> Iterator[str]:
        """The keys of the mapping here; whoever is given one goes over its value before the next is asked for."""
        for _ in self._parts("{", "}"):
            if not self._text.startswith('"', self.at):
                raise self._malformed("a key in double quotes was expected", self.at)
            key = self.value()
            self._take(":")
            yield str(key)

    def items(self) -> Iterator[int]:
        """The items of the list here, each by where it begins; gone over as those of `members` are."""
        for _ in self._parts("[", "]"):
            yield self.at

    def end(self) -> None:
        """Nothing may come any more."""
        if self.at < len(self._text):
            raise self._malformed("there is more text after the end of the JSON value", self.at)

    def _parts(self, opening: str, closing: str) -> Iterator[None]:
        self._take(opening)
        if self._text.startswith(closing, self.at):
            self._take(closing)
            return
        while True:
            yield None
            if self._text.startswith(closing, self.at):
                self._take(closing)
                return
            self._take(",")

    def _take(self, sign: str) -> None:
        if not self._text.startswith(sign, self.at):
            raise self._malformed(f'"{sign}" was expected', self.at)
        self.at += 1
        self._blank()

    def _blank(self) -> None:
        found = _BLANK.match(self._text, self.at)
        if found is not None:
            self.at = found.end()

    def _malformed(self, message: str, position: int) -> MalformedError:
        if position >= len(self._text):
            message = "the file ends in the middle"
        return MalformedError(message[:1].lower() + message[1:], self.lines.span(position, position), _WRITE_AGAIN)


def _number(raw: str) -> int | float:
    """More digits than Python takes for a whole number make one as large as there is."""
    return int(raw) if len(raw) <= 1000 else float(raw)
