"""Whether a configuration fits its schema, without a word on why not.

jsonschema takes 90 ms to import, which is half of a run; this says yes to what is right, and only what is not is worth
the rest. It knows the words of JSON Schema that ours uses, and a test holds it to jsonschema's answers.
"""

from __future__ import annotations

import os
import re

from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import Mapping, Scalar, Sequence
from recoverable.typed import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.nodes import Node

#: Words of JSON Schema that say nothing about whether a document fits.
REMARKS = ("$schema", "$defs", "title", "description", "default", "examples", "errorMessage")

#: The others that are understood; a schema may use no more than these.
WORDS = (
    "$ref", "type", "enum", "const", "pattern", "minimum", "maximum", "minItems", "minProperties", "required",
    "properties", "additionalProperties", "items", "anyOf", "if", "then",
)  # fmt: skip

_TYPES: tuple[tuple[str, type], ...] = (("object", dict), ("array", list), ("string", str), ("null", type(None)))


def schema() -> dict[str, Any]:
    """The JSON Schema of the configuration, as shipped."""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    with open(f"{folder}/schemas/config.schema.json", encoding="utf-8") as file:  # noqa: PTH123
        loaded: dict[str, Any] = plain(read_json(file.read(), "config.schema.json"))
    return loaded


def plain(node: Node) -> Any:  # noqa: ANN401 (JSON)
    """The document as JSON has it, by what stands in the text, so that the schema reads alike for every YAML.

    `off`, `on`, `yes` and `no` are words, and what has a leading zero is no number.
    """
    match node:
        case Mapping():
            return {key.text: plain(value) for key, value in node.entries}
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar(value=bool() as value):
            return value if node.text.lower() in ("true", "false") else node.text
        case Scalar(value=int() as value) if node.plain:
            return node.text if node.text.lstrip("+-")[:1] == "0" and len(node.text) > 1 else value
        case Scalar(value=float() as value) if node.plain:
            return value
        case Scalar(value=None) if node.plain:
            return None
        case _:
            return node.text


def tagged(root: Node) -> Iterator[Node]:
    """The nodes with a tag (`!Ref`)."""
    pending = [root]
    while pending:
        node = pending.pop()
        if node.tag:
            yield node
        match node:
            case Mapping():
                pending.extend(value for _, value in node.entries)
            case Sequence():
                pending.extend(node.items)
            case _:
                pass


def fits(value: Any, rule: dict[str, Any], whole: dict[str, Any]) -> bool:  # noqa: ANN401 (JSON)
    """Whether a value fits a schema; `whole` is the one that `$ref` points into."""
    return all(_fits(value, word, said, rule, whole) for word, said in rule.items() if word not in REMARKS)


def _fits(value: Any, word: str, said: Any, rule: dict[str, Any], whole: dict[str, Any]) -> bool:  # noqa: ANN401
    match word:
        case "$ref":
            return fits(value, whole["$defs"][said.rpartition("/")[2]], whole)
        case "type":
            return any(_is(value, name) for name in ([said] if isinstance(said, str) else said))
        case "enum":
            return any(type(value) is type(one) and value == one for one in said)
        case "const":
            return type(value) is type(said) and bool(value == said)
        case "pattern":
            return not isinstance(value, str) or re.search(said, value) is not None
        case "minimum":
            return not _is(value, "number") or value >= said
        case "maximum":
            return not _is(value, "number") or value <= said
        case "minItems":
            return not isinstance(value, list) or len(value) >= said
        case "minProperties":
            return not isinstance(value, dict) or len(value) >= said
        case "required":
            return not isinstance(value, dict) or all(name in value for name in said)
        case "properties":
            return not isinstance(value, dict) or all(
                fits(value[name], inner, whole) for name, inner in said.items() if name in value
            )
        case "additionalProperties":
            others = [name for name in value if name not in rule.get("properties", ())] if _is(value, "object") else []
            return not others if said is False else all(fits(value[name], said, whole) for name in others)
        case "items":
            return not isinstance(value, list) or all(fits(item, said, whole) for item in value)
        case "anyOf":
            return any(fits(value, inner, whole) for inner in said)
        case "if":
            return not fits(value, said, whole) or fits(value, rule["then"], whole)
        case "then":
            return True
        case _:
            raise KeyError(word)


def _is(value: object, name: str) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match name:
        case "boolean":
            return isinstance(value, bool)
        case "number":
            return number
        case "integer":
            return number and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
        case _:
            return isinstance(value, dict(_TYPES)[name])
