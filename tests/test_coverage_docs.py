"""What the page on coverage shows and counts is tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recoverable.config import parse
from recoverable.recovery.backups.selections import MOST_PATTERNS, MOST_RESOURCES
from recoverable.recovery.backups.tag_tests import OPERATORS, PREFIX

PAGE = (Path(__file__).parents[1] / "docs" / "coverage.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", re.findall(r"^```yaml .recoverable.yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
def test_the_configuration_on_the_page_is_right(text: str) -> None:
    settings = parse(text)

    assert settings.parameters_of("stacks/eu/app.yaml") == {"AWS::Region": "eu-west-1"}


def test_the_limits_and_operators_on_the_page_are_those_that_count() -> None:
    assert f"more than {MOST_RESOURCES} ARNs, or more than {MOST_PATTERNS}" in PAGE
    assert all(f"`{operator}`" in PAGE for operator in (*OPERATORS, PREFIX))
