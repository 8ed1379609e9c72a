"""Templates: quoted texts and heredocs with what is interpolated in them, and their directives.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#templates
"""

from __future__ import annotations

import re

from recoverable.read.hcl.brackets import HEREDOC_LINE, QUOTED, SPACE
from recoverable.read.hcl.syntax import Directive, Template
from recoverable.read.nodes import MalformedError
from recoverable.read.refusals import DEPTH_LIMIT
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.hcl.parse import Parser
    from recoverable.read.hcl.places import Places
    from recoverable.read.hcl.syntax import Expression, Part

_QUOTED = re.compile(QUOTED)
_LINE = re.compile(HEREDOC_LINE)
_ESCAPE = r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))|(\$\$|%%)(?=\{)"
_DOUBLED = r"(?:\$\$|%%)(?=\{)"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class _Inserted(NamedTuple):
    """`${ ... }`."""

    expression: Expression


class _Control(NamedTuple):
    """`%{ ... }`: what its keyword is, and where it stands. For `if` and `for` what they are about."""

    keyword: str
    start: int
    end: int
    subject: Expression | None = None
    key: str = ""
    value: str = ""


_Token = str | _Inserted | _Control


class _Pieces:
    """The pieces of a template in order, white space taken away where strip markers (`~`) ask for it."""

    __slots__ = ("height", "strip", "tokens")

    def __init__(self) -> None:
        self.tokens: list[_Token] = []
        self.strip = False
        self.height = 0

    def literal(self, text: str) -> None:
        self.tokens.append(text.lstrip(SPACE) if self.strip else text)
        self.strip = False

    def sequence(self, parser: Parser, position: int) -> int:
        """`${` or `%{` at `position`; the offset behind its `}`."""
        text = parser.text
        control = text[position] == "%"
        start = position
        position += 2
        if text.startswith("~", position, parser.limit):
            position += 1
            if self.tokens and isinstance(self.tokens[-1], str):
                self.tokens[-1] = self.tokens[-1].rstrip(SPACE)
        parser.flowing = True
        parser.end = position
        parser.advance()
        if control:
            token: _Inserted | _Control = _control(parser, start)
        else:
            token = _Inserted(parser.expression())
        self.height = max(self.height, parser.height)
        if not (parser.at("}") or parser.at("~}")):
            raise _no_end(parser, start, control=control)
        self.strip = parser.value == "~}"
        end = parser.end
        self.tokens.append(token._replace(end=end) if isinstance(token, _Control) else token)
        return end


def read_quoted(parser: Parser) -> Template:
    """A quoted text: the parser is at its opening quote. Raises MalformedError."""
    text, limit, flowing = parser.text, parser.limit, parser.flowing
    start, position = parser.start, parser.end
    pieces = _Pieces()
    parser.deepen()
    while True:
        found = _QUOTED.match(text, position, limit)
        if found is not None and found.end() > position:
            pieces.literal(unescaped(found[0], parser.places, position))
            position = found.end()
        if position >= limit or text[position] in "\r\n\\":
            raise parser.wrong(
                "this text is not closed by a double quote in its line",
                start,
                position,
                'Close it. A line break inside of a text is written "\\n", longer texts as <<EOT ... EOT.',
            )
        if text[position] == '"':
            break
        position = pieces.sequence(parser, position)
    parser.depth -= 1
    parser.resume(position + 1, flowing=flowing)
    return _built(parser, pieces, start, position + 1)


def read_heredoc(parser: Parser) -> Template:
    """A heredoc: the parser is at its `<<`. Raises MalformedError."""
    text, limit, flowing = parser.text, parser.limit, parser.flowing
    start, position = parser.start, parser.end
    opening = text[start:position].strip()
    marker = opening.lstrip("<").removeprefix("-")
    pieces = _Pieces()
    parser.deepen()
    while True:
        found = _LINE.match(text, position, limit)
        end = found.end() if found else position
        line = text[position:end]
        complete = end >= limit or text[end] == "\n"
        if complete and text[position - 1] == "\n" and line.strip(SPACE) == marker:
            break
        if end >= limit:
            raise parser.wrong(
                f"this heredoc is not closed by a line {marker[:40]}", start, start + len(opening), "Close it."
            )
        if complete:
            line += "\n"
            end += 1
        if line:
            pieces.literal(_undoubled(line))
        position = end if complete else pieces.sequence(parser, end)
    parser.depth -= 1
    if opening[2] == "-":
        pieces.tokens = _flush(pieces.tokens)
    end = position + len(line.rstrip(SPACE))
    if end >= len(text):
        raise parser.wrong(f"the file ends behind {marker[:40]}", position, end, "A line break must follow it.")
    parser.resume(end, flowing=flowing)
    return _built(parser, pieces, start, end)


def read_template(parser: Parser) -> Template:
    """All of a text as a template that stands alone. Raises MalformedError."""
    text, limit, position = parser.text, parser.limit, parser.end
    pieces = _Pieces()
    while position < limit:
        found = _LINE.match(text, position, limit)
        end = found.end() if found else position
        complete = end >= limit or text[end] == "\n"
        line = text[position : end + 1] if complete else text[position:end]
        if line:
            pieces.literal(_undoubled(line))
        position = end + 1 if complete else pieces.sequence(parser, end)
    return _built(parser, pieces, 0, limit)


def unescaped(raw: str, places: Places, start: int) -> str:
    """What is written between quotes, its escapes done; it begins at offset `start`. Raises MalformedError."""
    if "\\" not in raw and "{" not in raw:
        return raw
    done = 0
    parts = []
    for escape in re.finditer(_ESCAPE, raw, re.DOTALL):
        parts.append(raw[done : escape.start()])
        done = escape.end()
        short, long, letter, doubled = escape.groups()
        point = int(short or long, 16) if short or long else 0
        if doubled:
            parts.append(doubled[0])
        elif letter:
            if letter not in _ESCAPES:
                raise _no_escape(escape, places, start)
            parts.append(_ESCAPES[letter])
        elif point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
            raise _no_escape(escape, places, start)
        else:
            parts.append(chr(point))
    parts.append(raw[done:])
    return "".join(parts)


def _undoubled(line: str) -> str:
    return re.sub(_DOUBLED, lambda doubled: doubled[0][0], line) if "{" in line else line


def _no_escape(escape: re.Match[str], places: Places, start: int) -> MalformedError:
    at = places.span(start + escape.start(), start + escape.end())
    if escape[3] in ("u", "U"):
        do = "\\u takes four hexadecimal digits, \\U eight."
    else:
        do = 'There are \\n, \\r, \\t, \\", \\\\, \\uNNNN and \\UNNNNNNNN. A backslash itself is written \\\\.'
    return MalformedError(f"{escape[0]} is no escape", at, do)


def _no_end(parser: Parser, start: int, *, control: bool) -> MalformedError:
    error = parser.unexpected('"}"')
    opened = parser.places.line(start)
    what = "%{" if control else "${"
    return MalformedError(
        f"{error.message}; the {what} is in line {opened}",
        error.span,
        f"Close it, or write {what[0]}{what} if it is meant for another language.",
    )


def _control(parser: Parser, start: int) -> _Control:
    keyword = parser.word("if, else, endif, for or endfor")
    parser.height = 0
    if keyword in ("else", "endif", "endfor"):
        return _Control(keyword, start, start)
    if keyword == "if":
        return _Control(keyword, start, start, parser.expression())
    if keyword != "for":
        raise parser.wrong(
            f"%{{ {keyword[:40]} }} is no directive",
            start,
            parser.previous,
            "There are if, else, endif, for and endfor. Write %%{ if it is meant for another language.",
        )
    key, value = "", parser.word("a name for the items")
    if parser.at(","):
        parser.advance()
        key, value = value, parser.word("a name for the values")
    if parser.value != "in":
        raise parser.unexpected('"in" and a collection')
    parser.advance()
    return _Control(keyword, start, start, parser.expression(), key, value)


def _flush(tokens: list[_Token]) -> list[_Token]:
    """The lines of `<<-` without the indentation that all of them have. Blank lines do not count, nor keep theirs."""
    least: int | None = None
    begins: list[int] = []
    new_line = True
    for index, token in enumerate(tokens):
        if new_line:
            indent: int | None = 0
            if isinstance(token, str):
                indent = len(token) - len(token.lstrip(SPACE))
                if indent == len(token) and token.endswith("\n"):
                    indent = None
                else:
                    begins.append(index)
            if indent is not None:
                least = indent if least is None else min(least, indent)
        new_line = isinstance(token, str) and token.endswith("\n")
    shortened = list(tokens)
    for index in begins:
        token = tokens[index]
        assert isinstance(token, str)
        shortened[index] = token[least or 0 :]
    return shortened


class _Open:
    """A directive whose end has not been seen yet."""

    __slots__ = ("begin", "body", "otherwise")

    def __init__(self, begin: _Control) -> None:
        self.begin = begin
        self.body: list[Part] = []
        self.otherwise: list[Part] | None = None

    def parts(self) -> list[Part]:
        return self.body if self.otherwise is None else self.otherwise


def _built(parser: Parser, pieces: _Pieces, start: int, end: int) -> Template:
    """The pieces as a tree: what stands between a directive and its end belongs to it."""
    tokens = pieces.tokens
    root: list[Part] = []
    stack: list[_Open] = []
    parts = root
    deepest = 0
    for token in _melded(tokens):
        if isinstance(token, str):
            parts.append(token)
        elif isinstance(token, _Inserted):
            parts.append(token.expression)
        elif token.keyword in ("if", "for"):
            stack.append(_Open(token))
            deepest = max(deepest, len(stack))
            if deepest > DEPTH_LIMIT:
                raise parser.deep()
            parts = stack[-1].parts()
        else:
            opened = stack[-1] if stack else None
            keyword = opened.begin.keyword if opened else ""
            if opened is None or token.keyword not in (f"end{keyword}", "else" if keyword == "if" else ""):
                raise parser.wrong(f"%{{ {token.keyword} }} where nothing of the kind is open", token.start, token.end)
            if token.keyword == "else":
                if opened.otherwise is not None:
                    raise parser.wrong("a second %{ else }", token.start, token.end)
                opened.otherwise = []
                parts = opened.otherwise
                continue
            stack.pop()
            begin = opened.begin
            assert begin.subject is not None
            parts = stack[-1].parts() if stack else root
            parts.append(
                Directive(
                    keyword,
                    begin.subject,
                    tuple(opened.body),
                    tuple(opened.otherwise or ()),
                    begin.key,
                    begin.value,
                    parser.span(begin.start, token.end),
                )
            )
    if stack:
        begin = stack[-1].begin
        raise parser.wrong(
            f"%{{ {begin.keyword} }} without its %{{ end{begin.keyword} }}", begin.start, begin.end, "Close it."
        )
    parser.height = pieces.height + deepest
    parser.grown(0)
    wrapped = len(tokens) == 1 and isinstance(tokens[0], _Inserted)
    return Template(tuple(root), parser.span(start, end), wrapped)


def _melded(tokens: list[_Token]) -> Iterator[_Token]:
    """The same with literal texts in one piece; strip markers may have left none."""
    literal: list[str] = []
    for token in tokens:
        if isinstance(token, str):
            literal.append(token)
            continue
        if any(literal):
            yield "".join(literal)
        literal.clear()
        yield token
    if any(literal):
        yield "".join(literal)
