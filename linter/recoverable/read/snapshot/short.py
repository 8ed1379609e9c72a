"""Answers of AWS in short, as the examples in documents of rules write them.

A file `eu-west-1.json` (or `444455556666/eu-west-1.json`, or `global.json`) is a mapping of calls to results:

    {
      "dynamodb:ListTables": {"TableNames": ["orders"]},
      "dynamodb:DescribeTable TableName=orders": {"Table": {"DeletionProtectionEnabled": false}},
      "dynamodb:DescribeContinuousBackups TableName=orders": "denied"
    }

A text stands for an answer with that status and no result; everything else was answered in full.
"""

from __future__ import annotations

import json
import re

from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import MalformedError, Mapping
from recoverable.read.snapshot.envelope import VERSION, Envelope
from recoverable.typed import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from recoverable.source import Call

#: The account of a file that names none, and the moment at which all was asked.
ACCOUNT = "111122223333"
NOW = "2026-01-01T00:00:00Z"

_FILE = re.compile(r"(?:(?P<account>[0-9]{12})/)?(?P<region>global|[a-z]{2}(?:-[a-z]+)+-[0-9])\.json")


def is_short(path: str) -> bool:
    """Whether a file's name says that it holds answers."""
    return _FILE.fullmatch(path) is not None


def envelope(files: Dict[str, str]) -> Envelope:
    """The snapshot that these files make, by name. Raises MalformedError for a file that is no JSON mapping."""
    read: dict[tuple[str, str], Any] = {}
    for path, text in files.items():
        node = read_json(text, path)
        if not isinstance(node, Mapping):
            raise MalformedError("answers are a mapping of calls to results", node.span, "write { and }")
        content: dict[str, object] = json.loads(text)
        read[_place(path)] = {"answers": [_answer(key, said) for key, said in content.items()]}
    for account in {account for account, _ in read}:
        read.setdefault((account, "global"), {"answers": []})
    scope = [{"id": account, "status": "ok", "regions": []} for account in sorted({account for account, _ in read})]
    summary = {"version": VERSION, "started": NOW, "finished": NOW, "scope": {"accounts": scope}}
    return Envelope("snapshot", summary, read, {})


def line_of(files: Dict[str, str], origin: Call) -> tuple[str, int] | None:
    """The file and the line of the answer that a fact was read from, None if it stands nowhere."""
    operation = origin.operation.partition(",")[0]
    found: list[tuple[int, str, int]] = []
    for path, text in files.items():
        if _place(path) != (origin.account, origin.region):
            continue
        try:
            node = read_json(text, path)
        except MalformedError:
            continue
        for key, _ in node.entries if isinstance(node, Mapping) else ():
            name, _, asked = key.text.partition(" ")
            if name.partition(":")[2] != operation:
                continue
            values = [pair.partition("=")[2] for pair in asked.split()]
            known = any(value and origin.resource.endswith(value) for value in values)
            found.append((0 if known else 1 if not values else 2, path, key.span.line))
    return None if not found else min(found)[1:]


def _place(path: str) -> tuple[str, str]:
    match = _FILE.fullmatch(path)
    return (ACCOUNT, path) if match is None else (match["account"] or ACCOUNT, match["region"])


def _answer(key: str, said: object) -> dict[str, Any]:
    name, _, asked = key.partition(" ")
    service, _, call = name.partition(":")
    denied = isinstance(said, str)
    return {
        "service": service,
        "call": call,
        "parameters": dict(pair.partition("=")[::2] for pair in asked.split()),
        "time": NOW,
        "status": said if denied else "ok",
        "error": None,
        "result": None if denied else said,
        "complete": not denied,
    }
