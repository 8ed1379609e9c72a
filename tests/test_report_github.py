"""Annotations for GitHub Actions: what the runner makes of each line is what was meant."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from recoverable.check import Report
from recoverable.report import render
from recoverable.source import Span
from report_samples import PROTECTION, SAMPLES, finding, hostile, mixed, options
from snapshots import blessed

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """What the runner reads: level, properties and message of each command."""
    read = []
    for line in render("github", report, options()).splitlines():
        match = COMMAND.fullmatch(line)
        if match:
            properties = dict(pair.split("=", 1) for pair in match[2].split(","))
            read.append((match[1], {key: unquote(value) for key, value in properties.items()}, unquote(match[3])))
    return read


@pytest.mark.parametrize("name", SAMPLES)
def test_the_annotations_read_as_expected(name: str) -> None:
    written = render("github", SAMPLES[name](), options())

    assert written == blessed(f"reports/{name}.github.txt", written)


def test_an_annotation_is_at_the_span_of_its_finding() -> None:
    level, properties, _ = next(command for command in commands(mixed()) if "Orders: point" in command[2])

    assert level == "error"
    assert properties == {
        "file": "services/orders/template.yaml",
        "line": "12",
        "col": "37",
        "endLine": "12",
        "endColumn": "62",
        "title": "recoverable: pitr-disabled (high)",
    }


def test_severities_become_levels_and_undetermined_a_notice() -> None:
    levels = [(level, properties["title"]) for level, properties, _ in commands(mixed())]

    assert levels[3:] == [
        ("error", "recoverable: pitr-disabled (high)"),
        ("error", "recoverable: replica-pitr-disabled (high)"),
        ("warning", "recoverable: deletion-protection-disabled (medium)"),
        ("warning", "recoverable: deletion-protection-disabled (medium)"),
        ("notice", "recoverable: pitr-disabled (undetermined)"),
    ]


def test_what_could_not_be_read_is_an_error_before_all_findings() -> None:
    kinds = [properties["title"] for level, properties, _ in commands(mixed())[:3] if level == "error"]

    assert kinds == ["recoverable: unparsable", "recoverable: rule-crashed", "recoverable: config"]


def test_a_span_of_several_lines_has_no_columns() -> None:
    found = finding()._replace(origin=Span("template.yaml", 1, 5, 9, 3))
    _, properties, _ = commands(Report(findings=(found,)))[0]

    assert properties.keys() == {"file", "line", "endLine", "title"}


def test_no_input_can_begin_a_command_or_end_a_property() -> None:
    lines = render("github", hostile(), options()).splitlines()

    assert [line.partition(" ")[0] for line in lines] == ["::error", "::error", "::notice", "recoverable:"]
    assert {properties["file"] for _, properties, _ in commands(hostile())} == {"a b/50%:[x],y\\x1b.yaml"}


def test_it_says_how_many_annotations_github_leaves_out() -> None:
    many = Report(findings=(finding(),) * 11 + (finding(PROTECTION),) * 13, undetermined=(finding(),) * 10)

    assert "only in this log: 1 more error, 3 more warnings\n" in render("github", many, options())


def test_it_says_nothing_of_annotations_left_out_when_there_are_none() -> None:
    assert "only in this log" not in render("github", Report(findings=(finding(),) * 10), options())
