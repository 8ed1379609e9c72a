"""The documents for newcomers: what they show is what happens.

`RECOVERABLE_BLESS=1` writes the parts that are made by the program anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from recoverable import pack
from recoverable.cli import help as help_texts
from recoverable.cli.commands import COMMANDS
from recoverable.cli.main import run
from recoverable.document import read

ROOT = Path(__file__).parents[1]

#: What the rules of each group are about, in the order of the documents.
GROUPS = {
    "tables": "what is set on a table or replica itself",
    "coverage": "which backup plans take a table, how often and for how long",
    "plans": "what is wrong with a backup plan, its copies and its schedules",
    "vaults": "what keeps the backups in a vault from being deleted",
    "restore": "whether anybody could restore, and whether anybody has tried",
    "permissions": "what policies allow, and what principals can destroy or restore",
    "changes": "what a Terraform plan takes away",
    "acceptances": "the acceptances of findings themselves",
}


def _part(name: str, opening: str, actual: str) -> str:
    """What stands between `<!-- opening -->` and `<!-- end -->` in a document, blessed if asked for."""
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"(?<=<!-- {re.escape(opening)} -->\n).*?(?=<!-- end -->)", text, re.DOTALL)
    assert found is not None, f"{name} has no part {opening}"
    if os.environ.get("RECOVERABLE_BLESS"):
        path.write_text(text[: found.start()] + actual + text[found.end() :], encoding="utf-8")
        return actual
    return found[0]


def test_the_example_is_what_the_command_prints(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(ROOT)
    run(["check", "fixtures/demo/shop/orders.yaml", "--only", "pitr-disabled,replica-pitr-disabled"])
    printed = f"```text\n{capsysbinary.readouterr().out.decode().rstrip()}\n```\n"

    assert _part("README.md", "example", printed) == printed


def test_the_policy_that_cannot_restore_is_judged_as_shown(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(ROOT)
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/WebSeries"
    code = run(["can", "fixtures/policies/webseries.json", "restore", table, "--mode", "native-backup"])
    printed = f"```text\n{capsysbinary.readouterr().out.decode().rstrip()}\n```\n"

    assert code == 1
    assert _part("README.md", "can", printed) == printed


def test_the_plan_is_judged_as_shown(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(ROOT)
    only = "table-replaced,table-and-backups-destroyed"
    assert run(["check", "fixtures/terraform/planned/changed", "--only", only]) == 1
    printed = f"```text\n{capsysbinary.readouterr().out.decode().rstrip()}\n```\n"

    assert _part("README.md", "plan", printed) == printed


def test_the_rules_are_those_of_the_pack() -> None:
    rules = sorted(pack.load(pack.builtin()).rules, key=lambda rule: (rule.group, rule.name))
    assert {rule.group for rule in rules} == set(GROUPS)
    summary = "".join(["| group | rules | about |\n", "|---|---|---|\n"])
    listed = ""
    for group, about in GROUPS.items():
        rows = [
            f"| [{rule.name}](../rules/{group}/{Path(str(rule.document)).name}) "
            f"| {rule.severity.value}{'' if rule.on else ', off'} | {read(str(rule.document)).headline} |\n"
            for rule in rules
            if rule.group == group
        ]
        summary += f"| [{group}](docs/rules.md#{group}) | {len(rows)} | {about} |\n"
        listed += f"## {group}\n\nAbout {about}.\n\n| rule | severity | finds |\n|---|---|---|\n{''.join(rows)}\n"
    listed = listed.rstrip("\n") + "\n"

    assert _part("README.md", "rules", summary) == summary
    assert _part("docs/rules.md", "rules", listed) == listed


def test_the_exit_codes_are_those_of_the_help() -> None:
    table = "".join(f"| **{code}** | {meaning} |\n" for code, meaning in help_texts.EXIT_CODES)
    table = f"| code | meaning |\n|---|---|\n{table}"

    assert _part("README.md", "exit codes", table) == table


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_command_line_is_documented_as_it_is(command: object) -> None:
    shown = f"```text\n{help_texts.of(command).rstrip()}\n```\n"  # type: ignore[arg-type]

    assert _part("docs/command-line.md", command.name, shown) == shown  # type: ignore[attr-defined]


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {link}"
        for document in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8"))
        if "://" not in link and not (document.parent / link).exists()
    ]

    assert broken == []


def test_the_anatomy_shows_a_rule_as_it_is() -> None:
    shown = re.search(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)

    assert shown is not None
    assert shown[1] == (ROOT / "rules" / "tables" / "pitr_disabled.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(("index", "folder"), [("README.md", "docs"), ("docs/decisions/README.md", "docs/decisions")])
def test_every_page_is_in_the_list_that_leads_to_it(index: str, folder: str) -> None:
    text = (ROOT / index).read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / folder).glob("*.md")} - {"README.md"}

    assert {page for page in pages if f"{page})" not in text} == set()
