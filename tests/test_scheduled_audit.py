"""The template that runs the audit on a schedule: valid, clean by our own rules, with the printed permissions alone."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import yaml
from cfnlint.api import lint

from recoverable.cli.commands import COMMANDS
from recoverable.cli.main import run
from recoverable.cli.options import parse
from recoverable.collect.access import policy

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "docs/deploy/scheduled-audit.yaml"


class _Loader(yaml.SafeLoader):
    """Reads `!Ref x` and the like as a list of the tag and its value."""


def _tagged(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> list[Any]:
    value: Any = node.value if isinstance(node, yaml.ScalarNode) else loader.construct_sequence(node, deep=True)  # type: ignore[arg-type]
    return [suffix, value]


_Loader.add_multi_constructor("!", _tagged)


def template() -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=_Loader)
    return read


def test_cfn_lint_finds_nothing() -> None:
    assert [str(match) for match in lint(TEMPLATE.read_text(encoding="utf-8"))] == []


def test_our_own_rules_find_nothing() -> None:
    assert run(["check", str(TEMPLATE), "--strict", "--fail-on", "info", "--quiet"]) == 0


def test_the_permissions_are_those_that_are_printed() -> None:
    assert runpy.run_path(str(ROOT / "scripts/scheduled_audit.py"))["renewed"](
        TEMPLATE.read_text(encoding="utf-8")
    ) == TEMPLATE.read_text(encoding="utf-8")
    resources = template()["Resources"]
    (reading, reports) = resources["AuditRole"]["Properties"]["Policies"]
    beside = resources["OrganizationAccess"]["Properties"]["PolicyDocument"]["Statement"]

    assert reading["PolicyDocument"] == policy("x")
    assert {*beside[0]["Action"], *beside[1]["Action"], *reading["PolicyDocument"]["Statement"][0]["Action"]} == {
        action for each in policy("x", organization=True)["Statement"] for action in each["Action"]
    }
    assert {
        action
        for each in reports["PolicyDocument"]["Statement"]
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    } == {"s3:ListBucket", "s3:GetObject", "s3:PutObject", "logs:CreateLogStream", "logs:PutLogEvents"}


def test_the_command_is_one_that_there_is() -> None:
    spec = yaml.safe_load(template()["Resources"]["Audit"]["Properties"]["Source"]["BuildSpec"])
    (line,) = (each for each in spec["phases"]["build"]["commands"] if each.startswith("recoverable "))
    words = re.sub(r"\$\{\w+:\+(.*?)\}", r"\1", line).replace('"', "").replace("$FAIL_ON", "high").split()

    command = next(each for each in COMMANDS if each.name == words[1])
    arguments = parse(command, words[2:])

    assert arguments.one("store") == "s3://$BUCKET/history"
    assert arguments.positional == ()
