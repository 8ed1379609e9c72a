"""AWS managed policies as layers: what they let somebody do to tables, backups and keys.

`data/aws_policies.json`, which `scripts/aws_policies.py` makes, has of each policy what bears on the actions that
capabilities and rules ask about, and nothing else; `policy.managed` has those about backups and tables as a whole.
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html
"""

from __future__ import annotations

import json
import re
from functools import cache

from recoverable.policy.document import Condition, Policy, Statement
from recoverable.policy.managed import managed_policy
from recoverable.shipped import facts
from recoverable.text import Text
from recoverable.typed import NamedTuple
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_ARN = re.compile(r"arn:(aws[a-z-]*):iam::aws:policy/(?:[A-Za-z-]+/)*([\w+=,.@-]+)")


class Published(NamedTuple):
    """A policy that AWS wrote, at some version (`v35`)."""

    name: str
    version: str
    policy: Policy


@cache
def published(arn: str) -> Published | None:
    """An AWS managed policy by its ARN, None for one that is not known. Its statements have no place in a file."""
    found = _ARN.fullmatch(arn)
    if found is None:
        return None
    partition, name = found[1], found[2]
    whole = managed_policy(arn)
    if whole is not None:
        document = json.loads(whole.document)
        return Published(name, whole.version, _policy(document["Statement"], document.get("Version", ""), "aws"))
    data = _data()
    if name in data["without"]:
        return Published(name, "", _policy([], "2012-10-17", partition))
    known = data["with"].get(name)
    if known is None:
        return None
    return Published(name, known["version"], _policy(known["statements"], "2012-10-17", partition))


def actions() -> frozenset[str]:
    """The actions of which it is known what AWS managed policies say."""
    return frozenset(_data()["actions"])


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = facts("aws_policies.json")
    data["without"] = frozenset(data["without"])
    return data


def _policy(statements: list[dict[str, Any]] | dict[str, Any], version: str, partition: str) -> Policy:
    written = statements if isinstance(statements, list) else [statements]
    return Policy(tuple(_statement(each, partition) for each in written), None, version)


def _statement(data: dict[str, Any], partition: str) -> Statement:
    def texts(*keys: str) -> tuple[Text, ...]:
        found: Any = next((data[key] for key in keys if key in data), [])
        listed = found if isinstance(found, list) else [found]
        return tuple(Text((re.sub("^arn:aws:", f"arn:{partition}:", each),)) for each in listed if each)

    return Statement(
        sid=data.get("Sid", ""),
        effect=Value("Effect", Known(data["Effect"], None)),
        principals=(),
        not_principal=False,
        actions=texts("Action", "NotAction"),
        not_action="NotAction" in data,
        resources=texts("Resource", "NotResource"),
        not_resource="NotResource" in data,
        conditions=tuple(_conditions(data.get("Condition", {}))),
        origin=None,
    )


def _conditions(data: dict[str, dict[str, Any]]) -> Iterator[Condition]:
    for operator, keys in data.items():
        for key, values in keys.items():
            listed = values if isinstance(values, list) else [values]
            yield Condition(operator, key, tuple(Text((_written(each),)) for each in listed), None)


def _written(value: object) -> str:
    return "true" if value is True else "false" if value is False else str(value)
