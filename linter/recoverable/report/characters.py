"""Characters that do not show as themselves: made visible for terminals, escaped for JSON, measured for columns."""

from __future__ import annotations

#: Columns that a tab takes in a frame.
TAB = 4

#: Delete, the second block of controls, line and paragraph separators, and all that turns the direction of text:
#: a terminal or an editor may act on them, and JSON would let them stand.
_RISKY = (
    *range(0x7F, 0xA0),
    0x61C,
    0x200E,
    0x200F,
    0x2028,
    0x2029,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0xFEFF,
)
_JSON_ESCAPES = {code: f"\\u{code:04x}" for code in _RISKY}


def printable(text: str) -> str:
    """One line that a terminal shows as it is: line breaks become spaces, other controls `\\x1b`."""
    if text.isprintable():
        return text
    return "".join(" " if mark in "\n\t" else escaped(mark) for mark in text.replace("\r\n", "\n"))


def escaped(mark: str) -> str:
    """A character, or how Python writes it if it would not show."""
    return mark if mark.isprintable() else mark.encode("unicode_escape", "backslashreplace").decode("ascii")


def json_escaped(document: str) -> str:
    """A JSON document in which nothing can steer a terminal and everything can be encoded as UTF-8."""
    if document.isascii() and "\x7f" not in document:
        return document
    return document.translate(_JSON_ESCAPES).encode("utf-8", "backslashreplace").decode("utf-8")


def columns(text: str) -> int:
    """How many columns a terminal gives to printable text."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 (most templates are ASCII)

    return sum(0 if combining(mark) else 2 if east_asian_width(mark) in "WF" else 1 for mark in text)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, broken at spaces; a longer word stands alone."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        size = columns(word)
        if line and used + 1 + size > width:
            lines.append(line)
            line, used = "", 0
        line, used = (f"{line} {word}", used + 1 + size) if line else (word, size)
    return [*lines, line] if line else lines
