"""AWS managed policies as grants, with their statements where those are known, all standing where they are attached.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html#aws-managed-policies
"""

from __future__ import annotations

from functools import cache

from recoverable.estate.principals import Grant
from recoverable.read.data import Datum, Fields, Items
from recoverable.read.policies import read_policy
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.source import Span
    from recoverable.typed import Any


def of_aws(named: Text, at: Span) -> Grant:
    """The policy of that ARN. One that is not among those that are known is known by its ARN alone."""
    # What is not known of an ARN is its partition.
    arn = "".join(part if isinstance(part, str) else "aws" for part in named.parts)
    facts = _document(arn)
    return Grant(named, "aws-managed", None if facts is None else read_policy(_standing(facts, at)), at)


def is_known(name: str) -> bool:
    """Whether AWS has a policy of that name that is known."""
    return _document(name) is not None


@cache
def _document(arn: str) -> dict[str, Any] | None:
    import json  # noqa: PLC0415 (few runs get here)

    from recoverable.policy.managed import managed_policy  # noqa: PLC0415

    found = managed_policy(arn)
    return None if found is None else json.loads(found.document)


def _standing(value: Any, at: Span) -> Datum:  # noqa: ANN401 (JSON)
    match value:
        case dict():
            return Datum(Fields({key: (at, _standing(inner, at)) for key, inner in value.items()}), at)
        case list():
            return Datum(Items(tuple(_standing(inner, at) for inner in value)), at)
        case _:
            return Datum(value, at)
