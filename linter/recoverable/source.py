"""Where a fact was read: a span in a file, an address in a plan, or a call to AWS."""

from __future__ import annotations

from recoverable.typed import NamedTuple


class Span(NamedTuple):
    """A stretch of text in a file.

    `path` is relative to the repository root with forward slashes. Lines and columns count from 1, columns in
    characters; the end is exclusive, as in SARIF: `end_column` is one past the last character.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def start(self) -> str:
        """`path:line:column`, as editors and terminals link it."""
        return f"{self.path}:{self.line}:{self.column}"


class Address(NamedTuple):
    """A place in a document that has no useful lines, such as a resource in plan JSON."""

    path: str
    address: str

    def start(self) -> str:
        return f"{self.path} {self.address}"


class Call(NamedTuple):
    """An answer of AWS: which account and Region, which operation, about what."""

    account: str
    region: str
    operation: str
    resource: str

    def start(self) -> str:
        return f"{self.operation} {self.resource} ({self.account} {self.region})"


Origin = Span | Address | Call
