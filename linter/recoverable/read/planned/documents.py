"""Plans and states as Terraform and OpenTofu write them in JSON: what they hold, and where it stands.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json

from recoverable.read.decode import decode
from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import MalformedError, Mapping, Scalar
from recoverable.read.planned.addresses import Place, module_calls, suffix_of
from recoverable.read.planned.secrets import Secrets, marked, sensitive_paths
from recoverable.read.planned.skimming import Skim
from recoverable.source import Span
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.nodes import Node
    from recoverable.read.planned.skimming import Lines

#: What a document is.
PLAN, STATE = "plan", "state"

#: More instances of resources in one file than anybody has; each costs about a kilobyte.
MOST_INSTANCES = 300_000

#: Modules in modules; deeper ones are nobody's.
DEEPEST = 32

#: The version of `terraform.tfstate` that all Terraform since 0.12 and all OpenTofu write.
STATE_VERSION = 4


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
    `errored`: the plan broke off. `complete` is false where resources were left out of it.
    """

    __slots__ = (
        "_lines", "_slices", "_text", "changes", "complete", "configuration", "deferred", "errored", "kind", "path",
        "present", "prior", "secrets", "timestamp", "variables",
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
            plain = _mapping(json.loads(text)) if isinstance(node, Mapping) else {}
            found = self._slices[key] = (node if isinstance(node, Mapping) else None, plain)
        return found


def read_outcome(path: str, data: bytes) -> Outcome | None:
    """The plan or state in a file; None for JSON that is neither. Raises MalformedError."""
    text = decode(data, path)
    skim = Skim(text, path)
    if not skim.is_mapping():
        return None
    outcome = Outcome(path, text, skim.lines)
    reader = _Reader(outcome, skim)
    found: dict[str, object] = {}
    for key in skim.members():
        if key in _SCALARS:
            found[key] = skim.value()
        elif not reader.take(key):
            skim.value()
    skim.end()
    if not _is_one(found, reader.seen):
        return None
    outcome.errored = found.get("errored") is True
    reader.finish()
    outcome.complete = found.get("complete") is not False
    stamp = found.get("timestamp")
    outcome.timestamp = stamp if isinstance(stamp, str) else ""
    return outcome


_SCALARS = ("format_version", "version", "terraform_version", "timestamp", "errored", "complete", "applyable")


def _is_one(found: dict[str, object], seen: set[str]) -> bool:
    """Whether the keys are those of a plan, or of a state in either form."""
    if "terraform_version" not in found:
        return False
    if "format_version" in found:
        return bool(seen & {"resource_changes", "planned_values", "values", "prior_state", "configuration"})
    return found.get("version") == STATE_VERSION and "resources" in seen


class _Reader:
    """Takes in the parts of a document."""

    def __init__(self, outcome: Outcome, skim: Skim) -> None:
        self._outcome = outcome
        self._skim = skim
        self._given: dict[str, object] = {}
        self._planned: list[Head] = []
        self._count = 0
        self.seen: set[str] = set()

    def take(self, key: str) -> bool:
        """Read what stands under a key of the document; False if that is not wanted."""
        outcome, skim = self._outcome, self._skim
        match key:
            case "resource_changes":
                outcome.changes.extend(self._changes())
            case "deferred_changes":
                outcome.changes.extend(self._deferred())
            case "planned_values":
                self._planned.extend(self._modules())
            case "prior_state":
                for inner in self._members():
                    if inner == "values":
                        outcome.prior.extend(self._modules())
                    else:
                        skim.value()
            case "values":
                outcome.present.extend(self._modules())
            case "resources":
                outcome.present.extend(self._stored())
            case "configuration":
                outcome.configuration = _mapping(skim.value())
            case "variables":
                self._given = {name: _mapping(value).get("value") for name, value in _mapping(skim.value()).items()}
            case _:
                return False
        self.seen.add(key)
        return True

    def finish(self) -> None:
        """When all parts have been read, in whichever order they stood."""
        outcome = self._outcome
        if outcome.prior and not (outcome.changes or self._planned or outcome.errored):
            # A plan that only looks again (`-refresh-only`) says what is there, and plans nothing.
            outcome.present = list(outcome.prior)
        elif self.seen & {"resource_changes", "planned_values", "prior_state", "configuration"}:
            outcome.kind = PLAN
            changed = {head.place.address for head in outcome.changes if not head.deposed}
            gone = {head.previous for head in outcome.changes}
            kept = [head for head in self._planned if head.place.address not in changed]
            changed |= {head.place.address for head in kept} | gone
            kept += [head for head in outcome.prior if head.place.address not in changed]
            outcome.present = [
                head for head in outcome.changes
                if not head.deposed and (head.actions is None or not _REMOVING.issuperset(head.actions))
            ] + kept  # fmt: skip
        for default in _sensitive_defaults(outcome.configuration.get("root_module"), 0):
            outcome.secrets.add(default)
        declared = _mapping(_mapping(outcome.configuration.get("root_module")).get("variables"))
        for name, value in self._given.items():
            if _mapping(declared.get(name)).get("sensitive") is True:
                outcome.secrets.add(value)
            else:
                outcome.variables[name] = value

    def _members(self) -> Iterator[str]:
        if self._skim.is_mapping():
            yield from self._skim.members()
        else:
            self._skim.value()

    def _elements(self) -> Iterator[tuple[int, int, dict[str, object]]]:
        """The mappings of a list, each with where it begins and ends."""
        skim = self._skim
        if not skim.is_list():
            skim.value()
            return
        for start in skim.items():
            made = skim.value()
            self._count += 1
            if self._count > MOST_INSTANCES:
                raise MalformedError(
                    f"more than {MOST_INSTANCES:,} resources in one file",
                    self._outcome.at(start),
                    "Split the configuration, or take out of the plan what does not concern tables and backups.",
                )
            if isinstance(made, dict):
                yield start, skim.at, made

    def _changes(self) -> Iterator[Head]:
        for start, end, made in self._elements():
            yield from self._change(start, end, made)

    def _change(self, start: int, end: int, made: dict[str, object]) -> Iterator[Head]:
        place, type_, name = _place(made)
        if place is None:
            return
        change = _mapping(made.get("change"))
        self._hide(change.get("before"), change.get("before_sensitive"))
        self._hide(change.get("after"), change.get("after_sensitive"))
        actions = change.get("actions")
        named = tuple(each for each in actions if isinstance(each, str)) if isinstance(actions, list) else None
        yield Head(
            place,
            _text(made.get("mode")),
            type_,
            name,
            "change",
            start,
            end,
            named or None,
            _text(made.get("action_reason")),
            _text(made.get("deposed")),
            _text(made.get("previous_address")),
            isinstance(change.get("before"), dict),
        )

    def _deferred(self) -> Iterator[Head]:
        """Changes that wait for another run; each stands in an element of its own with the reason."""
        skim = self._skim
        if not skim.is_list():
            skim.value()
            return
        for _ in skim.items():
            self._outcome.deferred += 1
            for key in self._members():
                start = skim.at
                made = skim.value()
                if key == "resource_change" and isinstance(made, dict):
                    yield from self._change(start, skim.at, made)

    def _modules(self, depth: int = 0) -> Iterator[Head]:
        """The instances in `planned_values`, `values` or one of their modules."""
        for key in self._members():
            if key in ("root_module", "child_modules") and depth < DEEPEST:
                if self._skim.is_list():
                    for _ in self._skim.items():
                        yield from self._modules(depth + 1)
                else:
                    yield from self._modules(depth + 1)
            elif key == "resources":
                for start, end, made in self._elements():
                    place, type_, name = _place(made)
                    self._hide(made.get("values"), made.get("sensitive_values"))
                    if place is not None:
                        deposed = _text(made.get("deposed_key"))
                        if not deposed:
                            yield Head(place, _text(made.get("mode")), type_, name, "values", start, end)
            else:
                self._skim.value()

    def _stored(self) -> Iterator[Head]:
        """The instances in `terraform.tfstate`."""
        skim = self._skim
        if not skim.is_list():
            skim.value()
            return
        for _ in skim.items():
            common: dict[str, object] = {}
            instances: list[tuple[int, int, dict[str, object]]] = []
            for key in self._members():
                if key == "instances":
                    instances = list(self._elements())
                else:
                    common[key] = skim.value()
            mode, type_, name = (_text(common.get(key)) for key in ("mode", "type", "name"))
            calls = module_calls(_text(common.get("module")))
            for start, end, made in instances:
                self._hide(made.get("attributes"), sensitive_paths(made.get("sensitive_attributes")))
                if type_ and name and calls is not None and not made.get("deposed"):
                    place = Place(calls, _resource(mode, type_, name), suffix_of(made.get("index_key")))
                    yield Head(place, mode, type_, name, "attributes", start, end)

    def _hide(self, value: object, sensitive: object) -> None:
        for secret in marked(value, sensitive):
            self._outcome.secrets.add(secret)


def _sensitive_defaults(node: object, depth: int) -> Iterator[object]:
    """The defaults of sensitive variables, in a module of a configuration and those that it calls."""
    module = _mapping(node)
    for variable in map(_mapping, _mapping(module.get("variables")).values()):
        if variable.get("sensitive") is True:
            yield variable.get("default")
    for call in _mapping(module.get("module_calls")).values() if depth < DEEPEST else ():
        yield from _sensitive_defaults(_mapping(call).get("module"), depth + 1)


_REMOVING = frozenset({"delete", "forget"})


def _place(made: dict[str, object]) -> tuple[Place | None, str, str]:
    """Where a resource of a plan is. Its module stands by itself in changes, and in the address everywhere."""
    type_, name, address = (_text(made.get(key)) for key in ("type", "name", "address"))
    if not type_ or not name:
        return None, type_, name
    resource = _resource(_text(made.get("mode")), type_, name)
    module = made.get("module_address")
    if not isinstance(module, str):
        before = address.rfind(resource)
        module = address[:before].rstrip(".") if before > 0 else ""
    calls = module_calls(module)
    return (None if calls is None else Place(calls, resource, suffix_of(made.get("index")))), type_, name


def _resource(mode: str, type_: str, name: str) -> str:
    return f"data.{type_}.{name}" if mode == "data" else f"{type_}.{name}"


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
