"""A document's text into nodes, whether it is JSON or YAML."""

from __future__ import annotations

from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import MalformedError
from recoverable.read.refusals import RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.nodes import Node


def read_document(text: str, path: str) -> Node:
    """Read JSON, or YAML, going by the text and not by the file's name.

    What begins like JSON but is none may still be YAML in braces. If it is neither, the error is JSON's.
    Raises MalformedError.
    """
    if not text.lstrip(" \t\r\n").startswith(("{", "[")):
        return _yaml(text, path)
    try:
        return read_json(text, path)
    except RefusedError:
        raise
    except MalformedError as of_json:
        try:
            return _yaml(text, path)
        except MalformedError:
            raise of_json from None


def _yaml(text: str, path: str) -> Node:
    # A run over JSON alone does without PyYAML.
    from recoverable.read.yaml_nodes import read_yaml  # noqa: PLC0415

    return read_yaml(text, path)
