"""JSON text into nodes with their places: strict, without recursion, linear in the length of the text."""

from __future__ import annotations

import re

from recoverable.read.mending import mended
from recoverable.read.nodes import MalformedError, Mapping, Scalar, Sequence
from recoverable.read.refusals import (
    DEPTH_LIMIT,
    NODE_LIMIT,
    TEMPLATE_OF_TEMPLATE,
    too_deep,
    too_many,
)
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.nodes import Node

# Possessive quantifiers everywhere: an unclosed string or a long run of digits is looked at once.
_STRING, _OPEN_MAPPING, _CLOSE_MAPPING, _OPEN_SEQUENCE, _CLOSE_SEQUENCE, _COMMA, _COLON, _NUMBER, _WORD = range(1, 10)
_TOKEN = re.compile(
    r"[ \t\n\r]*+(?:"
    r'"([^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*+)*+)"'
    r"|(\{)|(\})|(\[)|(\])|(,)|(:)"
    r"|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?)(?![0-9A-Za-z.+_-])"
    r"|(true|false|null)(?![0-9A-Za-z_]))"
)
_BLANK = re.compile(r"[ \t\n\r]*+")
_STRING_START = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*+)*+')
_BREAK = re.compile(r"\r\n?|\n")
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"true": True, "false": False, "null": None}

# What may come next.
_VALUE, _VALUE_OR_CLOSE, _KEY, _KEY_OR_CLOSE, _AFTER_KEY, _AFTER_VALUE = range(6)


class _Open:
    """A mapping or sequence whose end has not been seen yet; a mapping's children are key, value, key ..."""

    __slots__ = ("children", "column", "line", "mapping")

    def __init__(self, mapping: bool, line: int, column: int) -> None:
        self.mapping = mapping
        self.line = line
        self.column = column
        self.children: list[Node] = []


def read_json(text: str, path: str, problems: list[MalformedError] | None = None) -> Node:
    """Read one JSON value (RFC 8259). Half surrogate pairs become U+FFFD, numbers too large for an integer infinity.
    With `problems`, a key that stands twice is added to them and reading goes on (see `mending`).

    Raises MalformedError at the place where something else was expected, for a key that stands twice, nesting deeper
    than `DEPTH_LIMIT` and more than `NODE_LIMIT` nodes.
    """
    match = _TOKEN.match
    breaks = _BREAK.finditer(text)
    line, line_start = 1, 0
    following = next(breaks, None)
    next_start = following.end() if following else len(text) + 1

    position = 0
    expected = _VALUE
    stack: list[_Open] = []
    nodes = 0
    while True:
        token = match(text, position)
        if token is None:
            raise _unexpected(text, path, position, expected, stack)
        kind = token.lastindex or 0
        start = token.start(kind)
        position = token.end()
        if kind == _STRING:
            start -= 1
        while start >= next_start:
            line += 1
            line_start = next_start
            following = next(breaks, None)
            next_start = following.end() if following else len(text) + 1

        node: Node
        if expected == _AFTER_VALUE:
            top = stack[-1]
            if kind == _COMMA:
                if nodes > NODE_LIMIT:
                    raise too_many(Span(path, line, start - line_start + 1, line, start - line_start + 2))
                expected = _KEY if top.mapping else _VALUE
                continue
            if kind != (_CLOSE_MAPPING if top.mapping else _CLOSE_SEQUENCE):
                raise _unexpected(text, path, start, expected, stack)
        elif expected == _AFTER_KEY:
            if kind != _COLON:
                raise _unexpected(text, path, start, expected, stack)
            expected = _VALUE
            continue
        elif kind == _STRING:
            raw = token[_STRING]
            if "\\" in raw:
                raw = _ESCAPE.sub(_unescaped, raw)
            column = start - line_start + 1
            node = Scalar(raw, Span(path, line, column, line, column + position - start), raw, False)
            nodes += 1
            if expected in (_KEY, _KEY_OR_CLOSE):
                stack[-1].children.append(node)
                expected = _AFTER_KEY
                continue
            if not stack:
                return _finished(text, path, position, node)
            stack[-1].children.append(node)
            expected = _AFTER_VALUE
            continue
        elif expected == _KEY:
            raise _unexpected(text, path, start, expected, stack)
        elif expected == _KEY_OR_CLOSE:
            if kind != _CLOSE_MAPPING:
                raise _unexpected(text, path, start, expected, stack)
        elif kind in (_NUMBER, _WORD):
            raw = token[kind]
            value = _WORDS[raw] if kind == _WORD else _number(raw)
            column = start - line_start + 1
            node = Scalar(value, Span(path, line, column, line, column + position - start), raw)
            nodes += 1
            if not stack:
                return _finished(text, path, position, node)
            stack[-1].children.append(node)
            expected = _AFTER_VALUE
            continue
        elif kind in (_OPEN_MAPPING, _OPEN_SEQUENCE):
            if len(stack) >= DEPTH_LIMIT:
                raise too_deep(Span(path, line, start - line_start + 1, line, start - line_start + 2))
            stack.append(_Open(kind == _OPEN_MAPPING, line, start - line_start + 1))
            expected = _KEY_OR_CLOSE if kind == _OPEN_MAPPING else _VALUE_OR_CLOSE
            continue
        elif not (kind == _CLOSE_SEQUENCE and expected == _VALUE_OR_CLOSE):
            raise _unexpected(text, path, start, expected, stack)

        closed = stack.pop()
        nodes += 1
        if nodes > NODE_LIMIT:
            raise too_many(Span(path, line, start - line_start + 1, line, start - line_start + 2))
        span = Span(path, closed.line, closed.column, line, position - line_start + 1)
        node = _mapping(closed.children, span, problems) if closed.mapping else Sequence(tuple(closed.children), span)
        if not stack:
            return _finished(text, path, position, node)
        stack[-1].children.append(node)
        expected = _AFTER_VALUE


def _mapping(children: list[Node], span: Span, problems: list[MalformedError] | None) -> Mapping:
    keys = [key for key in children[::2] if isinstance(key, Scalar)]
    if len({key.text for key in keys}) < len(keys):
        return Mapping(mended(keys, children[1::2], problems), span)
    return Mapping(tuple(zip(keys, children[1::2], strict=True)), span)


def _number(raw: str) -> int | float:
    if raw.lstrip("-").isdigit() and len(raw) <= 1000:
        return int(raw)
    return float(raw)


def _unescaped(escape: re.Match[str]) -> str:
    high, low, code, letter = escape.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    if code:
        point = int(code, 16)
        return "\ufffd" if 0xD800 <= point <= 0xDFFF else chr(point)
    return _ESCAPES[letter]


def _finished(text: str, path: str, position: int, node: Node) -> Node:
    end = _BLANK.match(text, position)
    if end and end.end() < len(text):
        raise MalformedError(
            "there is more text after the end of the JSON value",
            _at(text, path, end.end()),
            "A file holds one JSON value. Remove the rest, or a closing bracket too many.",
        )
    return node


def _unexpected(text: str, path: str, position: int, expected: int, stack: list[_Open]) -> MalformedError:
    blank = _BLANK.match(text, position)
    position = blank.end() if blank else position
    opened = f"; the {'{' if stack[-1].mapping else '['} was opened in line {stack[-1].line}" if stack else ""
    close = "}" if stack and stack[-1].mapping else "]"
    wanted = {
        _VALUE: "a value",
        _VALUE_OR_CLOSE: 'a value or "]"',
        _KEY: "a key in double quotes",
        _KEY_OR_CLOSE: 'a key in double quotes or "}"',
        _AFTER_KEY: '":" after the key',
        _AFTER_VALUE: f'"," or "{close}"',
    }[expected]
    if position >= len(text):
        return MalformedError(
            f"the file ends where {wanted} was expected{opened}",
            _at(text, path, position),
            "The file seems to be cut short, or a closing bracket is missing.",
        )
    seen = text[position]
    if seen == '"' and expected not in (_AFTER_KEY, _AFTER_VALUE):
        return _bad_string(text, path, position)
    do = ""
    before = text[:position].rstrip(" \t\r\n") if seen in "}]" else ""
    if before.endswith(","):
        do = "JSON allows no comma before a closing bracket. Remove it."
    elif seen == "'":
        do = "JSON takes double quotes only."
    elif text.startswith(("//", "/*", "#"), position):
        do = "JSON has no comments. Remove it, or write the template in YAML."
    elif text.startswith(("{{", "{%", "<%"), max(position - 1, 0)) or text.startswith(("{%", "<%"), position):
        do = TEMPLATE_OF_TEMPLATE
    elif seen in '"{[' and expected == _AFTER_VALUE:
        do = "A comma is missing before it."
    elif seen.isalnum() or seen in "+-.":
        do = "Text stands in double quotes; bare words are true, false, null; numbers have no leading zero or +."
    return MalformedError(f"{_shown(seen)} where {wanted} was expected", _at(text, path, position), do)


def _bad_string(text: str, path: str, position: int) -> MalformedError:
    good = _STRING_START.match(text, position)
    end = good.end() if good else position + 1
    if end >= len(text) or text[end] in "\r\n":
        return MalformedError(
            "this text is not closed by a double quote in its line",
            _at(text, path, position),
            'Close it. A line break inside text is written "\\n".',
        )
    if text[end] == "\\":
        return MalformedError(
            f"{text[end : end + 2]!r} is no escape of JSON",
            _at(text, path, end),
            "A backslash itself is written \\\\.",
        )
    return MalformedError(
        f"{_shown(text[end])} inside of text", _at(text, path, end), "Write it as an escape, such as \\t or \\u0000."
    )


def _shown(character: str) -> str:
    if character == '"':
        return "a double quote"
    return f'"{character}"' if character.isprintable() else f"the character U+{ord(character):04X}"


def _at(text: str, path: str, position: int) -> Span:
    """The place of one character, counted from the start of the text: for errors only."""
    line, line_start = 1, 0
    for found in _BREAK.finditer(text):
        if found.end() > position:
            break
        line += 1
        line_start = found.end()
    column = position - line_start + 1
    return Span(path, line, column, line, column + (position < len(text)))
