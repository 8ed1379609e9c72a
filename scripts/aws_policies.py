"""What AWS's own managed policies let somebody do to tables, backups and keys: makes `data/aws_policies.json`.

    python scripts/aws_policies.py FOLDER

FOLDER is `aws/managedpolicies` of a checkout of https://github.com/iann0036/iam-dataset (MIT). Of each policy only that
is kept which bears on an action that is asked about somewhere; most have nothing of the kind, and only their names are.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

DATA = Path(__file__).parents[1] / "linter" / "recoverable" / "data"


def main(folder: Path) -> None:
    asked = _asked()
    without: list[str] = []
    found: dict[str, object] = {}
    for path in sorted(folder.glob("*.json")):
        policy = json.loads(path.read_text(encoding="utf-8"))
        statements = [
            kept for each in _list(policy["document"]["Statement"]) if (kept := _kept(each, asked)) is not None
        ]
        if statements:
            found[path.stem] = {"version": policy["version"], "statements": statements}
        else:
            without.append(path.stem)
    made = {
        "note": "AWS managed policies: what of each bears on the actions that are asked about, and the names of those "
        "that have nothing of the kind. The resources and conditions are as AWS wrote them.",
        "source": "https://github.com/iann0036/iam-dataset (MIT)",
        "actions": sorted(asked),
        "with": found,
        "without": without,
    }
    lines = json.dumps(made, indent=1, ensure_ascii=False)
    # A policy a line, so that a newer list shows as what changed.
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(each, ensure_ascii=False)}" for name, each in found.items())
    head, tail = lines.split(json.dumps(found, indent=1, ensure_ascii=False).replace("\n", "\n "), 1)
    (DATA / "aws_policies.json").write_text(f"{head}{{\n{rows}\n }}{tail}\n", encoding="utf-8")


def _asked() -> set[str]:
    """Every action that some capability or rule asks about."""
    required = json.loads((DATA / "required_permissions.json").read_text(encoding="utf-8"))
    groups = json.loads((DATA / "iam_groups.json").read_text(encoding="utf-8"))
    asked = {action for group in groups["groups"].values() for action in group} | {"sts:AssumeRole"}
    for capability in required["capabilities"].values():
        for mode in capability["modes"].values():
            asked |= {action for need in mode["needs"] for action in need["actions"]}
    return asked


def _kept(statement: dict[str, object], asked: set[str]) -> dict[str, object] | None:
    """What of a statement bears on an action that is asked about."""
    kept = {key: value for key, value in statement.items() if key != "Action"}
    if "NotAction" in statement:
        return kept
    patterns = [each for each in _list(statement["Action"]) if any(_fits(str(each), action) for action in asked)]
    if not patterns:
        return None
    return {**kept, "Action": patterns}


def _fits(pattern: str, action: str) -> bool:
    expression = "".join(".*" if each == "*" else "." if each == "?" else re.escape(each) for each in pattern)
    return re.fullmatch(expression, action, re.IGNORECASE) is not None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
