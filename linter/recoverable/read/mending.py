"""Reading on after a mistake: a key that stands twice, and templates of templates.

The mistake is reported all the same; what it leaves undecided is marked, so that it counts as unknown.
"""

from __future__ import annotations

import re

from recoverable.read.nodes import Mapping, Scalar
from recoverable.read.refusals import repeated_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.nodes import MalformedError, Node

#: The tag of a value of which it cannot be told which of two was meant.
AMBIGUOUS = "!ambiguous"

#: Stands for every character of another template language's placeholder; no template holds it otherwise.
PLACEHOLDER = "\ue0f0"

# Few texts hold these: not compiled at every start.
_STATEMENT = r"(?:\{%.*?%\}|\{#.*?#\}|<%[^=].*?%>)"
_EXPRESSION = r"\{\{.*?\}\}|<%=.*?%>"


def mended(
    keys: list[Scalar], values: list[Node], problems: list[MalformedError] | None
) -> tuple[tuple[Scalar, Node], ...]:
    """The entries of a mapping with a key that stands twice. Raises MalformedError without `problems` to add to."""
    problem = repeated_key(keys)
    if problems is None:
        raise problem
    problems.append(problem)
    return merged(keys, values)


def merged(keys: list[Scalar], values: list[Node]) -> tuple[tuple[Scalar, Node], ...]:
    """The entries of a mapping in which keys stand twice, each once.

    Two mappings become one; of anything else that differs it cannot be told which was meant.
    """
    found: dict[str, tuple[Scalar, Node]] = {}
    for key, value in zip(keys, values, strict=True):
        earlier = found.get(key.text)
        found[key.text] = (key, value) if earlier is None else (earlier[0], _together(earlier[1], value))
    return tuple(found.values())


def _together(one: Node, two: Node) -> Node:
    if isinstance(one, Mapping) and isinstance(two, Mapping) and one.tag == two.tag:
        entries = (*one.entries, *two.entries)
        return one._replace(entries=merged([key for key, _ in entries], [value for _, value in entries]))
    if isinstance(one, Scalar) and isinstance(two, Scalar) and (one.value, one.tag) == (two.value, two.tag):
        return one
    return Scalar(None, two.span, "", tag=AMBIGUOUS)


def without_placeholders(text: str) -> str:
    """The text with the placeholders of Jinja, cookiecutter and the like made plain, every line and column kept.

    Expressions become text that counts as unknown; of statements (`{% if %}`) all branches stay.
    """
    text = re.sub(_STATEMENT, lambda match: " " * len(match[0]), text)
    return re.sub(_EXPRESSION, lambda match: PLACEHOLDER * len(match[0]), text)
