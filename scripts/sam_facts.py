"""Writes `linter/recoverable/data/sam.json`: what SAM's own policy names stand for, as far as it concerns backups.

    python -m pip install aws-sam-translator
    python scripts/sam_facts.py

The facts are taken from the Python package `aws-sam-translator` (https://github.com/aws/serverless-application-model,
Apache-2.0), the code of the SAM transform itself: its policy templates, its connector profiles, and where the AWS
managed policies live that templates may name without their ARN.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import samtranslator

#: Services whose actions say something about tables, their backups, their keys, or who may act as whom.
CONCERNING = {"dynamodb", "backup", "backup-storage", "kms", "iam", "sts", "*"}

TARGET = Path(__file__).parent.parent / "linter" / "recoverable" / "data" / "sam.json"


def main() -> None:
    package = Path(samtranslator.__file__).parent
    policies = _json(package / "policy_templates_data" / "policy_templates.json")["Templates"]
    profiles = _json(package / "model" / "connector_profiles" / "profiles.json")["Permissions"]
    managed = _json(package / "internal" / "data" / "aws_managed_policies.json")["aws"]
    facts = {
        "source": f"aws-sam-translator {version('aws-sam-translator')}",
        "licence": "Apache-2.0, Copyright Amazon.com, Inc. or its affiliates",
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "templates": {
            name: {
                "parameters": sorted(template.get("Parameters", {})),
                "statements": [_written(one) for one in template["Definition"]["Statement"]],
            }
            for name, template in sorted(policies.items())
            if any(_concerns(one) for one in template["Definition"]["Statement"])
        },
        "other_templates": sorted(
            name
            for name, template in policies.items()
            if not any(_concerns(one) for one in template["Definition"]["Statement"])
        ),
        "connectors": _connectors(profiles),
        "managed_paths": _paths(managed),
    }
    TARGET.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _connectors(profiles: dict[str, Any]) -> list[dict[str, Any]]:
    """The connectors that give a role a policy that concerns us."""
    found = []
    for source, destinations in sorted(profiles.items()):
        for destination, profile in sorted(destinations.items()):
            if profile["Type"] != "AWS_IAM_ROLE_MANAGED_POLICY":
                continue
            access = {
                name: [_written(one) for one in category["Statement"]]
                for name, category in profile["Properties"]["AccessCategories"].items()
            }
            if any(_concerns(one) for statements in access.values() for one in statements):
                holder = "Source" if profile["Properties"]["SourcePolicy"] else "Destination"
                found.append({"source": source, "destination": destination, "holder": holder, "access": access})
    return found


def _paths(managed: dict[str, str]) -> dict[str, list[str]]:
    """AWS managed policies that stand under a path, by path; those of service-linked roles cannot be attached."""
    paths: dict[str, list[str]] = {}
    for name, arn in sorted(managed.items()):
        path = arn.removeprefix("arn:aws:iam::aws:policy/").removesuffix(name)
        if path and path != "aws-service-role/":
            paths.setdefault(path, []).append(name)
    return paths


def _concerns(statement: dict[str, Any]) -> bool:
    return any(action.partition(":")[0] in CONCERNING for action in _list(statement["Action"]))


def _written(statement: dict[str, Any]) -> dict[str, Any]:
    """A statement with its references written as `${Name}` in its texts."""
    unknown = set(statement) - {"Sid", "Effect", "Action", "Resource"}
    if unknown:
        sys.exit(f"a statement has {', '.join(sorted(unknown))}, which the reader of sam.json does not know")
    return {
        "Effect": statement["Effect"],
        "Action": _list(statement["Action"]),
        "Resource": [_text(one) for one in _list(statement["Resource"])],
    }


def _text(node: Any) -> str:  # noqa: ANN401 (a node of JSON)
    match node:
        case str():
            return re.sub(r"%\{([\w.]+)\}", r"${\1}", node)
        case {"Ref": str(name)}:
            return "${" + name + "}"
        case {"Fn::Sub": str(text)}:
            return text
        case {"Fn::Sub": [str(text), dict(names)]}:
            for name, value in names.items():
                text = text.replace("${" + name + "}", _text(value))
            return text
        case _:
            sys.exit(f"a resource is written in a way that is new: {node}")


def _list(node: Any) -> list[Any]:  # noqa: ANN401
    return node if isinstance(node, list) else [node]


def _json(path: Path) -> Any:  # noqa: ANN401
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
