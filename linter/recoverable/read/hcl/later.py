"""Values whose expression is read when somebody asks for it.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#attribute-definitions
"""

from __future__ import annotations

import re

from recoverable.read.hcl.parse import MOST_DIGITS, WORDS, Parser
from recoverable.read.hcl.places import Places
from recoverable.read.hcl.syntax import Attribute, Literal, Name, Template, Unreadable
from recoverable.read.nodes import MalformedError
from recoverable.read.refusals import DEPTH_LIMIT
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.hcl.syntax import Expression

#: What most values are: a plain text, a word or number, a reference without indexes.
_SIMPLE = re.compile(r'"([^"\\$%\r\n]*+)"|([A-Za-z_][0-9A-Za-z_-]*+)((?:\.[A-Za-z_][0-9A-Za-z_-]*+)*+)|([0-9]++)')
#: More than these are not told of one file.
_MOST_TOLD = 1000

# References, plain texts with references in them, and short calls of these: what no parser is needed for to be seen as
# right. Names are ASCII here, since the pattern is compiled at every start.
_WORD = r"[A-Za-z_][A-Za-z0-9_-]*+"
_REFERENCE = rf'{_WORD}(?:\.{_WORD}|\[\d++\]|\["[^"\\$%\r\n]*+"\])*+'
_SOUND_PART = rf'(?:{_REFERENCE}|\d++|"(?:[^"\\$%\r\n]++|\$\{{{_REFERENCE}\}})*+")'
_SOUND = re.compile(rf"{_WORD}\((?:{_SOUND_PART}(?:, {_SOUND_PART})*+)?+\)|{_SOUND_PART}")


class Later:
    """The expression between two offsets: read when it is first asked for, its problem told then."""

    __slots__ = ("_end", "_expression", "_places", "_problems", "_start")

    def __init__(self, places: Places, start: int, end: int, problems: list[MalformedError]) -> None:
        self._places = places
        self._start = start
        self._end = end
        self._problems = problems
        self._expression: Expression | None = None

    def __call__(self) -> Expression:
        if self._expression is None:
            try:
                self._expression = simple(self._places, self._start, self._end) or Parser(
                    self._places, self._start, self._end
                ).whole(flowing=False)
            except MalformedError as error:
                if len(self._problems) < _MOST_TOLD:
                    self._problems.append(error)
                self._expression = Unreadable(error.message, self._places.span(self._start, self._end))
        return self._expression

    def sound(self) -> None:
        """Have told what is wrong with it, if anything is."""
        if self._expression is None and _SOUND.fullmatch(self._places.text, self._start, self._end) is None:
            self()

    @classmethod
    def settled(cls, expression: Expression) -> Later:
        """One that is known already."""
        later = cls(Places("", expression.span.path), 0, 0, [])
        later._expression = expression
        return later


def simple(places: Places, start: int, end: int) -> Expression | None:
    """What most values are, without the effort of the parser; None for all else."""
    found = _SIMPLE.fullmatch(places.text, start, end)
    if found is None:
        return None
    span = places.span(start, end)
    kind = found.lastindex
    if kind == 1:
        return Template((found[1],) if found[1] else (), span)
    if kind == 4:
        return Literal(int(found[4]), span) if end - start <= MOST_DIGITS else None
    word, rest = found[2], found[3]
    if not rest:
        return Literal(WORDS[word], span) if word in WORDS else Name(word, span)
    names = rest.split(".")[1:]
    if word in WORDS or len(names) >= DEPTH_LIMIT:
        return None
    path, line, column, _, _ = span
    at = column + len(word)
    expression: Expression = Name(word, Span(path, line, column, line, at))
    for name in names:
        at += 1 + len(name)
        expression = Attribute(expression, name, Span(path, line, column, line, at))
    return expression
