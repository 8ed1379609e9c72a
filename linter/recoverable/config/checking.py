"""A configuration against its schema: every mistake in words, at its place, with what was probably meant."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from recoverable.config.faults import config_fault, in_order, short, unknown_word
from recoverable.config.fitting import plain, schema, tagged
from recoverable.read.nodes import Mapping, Scalar, Sequence
from recoverable.rule import Fault
from recoverable.spelling import listed, nearest
from recoverable.typed import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.read.nodes import Node
    from recoverable.source import Span

#: How many mistakes are told at once; a file with more is not a configuration.
LIMIT = 50

_KINDS = {
    "object": "keys with values",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def mistakes(root: Node) -> tuple[Fault, ...]:
    """All that the schema has against a configuration, in the order of the text."""
    faults = [
        config_fault(f"the tag {short(node.tag)} means nothing here", _beginning(node), "write the value itself")
        for node in tagged(root)
    ]
    if not faults:
        errors = Draft202012Validator(schema()).iter_errors(plain(root))
        faults = [fault for error in errors for fault in _faults(root, error)]
    distinct = in_order(faults)
    if len(distinct) > LIMIT:
        last = distinct[LIMIT - 1]
        rest = Fault("config", f"{len(distinct) - LIMIT} more mistakes follow", last.origin, "mend those above first")
        return (*distinct[:LIMIT], rest)
    return distinct


def _faults(root: Node, error: Any, words: str = "") -> Iterator[Fault]:  # noqa: ANN401 (half of its fields may be unset)
    """One error of jsonschema as faults; `words` are those of the choice it belongs to."""
    node, origin = _locate(root, list(error.absolute_path))
    rule = error.schema if isinstance(error.schema, dict) else {}
    said = str(rule.get("errorMessage", words))
    wrong = f"{_dotted(error.absolute_path)} cannot be {_shown(node)}"
    match error.validator:
        case "additionalProperties" if isinstance(node, Mapping):
            known = list(rule["properties"])
            yield from (
                unknown_word("key", key.text, known, key.span) for key, _ in node.entries if key.text not in known
            )
        case "required" if isinstance(node, Mapping):
            missing = next(name for name in error.validator_value if node.get(name) is None)
            yield config_fault(
                f"{_dotted(error.absolute_path)} has no `{missing}:`", origin, f"write `{missing}:` there"
            )
        case "enum":
            known = [str(word) for word in error.validator_value]
            near = nearest(node.text, known) if isinstance(node, Scalar) else ""
            meant = f"did you mean `{near}`? " if near else ""
            yield config_fault(wrong, origin, f"{meant}write {listed(known)}")
        case "anyOf" if (branch := _meant(error)) is not None:
            for inner in branch:
                yield from _faults(root, inner, said)
        case "anyOf" | "minProperties" if isinstance(node, Mapping) and rule.get("type") == "object":
            yield config_fault(f"{_dotted(error.absolute_path)} is not complete", origin, said)
        case "type" if not said:
            kinds = error.validator_value
            wanted = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
            yield config_fault(wrong, origin, f"write {listed(_KINDS[kind] for kind in wanted)}")
        case _:
            yield config_fault(wrong, origin, said or str(error.message)[:200])


def _dotted(path: Iterable[str | int]) -> str:
    """A place in the configuration as people call it: `tables[1].match`."""
    words = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{short(step)}" for step in path)
    return f"`{words.lstrip('.')}`" if words else "the configuration"


def _meant(error: Any) -> list[Any] | None:  # noqa: ANN401
    """The errors of the one alternative that has the right shape, if there is just one."""
    branches: dict[int | str, list[Any]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [
        errors for errors in branches.values() if not any(one.validator == "type" and not one.path for one in errors)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _locate(root: Node, path: list[str | int]) -> tuple[Node, Span]:
    """The node at a path, and where to point: at a single value itself, else at the key or item that begins it."""
    node, span = root, _beginning(root)
    for step in path:
        match node, step:
            case Mapping(), str():
                key, child = node.key(step), node.get(step)
                if key is None or child is None:
                    return node, span
                span = child.span if isinstance(child, Scalar) and child.text else key.span
                node = child
            case Sequence(), int():
                node = node.items[step]
                span = _beginning(node)
            case _:
                return node, span
    return node, span


def _beginning(node: Node) -> Span:
    """Where a node's first word stands."""
    match node:
        case Mapping(entries=((key, _), *_)):
            return key.span
        case _:
            return node.span


def _shown(node: Node) -> str:
    match node:
        case Mapping():
            return "keys with values"
        case Sequence():
            return "a list"
        case Scalar():
            return f"`{short(node.text)}`" if node.text.strip() else "empty"
