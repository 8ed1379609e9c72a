"""Policy documents as AWS answers with them: text or JSON, or word that there is none."""

from __future__ import annotations

from recoverable.read.policies import read_policy
from recoverable.read.snapshot.data import datum, told
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy
    from recoverable.read.data import Datum
    from recoverable.read.snapshot.answers import Found


def read_document(found: Found, key: str, name: str) -> Value[Policy | None]:
    """A policy that a call gives as text or as JSON; None where AWS says that there is none."""
    if found.absent:
        return Value(name, Known(None, found.origin, defaulted=True))
    written = told(found.body, key)
    if written.datum is None:
        return Value(name, Unknown(written.open, found.origin))
    if isinstance(written.datum.content, str):
        written = written._replace(datum=parsed(written.datum.content, found))
    policy = read_policy(written.datum or found.body)
    return Value(name, Known(policy, found.origin))


def parsed(text: str, found: Found) -> Datum:
    """What a JSON text of an answer holds."""
    import json  # noqa: PLC0415

    try:
        return datum(json.loads(text), found.origin)
    except (ValueError, RecursionError):
        return datum(None, found.origin)
