"""Templates out of a test's text: read it, and have its tables, keys and notes by address."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from recoverable.read import cloudformation, sniff
from recoverable.read.document import read_document
from recoverable.value import Known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.estate import Key, Replica, Table
    from recoverable.read.nodes import Node
    from recoverable.read.reading import Reading
    from recoverable.value import Entry, Value

    T = TypeVar("T", Table, Replica, Key)
else:
    T = TypeVar("T")


class Templates(NamedTuple):
    """What was read, with short ways to it for tests."""

    reading: Reading

    def addresses(self) -> list[str]:
        return [_present(entry)[0].subject.address for entry in self.reading.tables]

    def table_entry(self, address: str = "Orders") -> Entry[Table]:
        return _named(self.reading.tables, address)

    def table(self, address: str = "Orders") -> Table:
        """The table, which must be the same in all scenarios."""
        return _only(self.table_entry(address))

    def replica(self, region: str) -> Replica:
        """The replica of the one global table in a Region, the same in all scenarios."""
        return _only(next(entry for entry in self.reading.replicas if _present(entry)[0].subject.part == region))

    def key(self, address: str = "Secret") -> Key:
        return _only(_named(self.reading.keys, address))

    def in_scenarios(self, attribute: str = "pitr", address: str = "Orders") -> dict[str, object]:
        """A property by scenario as described: the value, `?` where it is not known, `-` where there is no table."""
        found: dict[str, object] = {}
        for scenario, table in self.table_entry(address).variants:
            shown = ", ".join(map(str, scenario.circumstances))
            value = "-" if table is None else said(getattr(table, attribute))
            assert found.setdefault(shown, value) == value, f"two scenarios are described alike: {shown}"
        return found

    def notes(self) -> list[str]:
        return [note.kind for note in self.reading.notes]


def read(text: str, *, name: str = "app.yaml", **given: str) -> Templates:
    """One template. `given` are parameters; `AWS__Region` is `AWS::Region`."""
    return read_all({name: text}, **given)


def read_all(texts: dict[str, str], others: dict[str, str] | None = None, /, **given: str) -> Templates:
    """Several templates by path; `others` are files that are read only where one of these names them."""
    trees = {path: read_document(dedent(text), path) for path, text in {**texts, **(others or {})}.items()}
    documents: dict[str, tuple[str, Node]] = {}
    for path in texts:
        kind = sniff.kind(trees[path])
        assert kind is not None, f"{path} is no template"
        documents[path] = (kind, trees[path])
    fixed = {key.replace("__", "::"): value for key, value in given.items()}
    return Templates(cloudformation.read(documents, trees.get, lambda _: fixed))


def table(properties: str, rest: str = "", *, attributes: str = "") -> str:
    """A template with the table Orders: its properties, its further attributes, and the other sections."""
    return "\n".join(
        (
            "AWSTemplateFormatVersion: 2010-09-09",
            dedent(rest).strip("\n"),
            "Resources:",
            "  Orders:",
            "    Type: AWS::DynamoDB::Table",
            _indented(attributes, 4),
            "    Properties:",
            "      BillingMode: PAY_PER_REQUEST",
            _indented(properties, 6),
        )
    )


def pitr(value: str, rest: str = "") -> str:
    """A template with the table Orders, whose point-in-time recovery is `value`."""
    text = "PointInTimeRecoverySpecification:\n  PointInTimeRecoveryEnabled: " + dedent(value).strip().replace(
        "\n", "\n  "
    )
    return table(text, rest)


def named(value: str, rest: str = "", **given: str) -> object:
    """The name of a table whose TableName is `value`: the way to see what a function makes."""
    text = table("TableName: " + dedent(value).strip(), rest)
    return said(read(text, **given).table().subject.name)


def said(value: Value[Any]) -> object:
    """A value if it is known, else a question mark."""
    return value.state.value if isinstance(value.state, Known) else "?"


def why(value: Value[Any]) -> str:
    """Why a value is not known."""
    assert not isinstance(value.state, Known), f"{value} is known"
    return value.state.reason


def _indented(text: str, by: int) -> str:
    lines = dedent(text).strip("\n").split("\n")
    return "\n".join(" " * by + line if line.strip() else "" for line in lines)


def _present(entry: Entry[T]) -> list[T]:
    return [variant.item for variant in entry.variants if variant.item is not None]


def _named(entries: Iterable[Entry[T]], address: str) -> Entry[T]:
    return next(entry for entry in entries if _present(entry)[0].subject.address == address)


def _only(entry: Entry[T]) -> T:
    items = _present(entry)
    assert len(entry.variants) == len(items) == 1, f"there are {len(entry.variants)} variants"
    return items[0]
