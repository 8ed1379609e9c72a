"""AWS managed policies as grants, with their statements where those are known, all standing where they are attached.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html#aws-managed-policies
"""

from __future__ import annotations

from functools import cache

from recoverable.estate.principals import Grant
from recoverable.read.data import Datum, Fields, Items
from recoverable.read.policies import read_policy
from recoverable.source import Span
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy, Statement
    from recoverable.text import Text
    from recoverable.typed import Any

#: Where the statements stand until it is known where the policy is attached.
_NOWHERE = Span("", 1, 1, 1, 1)


def of_aws(named: Text, at: Span) -> Grant:
    """The policy of that ARN. One that is not among those that are known is known by its ARN alone."""
    # What is not known of an ARN is its partition.
    policy = _policy("".join(part if isinstance(part, str) else "aws" for part in named.parts))
    return Grant(named, "aws-managed", None if policy is None else _standing(policy, at), at)


def is_known(name: str) -> bool:
    """Whether AWS has a policy of that name that is known."""
    return _policy(name) is not None


@cache
def _policy(arn: str) -> Policy | None:
    """A policy as it is published. It is read once, however many have it."""
    import json  # noqa: PLC0415 (few runs get here)

    from recoverable.policy.managed import managed_policy  # noqa: PLC0415

    found = managed_policy(arn)
    return None if found is None else read_policy(_datum(json.loads(found.document)))


def _datum(value: Any) -> Datum:  # noqa: ANN401 (JSON)
    match value:
        case dict():
            return Datum(Fields({key: (_NOWHERE, _datum(inner)) for key, inner in value.items()}), _NOWHERE)
        case list():
            return Datum(Items(tuple(_datum(inner) for inner in value)), _NOWHERE)
        case _:
            return Datum(value, _NOWHERE)


def _standing(policy: Policy, at: Span) -> Policy:
    """The same policy, all of it standing at one place."""
    return policy._replace(origin=at, statements=tuple(_moved(statement, at) for statement in policy.statements))


def _moved(statement: Statement, at: Span) -> Statement:
    effect = statement.effect
    known = effect.known()
    return statement._replace(
        effect=effect if known is None else Value(effect.name, Known(known, at)),
        principals=tuple(each._replace(origin=at) for each in statement.principals),
        conditions=tuple(each._replace(origin=at) for each in statement.conditions),
        origin=at,
        action_origins=(at,) * len(statement.actions),
        resource_origins=(at,) * len(statement.resources),
    )
