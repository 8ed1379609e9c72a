"""One policy document out of a file that is asked about by name."""

from __future__ import annotations

from recoverable.read.account_details import document
from recoverable.read.data import as_written
from recoverable.read.document import read_document
from recoverable.read.nodes import MalformedError, Mapping
from recoverable.read.policies import read_policy
from recoverable.read.policy_files import answered, with_placeholders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy


def single_policy(text: str, path: str) -> Policy:
    """The policy in a file: a document, or what the AWS command line answers with one in it.

    Raises MalformedError for a text that is none.
    """
    node = read_document(text, path)
    if isinstance(node, Mapping) and node.get("Statement") is not None:
        return read_policy(as_written(node, with_placeholders))
    inner = answered(node)
    if inner is None:
        raise MalformedError(
            "this is no IAM policy: it has no Statement",
            node.span,
            "give a policy document, or an answer of `aws iam` with one in it",
        )
    return document(as_written(inner, with_placeholders))
