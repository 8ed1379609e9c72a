"""Rules of a user's own: YAML with a type of resource, and a JSON Schema that its properties must fit."""

from __future__ import annotations

import os

from jsonschema import Draft202012Validator

from recoverable.property_schema import OF_STRUCTURES, OF_VALUES, REMARKS, fits
from recoverable.read.decode import decode
from recoverable.read.document import read_document
from recoverable.read.nodes import MalformedError, Mapping, Scalar, Sequence
from recoverable.rule import Fault, Rule, Severity
from recoverable.source import Span
from recoverable.spelling import listed, nearest
from recoverable.truth import Answer, Truth
from recoverable.typed import Any, NamedTuple, cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.estate.resources import Resource
    from recoverable.read.data import Datum
    from recoverable.read.nodes import Node

#: Words of JSON Schema that hold one schema, a list of schemas, or schemas by name.
_ONE = ("additionalProperties", "propertyNames", "items", "contains", "not", "if", "then", "else")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs")

_EXAMPLES = {
    "resource": "name a type, such as AWS::DynamoDB::Table, or a list of types",
    "severity": "write high, medium, low or info",
    "message": "write one sentence that says what is wrong",
    "why": "write text",
    "do": "write text",
    "properties": "write a JSON Schema, such as `required: [Tags]`",
}


class PropertyRule(NamedTuple):
    """What stands in a rule's file."""

    types: tuple[str, ...]
    severity: Severity
    message: str
    why: str
    do: str
    properties: dict[str, Any]


def load(path: str, shown: str, name: str) -> Rule | tuple[Fault, ...]:
    """The rule in a file, or all that is wrong with the file. Raises OSError."""
    try:
        read = _read(path, shown)
    except MalformedError as error:
        return (Fault("rule-pack", error.message, error.span, error.do),)
    if not isinstance(read, PropertyRule):
        return read
    return Rule(name, read.severity, ("Resource",), (), _judge(read), types=read.types)


def markdown(path: str) -> str:
    """The document of a rule that has no other: its message, why, and what to do. Empty for a file that is no rule."""
    try:
        read = _read(path, path)
    except (MalformedError, OSError):
        return ""
    if not isinstance(read, PropertyRule):
        return ""
    parts = [f"# {read.message.strip().rstrip('.')}", read.why.strip()]
    if read.do.strip():
        parts.extend(["## What to do", read.do.strip()])
    return "\n\n".join(part for part in parts if part) + "\n"


def _judge(read: PropertyRule) -> Any:  # noqa: ANN401 (a rule's function)
    def judge(resource: Resource) -> Truth:
        if resource.type not in read.types:
            return Truth(Answer.NO)
        return ~fits(cast("Datum", resource.properties), read.properties)

    return judge


def _read(path: str, shown: str) -> PropertyRule | tuple[Fault, ...]:
    """A rule's file, or everything that is wrong with it. Raises MalformedError and OSError."""
    with open(path, "rb") as file:  # noqa: PTH123 (pathlib costs 5 ms of start-up)
        root = read_document(decode(file.read(), shown), shown)
    faults = [_fault(root, error) for error in Draft202012Validator(_schema()).iter_errors(_plain(root))]
    asked = root.get("properties") if isinstance(root, Mapping) else None
    if isinstance(asked, Mapping):
        faults.extend(_of_schema(asked))
    if faults:
        ordered = sorted(set(faults), key=lambda fault: (cast("Span", fault.origin).line, fault.message))
        return tuple(ordered[:20])
    said = _plain(root)
    types = (said["resource"],) if isinstance(said["resource"], str) else tuple(said["resource"])
    severity = Severity(said["severity"])
    return PropertyRule(types, severity, said["message"], said.get("why", ""), said.get("do", ""), said["properties"])


def _schema() -> Any:  # noqa: ANN401 (JSON)
    folder = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    with open(f"{folder}/schemas/property-rule.schema.json", encoding="utf-8") as file:  # noqa: PTH123
        return _plain(read_document(file.read(), "property-rule.schema.json"))


def _plain(node: Node) -> Any:  # noqa: ANN401 (JSON)
    match node:
        case Mapping(entries=entries):
            return {key.text: _plain(value) for key, value in entries}
        case Sequence(items=items):
            return [_plain(item) for item in items]
        case Scalar(value=value):
            return value


def _fault(root: Node, error: Any) -> Fault:  # noqa: ANN401 (an error of jsonschema)
    """One mistake in the form of a rule, at its place."""
    place = list(error.absolute_path)
    node, span = _locate(root, place)
    known = list(_EXAMPLES)
    match error.validator:
        case "additionalProperties" if isinstance(node, Mapping):
            stranger = next(key for key, _ in node.entries if key.text not in known)
            near = nearest(stranger.text, known)
            meant = f"did you mean `{near}`? " if near else ""
            return Fault(
                "rule-pack", f"unknown key `{stranger.text}`", stranger.span, f"{meant}there are {listed(known, 'and')}"
            )
        case "required" if isinstance(node, Mapping):
            missing = next(key for key in error.validator_value if node.get(key) is None)
            return Fault("rule-pack", f"the rule has no `{missing}`", span, _EXAMPLES[missing])
        case _ if place:
            return Fault("rule-pack", f"`{place[0]}` cannot be that", span, _EXAMPLES[str(place[0])])
        case _:
            return Fault("rule-pack", "a property rule is a mapping", span, f"with the keys {listed(known, 'and')}")


def _of_schema(root: Mapping) -> Iterator[Fault]:
    """What is wrong with the JSON Schema of a rule: as such, and for us."""
    schema = _plain(root)
    broken = False
    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema):
        broken = True
        _, span = _locate(root, list(error.absolute_path))
        yield Fault("rule-pack", f"this is no JSON Schema: {error.message[:160]}", span, "see https://json-schema.org")
    if not broken:
        yield from _unknown_words(root, schema)


def _unknown_words(node: Node, whole: Any) -> Iterator[Fault]:  # noqa: ANN401 (JSON)
    if not isinstance(node, Mapping):
        return
    for key, value in node.entries:
        word = key.text
        if word not in (*OF_VALUES, *OF_STRUCTURES, *REMARKS):
            near = nearest(word, [*OF_VALUES, *OF_STRUCTURES])
            meant = f"did you mean `{near}`? " if near else ""
            known = listed(sorted((*OF_VALUES, *OF_STRUCTURES)), "and")
            yield Fault("rule-pack", f"`{word}` is not judged", key.span, f"{meant}there are {known}")
        elif word == "$ref" and not _is_there(str(_plain(value)), whole):
            do = "refer to something in the rule itself, as #/$defs/name"
            yield Fault("rule-pack", f"`$ref` leads nowhere: {_plain(value)}", value.span, do)
        elif word in _ONE:
            yield from _unknown_words(value, whole)
        elif word in _MANY and isinstance(value, Sequence):
            for item in value.items:
                yield from _unknown_words(item, whole)
        elif word in _NAMED and isinstance(value, Mapping):
            for _, inner in value.entries:
                yield from _unknown_words(inner, whole)


def _is_there(reference: str, whole: Any) -> bool:  # noqa: ANN401 (JSON)
    if reference != "#" and not reference.startswith("#/"):
        return False
    found = whole
    for step in reference.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or name not in found:
            return False
        found = found[name]
    return isinstance(found, dict | bool)


def _locate(root: Node, place: list[str | int]) -> tuple[Node, Span]:
    """The node at a place, and where to point: at a single value itself, else at the key that begins it."""
    node, span = root, Span(root.span.path, root.span.line, root.span.column, root.span.line, root.span.column)
    for step in place:
        match node, step:
            case Mapping(), str():
                key, child = node.key(step), node.get(step)
                if key is None or child is None:
                    return node, span
                span, node = child.span if isinstance(child, Scalar) and child.text else key.span, child
            case Sequence(), int():
                node = node.items[step]
                span = node.span
            case _:
                return node, span
    return node, span
