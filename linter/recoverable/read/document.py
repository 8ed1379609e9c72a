"""A document's text into nodes, whether it is JSON or YAML."""

from __future__ import annotations

from recoverable.read.mending import without_placeholders
from recoverable.read.nodes import MalformedError
from recoverable.read.refusals import RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.nodes import Node


def read_document(text: str, path: str, problems: list[MalformedError] | None = None) -> Node:
    """Read JSON, or YAML, going by the text and not by the file's name.

    What begins like JSON but is none may still be YAML in braces. If it is neither, the error is JSON's.
    With `problems`, mistakes that leave the rest readable are added to them and reading goes on (see `mending`).
    Raises MalformedError.
    """
    try:
        return _read(text, path, problems)
    except MalformedError as error:
        if problems is None:
            raise
        plain = without_placeholders(text)
        if plain == text:
            raise
        problems[:] = [error]
        try:
            return _read(plain, path, [])
        except MalformedError:
            problems.clear()
            raise error from None


def _read(text: str, path: str, problems: list[MalformedError] | None) -> Node:
    if not text.lstrip(" \t\r\n").startswith(("{", "[")):
        return _yaml(text, path, problems)
    from recoverable.read.json_nodes import read_json  # noqa: PLC0415 (a run over YAML alone does without)

    try:
        return read_json(text, path, problems)
    except RefusedError:
        raise
    except MalformedError as of_json:
        try:
            return _yaml(text, path, problems)
        except MalformedError:
            raise of_json from None


def _yaml(text: str, path: str, problems: list[MalformedError] | None) -> Node:
    # A run over JSON alone does without PyYAML.
    from recoverable.read.yaml_nodes import read_yaml  # noqa: PLC0415

    return read_yaml(text, path, problems)
