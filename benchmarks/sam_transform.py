"""Compares what is read of SAM templates with what the SAM transform itself makes of them.

    python -m pip install aws-sam-translator PyYAML
    python benchmarks/sam_transform.py FOLDER...

Each template is read twice: as it is, and after the transform of `aws-sam-translator`. Both must have the same
principals with the same grants about tables, backups, keys and roles, the same tables, and the same scheduled code.
Differences are listed; templates that the transform refuses are not looked at. Those that are known: an unknown policy
name is kept as it is by the transform and taken for one of AWS's by us (the deployment fails); a function called
ServerlessRestApi is overwritten by the transform's own resource of that name.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "linter"))

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from recoverable.estate import Table
from recoverable.estate.principals import Grant, Principal, ScheduledCode
from recoverable.read import cloudformation
from recoverable.read.decode import decode
from recoverable.read.document import read_document
from recoverable.read.nodes import MalformedError
from recoverable.read.reading import Reading
from recoverable.text import Text

_CONCERNING = ("dynamodb:", "backup:", "kms:", "iam:", "sts:", "*")


class NoPolicies:
    """Stands for a call to IAM that lists AWS managed policies; the package has its own list."""

    def load(self) -> dict[str, str]:
        return {}


def main(folders: list[str]) -> int:
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    counts: Counter[str] = Counter()
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in {".yaml", ".yml", ".json", ".template"} and path.is_file():
                _compare(path, counts)
    sys.stdout.write("\n" + "".join(f"{name}: {number}\n" for name, number in sorted(counts.items())))
    return 1 if counts["differences"] else 0


def _compare(path: Path, counts: Counter[str]) -> None:
    data = path.read_bytes()
    if b"AWS::Serverless::" not in data:
        return
    try:
        text = decode(data, path.name)
        mine = _read(text, path.name)
        template = yaml_parse(text)
    except (MalformedError, ValueError):
        counts["not readable"] += 1
        return
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        counts["not a template"] += 1
        return
    try:
        made = transform(_uploaded(template), _parameters(template), NoPolicies())
    except Exception as error:
        counts["refused by the transform"] += 1
        if os.environ.get("REFUSED"):
            sys.stderr.write(f"{path}: {getattr(error, 'message', error)}\n")
        return
    counts["templates compared"] += 1
    theirs = _read(json.dumps(made, default=str), path.name)
    for kind, left, right in (
        ("principals", _principals(mine), _principals(theirs)),
        ("tables", _tables(mine), _tables(theirs)),
        ("scheduled", _scheduled(mine), _scheduled(theirs)),
    ):
        counts[f"{kind} compared"] += len(right)
        for address in sorted(set(left) | set(right)):
            if address not in left and kind == "principals" and not _concerns_us(right[address]):
                counts["roles left out, for they may do nothing that concerns us"] += 1
            elif left.get(address) != right.get(address):
                counts["differences"] += 1
                sys.stdout.write(f"{path}: {kind} {address}\n")
                ours, others = set(left.get(address, ("absent",))), set(right.get(address, ("absent",)))
                sys.stdout.write("".join(f"  only as written: {one}\n" for one in sorted(ours - others)))
                sys.stdout.write("".join(f"  only transformed: {one}\n" for one in sorted(others - ours)))


def _uploaded(template: dict[str, Any]) -> dict[str, Any]:
    """The template as it is after an upload: the transform takes code and definitions from S3 alone."""
    uploaded = json.loads(json.dumps(template, default=str))
    sections = [one.get("Properties") for one in uploaded["Resources"].values() if isinstance(one, dict)]
    common = uploaded.get("Globals")
    sections.extend(common.values() if isinstance(common, dict) else ())
    for section in sections:
        for key in ("CodeUri", "ContentUri", "DefinitionUri", "Location", "ImageUri"):
            if isinstance(section, dict) and isinstance(section.get(key), str) and "://" not in section[key]:
                section[key] = "s3://bucket/key"
    return uploaded


def _parameters(template: dict[str, Any]) -> dict[str, Any]:
    parameters = template.get("Parameters") or {}
    return {name: one["Default"] for name, one in parameters.items() if isinstance(one, dict) and "Default" in one}


def _read(text: str, path: str) -> Reading:
    return cloudformation.read({path: ("cloudformation", read_document(text, path))}, lambda _: None, lambda _: {})


def _principals(reading: Reading) -> dict[str, tuple[str, ...]]:
    return _by_address(reading.principals, _principal)


def _tables(reading: Reading) -> dict[str, tuple[str, ...]]:
    return _by_address(reading.tables, _table)


def _scheduled(reading: Reading) -> dict[str, tuple[str, ...]]:
    return _by_address(reading.scheduled, _code)


def _by_address(entries: Any, described: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 (entries of any kind)
    found: dict[str, set[str]] = {}
    for entry in entries:
        for variant in entry.variants:
            if variant.item is not None:
                found.setdefault(variant.item.subject.address, set()).update(described(variant.item))
    return {address: tuple(sorted(lines)) for address, lines in found.items()}


def _concerns_us(lines: tuple[str, ...]) -> bool:
    return any(line.startswith(("Allow", "Deny", "open policy")) for line in lines)


def _principal(principal: Principal) -> list[str]:
    boundary = principal.boundary.known()
    trust = principal.trust.known()
    lines = [f"{principal.subject.kind}, limited by {_text(boundary.name) if boundary else 'nothing'}"]
    lines.append("open: " + principal.open)
    for statement in trust.statements if trust else ():
        lines.append("trusts " + ", ".join(sorted(_text(one.name) for one in statement.principals)))
    for grant in principal.grants:
        lines.extend(_grant(grant))
    return lines


def _grant(grant: Grant) -> list[str]:
    if grant.policy is None:
        return [f"{_text(grant.name)} {'perhaps' if grant.doubt else ''}"]
    lines = [f"open policy: {grant.policy.open}"] if grant.policy.open else []
    for one in grant.policy.statements:
        actions = sorted(_text(action) for action in one.actions)
        if one.not_action or any(action.lower().startswith(_CONCERNING) or "${" in action for action in actions):
            resources = sorted(_text(resource) for resource in one.resources)
            conditions = sorted(f"{each.operator} {each.key}" for each in one.conditions)
            lines.append(
                f"{one.effect.known()} {'not' if one.not_action else ''} {actions} "
                f"on {'not' if one.not_resource else ''} {resources} if {conditions} {one.unread} "
                f"{'perhaps' if grant.doubt else ''}"
            )
    return lines


def _table(table: Table) -> list[str]:
    key = table.key.known()
    return [
        f"pitr {table.pitr.known()} {table.pitr_window.known()}",
        f"key {_text(key) if key else table.key.fact().text}",
        f"kept {table.kept_on_delete and table.kept_on_delete.known()}",
        f"partition key {table.partition_key.known()}",
        f"name {table.subject.name.known()}",
    ]


def _code(code: ScheduledCode) -> list[str]:
    role = code.role.known()
    calls = sorted(call.action for call in code.calls)
    return [
        f"{code.subject.kind} {code.schedule.fact().text.partition(' is ')[2]} fires {code.enabled.known()} "
        f"as {_text(role) if role else 'unknown'} calls {calls} through {code.through}"
    ]


def _text(text: Text) -> str:
    """A text for comparison: the transform writes `${AWS::Partition}` and `.Ref` in places of its own choice."""
    return re.sub(r"^arn:\$\{AWS::Partition\}:|^arn:aws:", "arn:P:", text.shown())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
