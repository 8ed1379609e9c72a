"""AWS managed policies about tables and backups, as AWS published them (`data/managed_policies/`).

AWS changes them, so that a finding that rests on one says the version.
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html
"""

from __future__ import annotations

import json
import os
import re

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ARN = re.compile(r"arn:(aws[a-z-]*):iam::aws:policy/(?:[A-Za-z-]+/)*([\w+=,.@-]+)")

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "managed_policies")  # noqa: PTH100, PTH118, PTH120


class ManagedPolicy(NamedTuple):
    """An AWS managed policy: its default `version`, when AWS `updated` it, and its `document` as JSON text. `path` is
    the file that holds it, for places; `source` where it was taken from."""

    name: str
    arn: str
    version: str
    updated: str
    source: str
    document: str
    path: str


def names() -> tuple[str, ...]:
    """The policies that are known."""
    return tuple(sorted(name.removesuffix(".json") for name in os.listdir(_FOLDER) if name.endswith(".json")))  # noqa: PTH208


def managed_policy(arn: str) -> ManagedPolicy | None:
    """A policy by its ARN, in any partition, or by its bare name; None if it is not among those that are known."""
    found = _ARN.fullmatch(arn)
    partition, name = (found[1], found[2]) if found else ("aws", arn)
    if not re.fullmatch(r"[\w+=,.@-]+", name) or name not in names():
        return None
    with open(os.path.join(_FOLDER, f"{name}.json"), encoding="utf-8") as file:  # noqa: PTH118, PTH123
        facts: dict[str, Any] = json.load(file)
    # Which actions a policy has is the same in all partitions; the ARNs in it are those of the partition.
    document = json.dumps(facts["document"]).replace('"arn:aws:', f'"arn:{partition}:')
    known: str = facts["arn"]
    return ManagedPolicy(
        facts["name"],
        known.replace("arn:aws:", f"arn:{partition}:", 1),
        facts["version"],
        facts["updated"],
        facts["source"],
        document,
        f"managed_policies/{name}.json",
    )
