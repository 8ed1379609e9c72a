"""What the pages on configuration and acceptance show is tried."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from recoverable.config import parse
from recoverable.config.fitting import schema
from recoverable.pack import builtin, load
from recoverable.scan import Documents, Request, Setup, examine

DOCS = Path(__file__).parent.parent / "docs"


def _blocks(page: str, info: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{re.escape(info)}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


CONFIGURATIONS = _blocks("configuration.md", "yaml") + _blocks("accepting.md", "yaml .recoverable.yaml")
TEMPLATES = [
    *(("template.yaml", text) for text in _blocks("accepting.md", "yaml")),
    *(("template.json", text) for text in _blocks("accepting.md", "json")),
    *(("template.yaml", text) for text in _blocks("configuration.md", "yaml template.yaml")),
]


@pytest.mark.parametrize("text", CONFIGURATIONS)
def test_a_configuration_on_the_pages_is_right_and_names_rules_that_exist(text: str) -> None:
    settings = parse(text)

    known = {rule.name for rule in load(builtin()).rules}
    assert {name for name, _ in settings.levels} <= known
    assert settings._replace(path="", text="")


@pytest.mark.parametrize(("name", "text"), TEMPLATES)
def test_a_template_on_the_pages_leaves_nothing_but_accepted_and_exempt(name: str, text: str) -> None:
    # The pages show one table at a time, without the plan that backs it up.
    setup = Setup("", parse("rules: {table-in-no-backup-plan: off}"), load(builtin()))

    report = examine([(name, text.encode())], setup, Request(today=date(2026, 7, 1)), Documents())

    assert [finding.rule.name for finding in report.findings if finding.rule.group == "acceptances"] == []
    assert report.accepted or report.exempt
    if name.endswith("json") or "Searches" not in text:
        assert report.findings == ()


def test_every_key_is_on_the_page() -> None:
    page = (DOCS / "configuration.md").read_text(encoding="utf-8")

    assert all(f"| `{key}` |" in page for key in schema()["properties"])


def test_every_rule_about_acceptances_is_on_the_page() -> None:
    page = (DOCS / "accepting.md").read_text(encoding="utf-8")

    names = [rule.name for rule in load(builtin()).rules if rule.group == "acceptances"]
    assert names
    assert all(f"| `{name}` |" in page for name in names)
