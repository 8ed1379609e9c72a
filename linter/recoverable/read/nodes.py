"""The tree of a YAML or JSON document, every node with its place in the text.

Nodes say what was written, not what it means: tags such as `!Ref` are kept as they stand, and numbers keep their text.
"""

from __future__ import annotations

from recoverable.source import Span
from recoverable.typed import NamedTuple


class Scalar(NamedTuple):
    """A single value. `value` is what YAML 1.1 or JSON makes of `text`; `plain` is true when it stood unquoted."""

    value: str | int | float | bool | None
    span: Span
    text: str
    plain: bool = True
    tag: str = ""


class Sequence(NamedTuple):
    items: tuple[Node, ...]
    span: Span
    tag: str = ""


class Mapping(NamedTuple):
    """Keys and values in the order of the text; no key stands twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span
    tag: str = ""

    def get(self, key: str) -> Node | None:
        for name, node in self.entries:
            if name.text == key:
                return node
        return None

    def key(self, key: str) -> Scalar | None:
        """The key's own node, for its place."""
        return next((name for name, _ in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


class Comment(NamedTuple):
    """A comment that speaks to us (`# recoverable: ...`): the text after the colon, and its place.

    `over` is what it speaks of: the whole entry (a key with its value) or list item that begins on its line, or below
    it for a comment on a line of its own; else the innermost one around it. None where it speaks of the whole document.
    `lists` are the lists around that.
    """

    text: str
    span: Span
    over: Span | None = None
    lists: tuple[Span, ...] = ()


class MalformedError(Exception):
    """A document that cannot be read: what is wrong, where, and what to do about it."""

    def __init__(self, message: str, span: Span, do: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.do = do
