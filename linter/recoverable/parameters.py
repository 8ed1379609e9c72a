"""Template parameters that are fixed from outside: `KEY=VALUE` words and parameter files."""

from __future__ import annotations

import re

from recoverable.read.nodes import MalformedError, Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.nodes import Node

SHAPES = (
    'write {"Name": "value"}, {"Parameters": {"Name": "value"}}, '
    'or [{"ParameterKey": "Name", "ParameterValue": "value"}]'
)


def pair(word: str) -> tuple[str, str] | None:
    """`KEY=VALUE` taken apart, also as the AWS CLI writes it; None for a word that must be a file.

    Keys are parameter names (letters and digits), pseudo parameters (`AWS::Region`) or variables of Terraform, in which
    `_` and `-` occur.
    """
    if word.startswith("ParameterKey="):
        key, _, value = word.removeprefix("ParameterKey=").partition(",ParameterValue=")
        return key, value
    key, equals, value = word.partition("=")
    return (key, value) if equals and re.fullmatch(r"\w[\w-]*(?:::\w+)*", key) else None


def of_document(root: Node) -> dict[str, str]:
    """The parameters of a parameter file, in any shape that AWS's own tools read.

    `aws cloudformation` takes a list of ParameterKey and ParameterValue, its `deploy` a list of `KEY=VALUE` as well,
    CodePipeline a mapping under `Parameters`
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html).
    `UsePreviousValue` leaves a parameter open. Raises MalformedError.
    """
    match root:
        case Sequence(items=items):
            return dict(found for item in items if (found := _item(item)) is not None)
        case Mapping():
            inner = root.get("Parameters")
            mapping = inner if isinstance(inner, Mapping) else root
            return {name.text: _value(name.text, node) for name, node in mapping.entries}
        case Scalar():
            raise MalformedError("this is no parameter file: it holds a single value", root.span, SHAPES)


def _item(node: Node) -> tuple[str, str] | None:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        found = pair(node.value)
        if found is not None:
            return found
    if isinstance(node, Mapping):
        key, value, previous = (node.get(name) for name in ("ParameterKey", "ParameterValue", "UsePreviousValue"))
        if isinstance(key, Scalar) and value is not None:
            return key.text, _value(key.text, value)
        if isinstance(key, Scalar) and isinstance(previous, Scalar) and previous.text.lower() == "true":
            return None
    raise MalformedError("an entry of a parameter file without ParameterKey and ParameterValue", node.span, SHAPES)


def _value(name: str, node: Node) -> str:
    """A parameter's value as CloudFormation gets it: text, and lists joined by commas."""
    match node:
        case Scalar(value=None):
            raise MalformedError(f"parameter {name} has no value", node.span, 'write "" for an empty one')
        case Scalar(value=bool()):
            return "true" if node.value else "false"
        case Scalar():
            return node.text
        case Sequence(items=items):
            return ",".join(_value(name, item) for item in items)
        case Mapping():
            raise MalformedError(f"parameter {name} is not a text, a number or a list", node.span, SHAPES)
