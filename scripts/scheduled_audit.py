"""Writes the printed policy into docs/deploy/scheduled-audit.yaml: run it when the calls have changed."""

from __future__ import annotations

import re
from pathlib import Path

from recoverable.collect.access import policy
from recoverable.typed import Any

ROLE = "recoverable-audit"
TEMPLATE = Path(__file__).parents[1] / "docs/deploy/scheduled-audit.yaml"

#: Where statements stand in the template; with `--org` those that only organizations take.
_PART = re.compile(
    r"( *)# printed by recoverable print-policy( --org)?\n.*?(?= *# end of what is printed\n)", re.DOTALL
)


def renewed(template: str) -> str:
    """The template with the statements as they are printed now."""
    return _PART.sub(_written, template)


def _written(part: re.Match[str]) -> str:
    here = policy(ROLE)["Statement"]
    statements = here
    if part[2]:
        statements = [each for each in policy(ROLE, organization=True)["Statement"] if each not in here]
    lines = [line for each in statements for line in _lines(each)]
    return part[0].partition("\n")[0] + "\n" + "".join(f"{part[1]}{line}\n" for line in lines)


def _lines(statement: dict[str, Any]) -> list[str]:
    resource = statement["Resource"].replace("arn:aws:", "arn:${AWS::Partition}:").replace(ROLE, "${OrgRoleName}")
    return [
        f"- Sid: {statement['Sid']}",
        "  Effect: Allow",
        "  Action:",
        *(f"    - {action}" for action in statement["Action"]),
        f"  Resource: !Sub {resource}" if "$" in resource else f'  Resource: "{resource}"',
    ]


if __name__ == "__main__":
    TEMPLATE.write_text(renewed(TEMPLATE.read_text(encoding="utf-8")), encoding="utf-8")
