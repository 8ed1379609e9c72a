"""What every reader of documents refuses, in the same words: too much, too deep, a key twice."""

from __future__ import annotations

from recoverable.read.nodes import MalformedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.nodes import Scalar
    from recoverable.source import Span

#: Deeper nesting is refused, aliases written out: real templates stay below 40, and whoever walks the tree may recurse.
DEPTH_LIMIT = 100
#: More nodes are refused, aliases written out: the largest template that CloudFormation takes (1 MB) has some 100,000,
#: and each costs about 250 bytes.
NODE_LIMIT = 500_000

TEMPLATE_OF_TEMPLATE = "This looks like a template of a template: check what it renders to, or exclude the file."


class RefusedError(MalformedError):
    """A document that is well-formed as far as it was read, and refused all the same."""


def too_deep(span: Span) -> RefusedError:
    return RefusedError(
        f"nested more than {DEPTH_LIMIT} levels deep",
        span,
        "No template needs this depth. Exclude the file if it is not one.",
    )


def too_many(span: Span) -> RefusedError:
    return RefusedError(
        f"more than {NODE_LIMIT:,} values in one document",
        span,
        "CloudFormation takes no template of more than 1 MB. Exclude the file if it is not one.",
    )


def repeated_key(keys: list[Scalar]) -> RefusedError:
    """The error for the second of two keys that read the same; there must be two."""
    first: dict[str, Scalar] = {}
    for key in keys:
        earlier = first.setdefault(key.text, key)
        if earlier is not key:
            return RefusedError(
                f"the key {key.text!r} stands twice in one mapping; the first is in line {earlier.span.line}",
                key.span,
                "Only one of them can hold. Remove or rename the other.",
            )
    raise ValueError("no key stands twice")
