"""Plans and states as Terraform and OpenTofu write them in JSON: what they hold, and where it stands.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json

from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import MalformedError, Mapping, Scalar
from recoverable.read.planned.configuration import mapping
from recoverable.read.planned.secrets import Secrets, sensitive_paths
from recoverable.source import Span
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.nodes import Node
    from recoverable.read.planned.addresses import Place
    from recoverable.read.planned.skimming import Lines

#: What a document is.
PLAN, STATE = "plan", "state"


class Head(NamedTuple):
    """One instance of a resource in a plan or state; its values are looked at only when somebody asks.

    `actions` are what is planned for it: None where the document does not say, empty in a state. `deposed` is the key
    of an object that an earlier replacement left behind. `previous` is its address before it was moved. `existed`: a
    change has values for it before. `inner` names the part of the text that holds its values: `change`, `values` or
    `attributes`.
    """

    place: Place
    mode: str
    type: str
    name: str
    inner: str
    start: int
    end: int
    actions: tuple[str, ...] | None = ()
    reason: str = ""
    deposed: str = ""
    previous: str = ""
    existed: bool = True

    @property
    def is_data(self) -> bool:
        return self.mode == "data"


class Values(NamedTuple):
    """The values of an instance: where they stand, which are not known yet, and which are not to be shown."""

    node: Mapping | None
    unknown: object
    sensitive: object


class Outcome:
    """A plan or state.

    `changes` are what a plan does, `present` what is there when it is done or (in a state) now, `prior` what was there
    before. `configuration` is what it was made from, as far as a plan shows that; `variables` are those of the root.
    `unplaced` are resources of which it is not known what they are.
    `errored`: the plan broke off. `complete` is false where resources were left out of it.
    """

    __slots__ = (
        "_lines", "_slices", "_text", "changes", "complete", "configuration", "deferred", "errored", "kind", "path",
        "present", "prior", "secrets", "timestamp", "unplaced", "variables",
    )  # fmt: skip

    def __init__(self, path: str, text: str, lines: Lines) -> None:
        self.path = path
        self._text = text
        self._lines = lines
        self._slices: dict[tuple[int, int], tuple[Mapping | None, dict[str, object]]] = {}
        self.kind = STATE
        self.changes: list[Head] = []
        self.present: list[Head] = []
        self.prior: list[Head] = []
        self.deferred = 0
        self.unplaced: list[Span] = []
        self.configuration: dict[str, object] = {}
        self.variables: dict[str, object] = {}
        self.secrets = Secrets()
        self.errored = False
        self.complete = True
        self.timestamp = ""

    def place(self, head: Head, span: Span) -> Span:
        """Where something stands in the file that stands at `span` in the text of its instance."""
        at = self._lines.span(head.start, head.start)
        across, until = (at.column - 1 if line == 1 else 0 for line in (span.line, span.end_line))
        return Span(
            self.path,
            at.line + span.line - 1,
            span.column + across,
            at.line + span.end_line - 1,
            span.end_column + until,
        )

    def extent(self, head: Head) -> Span:
        """All of an instance's text."""
        return self._lines.span(head.start, head.end)

    def at(self, position: int) -> Span:
        """A place in the text."""
        return self._lines.span(position, position + 1)

    def start(self, head: Head) -> Span:
        """Where an instance begins."""
        return self.at(head.start)

    def named(self, head: Head) -> Span:
        """Where an instance is named: its address, or as near to that as the document comes."""
        node = self._slice(head)[0]
        for key in ("address", "name", "index_key"):
            found = None if node is None else node.get(key)
            if isinstance(found, Scalar):
                return self.place(head, found.span)
        return self.start(head)

    def after(self, head: Head) -> Values:
        """What an instance will be, or is."""
        return self._values(head, "after")

    def before(self, head: Head) -> Values:
        """What an instance was before its change; without one, what it is."""
        return self._values(head, "before")

    def replaced(self, head: Head) -> tuple[tuple[object, ...], ...]:
        """The paths of the attributes whose change makes a new instance necessary."""
        change = self._slice(head)[1].get("change")
        paths = change.get("replace_paths") if isinstance(change, dict) else None
        return tuple(tuple(path) for path in paths if isinstance(path, list)) if isinstance(paths, list) else ()

    def _values(self, head: Head, when: str) -> Values:
        node, plain = self._slice(head)
        if head.inner == "change":
            change, inner = plain.get("change"), None if node is None else node.get("change")
            marks: dict[object, object] = change if isinstance(change, dict) else {}
            found = inner.get(when) if isinstance(inner, Mapping) else None
            unknown = marks.get("after_unknown") if when == "after" else None
            return Values(found if isinstance(found, Mapping) else None, unknown, marks.get(f"{when}_sensitive"))
        found = None if node is None else node.get(head.inner)
        if head.inner == "attributes":
            sensitive = sensitive_paths(plain.get("sensitive_attributes"))
        else:
            sensitive = plain.get("sensitive_values")
        return Values(found if isinstance(found, Mapping) else None, None, sensitive)

    def _slice(self, head: Head) -> tuple[Mapping | None, dict[str, object]]:
        key = (head.start, head.end)
        found = self._slices.get(key)
        if found is None:
            text = self._text[head.start : head.end]
            node: Node | None
            try:
                node = read_json(text, self.path, [])
            except MalformedError:
                # Deeper or larger than any resource is: what it holds stays unknown.
                node = None
            plain = mapping(json.loads(text)) if isinstance(node, Mapping) else {}
            found = self._slices[key] = (node if isinstance(node, Mapping) else None, plain)
        return found
