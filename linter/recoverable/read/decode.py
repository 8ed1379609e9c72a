"""Bytes of a document into text."""

from __future__ import annotations

from recoverable.read.nodes import MalformedError
from recoverable.source import Span

# The mark of UTF-32 begins with that of UTF-16, so it is looked for first.
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SHOWN = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32"}


def decode(data: bytes, path: str) -> str:
    """The text of a document in UTF-8, or in UTF-16 or UTF-32 with a byte order mark. The mark is left out.

    Raises MalformedError at the first byte that is none of it, and at a NUL, which no YAML or JSON may hold.
    """
    mark, encoding = next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        before = data[len(mark) : len(mark) + error.start].decode(encoding, "replace")
        raise MalformedError(
            f"the byte 0x{error.object[error.start]:02x} is no {_SHOWN[encoding]} text",
            _after(before, path),
            "Save the file as UTF-8, or exclude it if it is no template.",
        ) from None
    found = text.find("\0")
    if found >= 0:
        raise MalformedError(
            "a NUL character: this is a binary file, or UTF-16 without a byte order mark",
            _after(text[:found], path),
            "Save the file as UTF-8, or exclude it if it is no template.",
        )
    return text


def _after(before: str, path: str) -> Span:
    """The place of the character that follows."""
    broken = before.replace("\r\n", "\n").replace("\r", "\n")
    line = broken.count("\n") + 1
    column = len(broken) - broken.rfind("\n")
    return Span(path, line, column, line, column + 1)
