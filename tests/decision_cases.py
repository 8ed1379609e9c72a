"""The cases of decisions in `fixtures/decisions`, and what tests of policies are written with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from recoverable.policy.decision import Decision, decide
from recoverable.read.cases import Case, read_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

FOLDER = Path(__file__).parents[1] / "fixtures" / "decisions"

ACCOUNT = "123456789012"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"


def cases(name: str) -> Iterator[tuple[dict[str, Any], Case]]:
    """The cases of a file, as they stand and as they are read."""
    for number, line in enumerate((FOLDER / name).read_text(encoding="utf-8").splitlines(), 1):
        yield json.loads(line), read_case(line, name, number)


def case(**parts: object) -> Case:
    return read_case(json.dumps(parts), "case.jsonl", 1)


def request(action: str = "dynamodb:CreateBackup", resource: str = TABLE, **more: object) -> dict[str, object]:
    return {"principal": ALICE, "action": action, "resource": resource, "context": {}, **more}


def policy(*statements: dict[str, object], version: str = "2012-10-17") -> dict[str, object]:
    return {"Version": version, "Statement": list(statements)}


def allow(action: str | list[str] = "*", resource: str | list[str] = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str] = "*", resource: str | list[str] = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def decided(**parts: object) -> Decision:
    made = case(**parts)
    return decide(made.request, made.layers)
