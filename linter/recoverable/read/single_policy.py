"""One policy document out of a file that is asked about by name."""

from __future__ import annotations

from recoverable.read.data import as_written
from recoverable.read.document import read_document
from recoverable.read.nodes import MalformedError, Mapping
from recoverable.read.policies import read_policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy


def single_policy(text: str, path: str) -> Policy:
    """The policy in a file. Raises MalformedError for a text that is none."""
    node = read_document(text, path)
    if not isinstance(node, Mapping) or node.get("Statement") is None:
        raise MalformedError("this is no IAM policy: it has no Statement", node.span, "give a policy document")
    return read_policy(as_written(node))
