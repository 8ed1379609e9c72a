"""The templates on which other checkers give a wrong answer, or none: each with the right one.

What each peer does is said in the template's own first line.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from recoverable.check import Report
from recoverable.config import Settings
from recoverable.pack import Pack, builtin, load
from recoverable.scan import Documents, Request, Setup, examine

FOLDER = Path(__file__).parent.parent / "fixtures" / "peers"

#: These rules alone are asked; no template here is about the others.
RULES = ("pitr-disabled", "replica-pitr-disabled", "pitr-window-short", "table-policy-open")

#: By file: `rule subject line`, with the scenario, `?` for undetermined and `exempt`.
EXPECTED = {
    "allowed_values.yaml": ["pitr-disabled Orders 10 when Pitr is false"],
    "both_branches_on.yaml": [],
    "cdk_table_v2.template.json": ["pitr-disabled OrdersTable315BB997 10"],
    "does_not_parse.yaml": ["unparsable 7"],
    "false_as_a_text.json": ["pitr-disabled Orders 8"],
    "lock_table.yaml": ["exempt pitr-disabled TerraformLocks 3"],
    "on_in_production_only.yaml": ["pitr-disabled Orders 11 when IsProd is false"],
    "open_policies.yaml": [
        "pitr-disabled Open 3",
        "pitr-disabled WithinTheOrganization 12",
        "table-policy-open Open 11",
    ],
    "parameter_without_default.yaml": ["? pitr-disabled Orders 10"],
    "second_replica_without_pitr.yaml": ["replica-pitr-disabled Orders in eu-west-1 16"],
    "simple_table.yaml": ["pitr-disabled Bare 4"],
    "window_of_a_day.yaml": ["pitr-window-short Orders 9"],
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(builtin())


def said(report: Report) -> list[str]:
    marked = (("", report.findings), ("?", report.undetermined), ("exempt", report.exempt))
    results = [
        " ".join(
            filter(
                None,
                (
                    mark,
                    finding.rule.name,
                    finding.subject.title(),
                    str(getattr(finding.origin, "line", "")),
                    finding.scenario,
                ),
            )
        )
        for mark, findings in marked
        for finding in findings
    ]
    return sorted(results + [f"{fault.kind} {getattr(fault.origin, 'line', '')}" for fault in report.faults])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_where_others_err_the_answer_is_right(name: str, pack: Pack) -> None:
    setup = Setup("", Settings(), pack._replace(faults=()))
    report = examine([(name, (FOLDER / name).read_bytes())], setup, Request(only=RULES), Documents())

    assert said(report) == EXPECTED[name]


def test_every_template_of_the_folder_has_its_answer() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(EXPECTED)
