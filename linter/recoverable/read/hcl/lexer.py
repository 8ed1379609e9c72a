"""HCL expressions into tokens, one after the other as they are asked for.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#lexical-elements
"""

from __future__ import annotations

import re

from recoverable.read.hcl.brackets import BLOCK_COMMENT, HEREDOC, LINES, NAME
from recoverable.read.nodes import MalformedError
from recoverable.read.refusals import too_deep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.hcl.places import Places

#: The kinds of tokens: the group of the pattern that they are.
NAME_TOKEN, NUMBER, TEXT, HEREDOC_TOKEN, LINE_BREAK, SYMBOL = 1, 2, 3, 4, 6, 7
END = 0
_TOKENS = (
    rf"(?:({NAME})"
    r"|([0-9](?:\.*+(?:[0-9]|[eE][+-]?[0-9]))*+)"
    r'|"([^"\\$%\r\n]*+)"'
    rf"|({HEREDOC})"
    r"|(\r?\n)"
    r"|(==|!=|<=|>=|&&|\|\||=>|\.\.\.|::|~\}|[-+*/%<>!?:=.,()\[\]{}\"]))?+"
)
#: In brackets, line breaks are blanks; outside, and between the entries of an object, they end what stands before them.
_FLOWING = re.compile(LINES + _TOKENS)
_LINED = re.compile(rf"(?:[ \t]++|(?:#|//)[^\r\n]*+|{BLOCK_COMMENT})*+" + _TOKENS)


class Lexer:
    """A stretch of a text, token by token. `kind`, `value`, `start` and `end` are those of the coming token."""

    __slots__ = (
        "depth", "end", "flowing", "height", "kind", "limit", "places", "previous", "span", "start", "text", "value",
    )  # fmt: skip

    def __init__(self, places: Places, start: int, limit: int) -> None:
        self.places = places
        self.span = places.span
        self.text = places.text
        self.limit = limit
        self.flowing = False
        #: How deep the expression is that is being read, and how high the tree is that was read last.
        self.depth = 0
        self.height = 0
        self.kind = END
        self.value = ""
        self.start = start
        self.end = start
        #: Where the last token ended.
        self.previous = start

    def advance(self) -> None:
        """Go on to the next token."""
        position = self.previous = self.end
        found = (_FLOWING if self.flowing else _LINED).match(self.text, position, self.limit)
        assert found is not None
        kind = found.lastindex
        if kind is None:
            self.kind, self.value = END, ""
            self.start = self.end = found.end()
            if self.end < self.limit:
                raise self.strange(self.end)
            return
        self.kind = kind
        self.value = found[kind]
        self.end = found.end()
        self.start = found.start(kind) - (kind == TEXT)

    def resume(self, position: int, *, flowing: bool) -> None:
        """Go on behind something that was read without the lexer."""
        self.flowing = flowing
        self.end = position
        self.advance()

    def enter(self) -> bool:
        """Go behind an opening bracket, where line breaks are blanks; tells whether they were so before it."""
        flowing, self.flowing = self.flowing, True
        self.advance()
        return flowing

    def leave(self, closer: str, flowing: bool, what: str) -> None:
        """Go behind a closing bracket."""
        if self.kind != SYMBOL or self.value != closer:
            raise self.unexpected(f'"{closer}" at the end of {what}')
        self.flowing = flowing
        self.advance()

    def at(self, symbol: str) -> bool:
        return self.kind == SYMBOL and self.value == symbol

    def take(self, symbol: str, wanted: str) -> None:
        if self.kind != SYMBOL or self.value != symbol:
            raise self.unexpected(wanted)
        self.advance()

    def word(self, wanted: str) -> str:
        """Take a name."""
        if self.kind != NAME_TOKEN:
            raise self.unexpected(wanted)
        name = self.value
        self.advance()
        return name

    # What goes wrong.

    def wrong(self, message: str, start: int, end: int, do: str = "") -> MalformedError:
        return MalformedError(message, self.span(start, end), do)

    def deep(self) -> MalformedError:
        return too_deep(self.span(self.start, self.end))

    def odd_name(self, name: str, start: int) -> MalformedError:
        quoted = any(quote in name for quote in "\u201c\u201d\u2018\u2019\u00ab\u00bb")
        do = 'Texts stand in straight double quotes: "".' if quoted else "Names are letters, digits, _ and -."
        return self.wrong(f"{name[:40]!r} is no name", start, start + len(name), do)

    def strange(self, position: int) -> MalformedError:
        """A character that no token begins with."""
        seen = self.text[position]
        message = f'"{seen}"' if seen.isprintable() else f"the character U+{ord(seen):04X}"
        do = {
            "'": "Texts stand in double quotes.",
            "&": 'Write "&&" for and.',
            "|": 'Write "||" for or.',
            ";": "Arguments end with their line.",
        }.get(seen, "")
        return self.wrong(f"{message} means nothing here", position, position + 1, do)

    def unexpected(self, wanted: str) -> MalformedError:
        if self.kind == END:
            return self.wrong(f"the value ends where {wanted} was expected", self.start, self.start)
        if self.kind == LINE_BREAK:
            return self.wrong(
                f"the line ends where {wanted} was expected",
                self.start,
                self.start,
                "An expression goes on in the next line only inside of brackets.",
            )
        if self.value == "/" and self.text.startswith("/*", self.start):
            return self.wrong("this comment is not closed", self.start, self.end + 1, "Close it with */.")
        if self.kind == HEREDOC_TOKEN:
            seen = "a heredoc"
        elif self.kind == TEXT or self.value == '"':
            seen = "a text"
        else:
            seen = f'"{self.value[:40]}"'
        do = "A heredoc cannot stand here." if self.kind == HEREDOC_TOKEN else ""
        if self.value in ("=", ":") and wanted.startswith("the end"):
            do = "Put every argument on a line of its own."
        if self.value == "{" and wanted.endswith("behind the key"):
            do = "Within a value this needs a =; if it is to be a block, so is what it stands in: no = before that {."
        return self.wrong(f"{seen} where {wanted} was expected", self.start, self.end, do)
