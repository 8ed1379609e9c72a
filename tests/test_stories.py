"""Whole estates, from their templates to every report."""

from __future__ import annotations

import pytest

from recoverable.report import render
from recoverable.report.options import no_help
from recoverable.report.posture import render as render_posture
from snapshots import blessed
from stories import NAMES, STORIES, told


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("format", "ending"), [("text", "txt"), ("json", "json"), ("sarif", "sarif")])
def test_the_story_is_told_as_expected(name: str, format: str, ending: str) -> None:
    report, options = told(STORIES / name)
    # SARIF carries every rule's whole document; those have tests of their own.
    written = render(format, report, options if format == "text" else options._replace(help_of=no_help))

    assert written == blessed(f"estates/{name}/expected.{ending}", written)


@pytest.mark.parametrize("name", NAMES)
def test_the_recovery_picture_of_the_story_is_as_expected(name: str) -> None:
    report, options = told(STORIES / name)
    written = render_posture(report, options, explain=True)

    assert written == blessed(f"estates/{name}/expected-posture.txt", written)
