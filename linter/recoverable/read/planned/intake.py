"""Takes in a plan or state: which of its instances count at which time, and what is not to be shown.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from recoverable.read.decode import decode
from recoverable.read.nodes import MalformedError
from recoverable.read.planned.addresses import Place, module_calls, suffix_of
from recoverable.read.planned.configuration import mapping, text
from recoverable.read.planned.documents import PLAN, Head, Outcome
from recoverable.read.planned.secrets import marked, sensitive_paths
from recoverable.read.planned.skimming import Skim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: More instances of resources in one file than anybody has; each costs about a kilobyte.
MOST_INSTANCES = 300_000

#: Modules in modules; deeper ones are nobody's.
DEEPEST = 32

#: The version of `terraform.tfstate` that all Terraform since 0.12 and all OpenTofu write.
STATE_VERSION = 4


def read_outcome(path: str, data: bytes) -> Outcome | None:
    """The plan or state in a file; None for JSON that is neither. Raises MalformedError."""
    written = decode(data, path)
    skim = Skim(written, path)
    if not skim.is_mapping():
        return None
    outcome = Outcome(path, written, skim.lines)
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
                outcome.configuration = mapping(skim.value())
            case "variables":
                self._given = {name: mapping(value).get("value") for name, value in mapping(skim.value()).items()}
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
        declared = mapping(mapping(outcome.configuration.get("root_module")).get("variables"))
        for name, value in self._given.items():
            if mapping(declared.get(name)).get("sensitive") is True:
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
            self._outcome.unplaced.append(self._outcome.at(start))
            return
        change = mapping(made.get("change"))
        self._hide(change.get("before"), change.get("before_sensitive"))
        self._hide(change.get("after"), change.get("after_sensitive"))
        actions = change.get("actions")
        named = tuple(each for each in actions if isinstance(each, str)) if isinstance(actions, list) else None
        yield Head(
            place,
            text(made.get("mode")),
            type_,
            name,
            "change",
            start,
            end,
            named or None,
            text(made.get("action_reason")),
            text(made.get("deposed")),
            text(made.get("previous_address")),
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
                    if place is None:
                        self._outcome.unplaced.append(self._outcome.at(start))
                    else:
                        deposed = text(made.get("deposed_key"))
                        if not deposed:
                            yield Head(place, text(made.get("mode")), type_, name, "values", start, end)
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
            mode, type_, name = (text(common.get(key)) for key in ("mode", "type", "name"))
            calls = module_calls(text(common.get("module")))
            for start, end, made in instances:
                self._hide(made.get("attributes"), sensitive_paths(made.get("sensitive_attributes")))
                if not type_ or not name or calls is None:
                    self._outcome.unplaced.append(self._outcome.at(start))
                elif not made.get("deposed"):
                    place = Place(calls, _resource(mode, type_, name), suffix_of(made.get("index_key")))
                    yield Head(place, mode, type_, name, "attributes", start, end)

    def _hide(self, value: object, sensitive: object) -> None:
        for secret in marked(value, sensitive):
            self._outcome.secrets.add(secret)


def _sensitive_defaults(node: object, depth: int) -> Iterator[object]:
    """The defaults of sensitive variables, in a module of a configuration and those that it calls."""
    module = mapping(node)
    for variable in map(mapping, mapping(module.get("variables")).values()):
        if variable.get("sensitive") is True:
            yield variable.get("default")
    for call in mapping(module.get("module_calls")).values() if depth < DEEPEST else ():
        yield from _sensitive_defaults(mapping(call).get("module"), depth + 1)


_REMOVING = frozenset({"delete", "forget"})


def _place(made: dict[str, object]) -> tuple[Place | None, str, str]:
    """Where a resource of a plan is. Its module stands by itself in changes, and in the address everywhere."""
    type_, name, address = (text(made.get(key)) for key in ("type", "name", "address"))
    if not type_ or not name:
        return None, type_, name
    resource = _resource(text(made.get("mode")), type_, name)
    module = made.get("module_address")
    if not isinstance(module, str):
        before = address.rfind(resource)
        module = address[:before].rstrip(".") if before > 0 else ""
    calls = module_calls(module)
    return (None if calls is None else Place(calls, resource, suffix_of(made.get("index")))), type_, name


def _resource(mode: str, type_: str, name: str) -> str:
    return f"data.{type_}.{name}" if mode == "data" else f"{type_}.{name}"
