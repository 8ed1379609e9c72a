"""Policies that other tools pass, or find something else in: each with what is wrong with it for backups.

Beside each stands what parliament 1.6.4 and cloudsplaining 0.9.1 say of it. `exempt` is what a Deny takes away.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from recoverable.config import Settings
from recoverable.scan import Documents, Request, Setup, examine
from recoverable.source import Span
from statements import PACK, PERMISSIONS

FOLDER = Path(__file__).parent.parent / "fixtures" / "permissions"

EXPECTED = {
    # cloudsplaining: nothing. parliament: all IAM actions it leaves out (it reads NotAction as Action).
    "all_but_iam.json": ["allow-with-not-action 6"],
    # parliament: actions without a table. cloudsplaining: "ALL Actions from a service".
    "all_but_one_table.json": ["allow-with-not-resource 7"],
    # Both: nothing.
    "all_tables_and_vaults_of_an_account.json": [
        "backup-actions-on-everything 8", "policy-destroys-table-and-backups 7",
    ],
    # Both: nothing.
    "arns_of_stars.json": [
        "backup-actions-on-everything 7", "pass-role-too-wide 22", "policy-destroys-table-and-backups 8",
    ],
    # parliament: the action has another resource. cloudsplaining: nothing.
    "copied_backup_and_restore.json": ["restore-grant-misses-backup-arn 8"],
    # cloudsplaining: 53 actions, all of which are denied again.
    "denied_again.json": ["exempt backup-service-wildcard 6"],
    # cloudsplaining: nothing, since there is a condition.
    "in_one_region.json": ["backup-service-wildcard 6"],
    # Both: nothing.
    "name_with_a_star.json": ["pattern-reaches-backups 6"],
    "only_denied.json": [],
    # Both: nothing.
    "question_mark.json": ["delete-wildcard 6"],
    "second_factor.json": [],
    # cloudsplaining: nothing, since there is a condition.
    "second_factor_if_exists.json": ["backup-service-wildcard 6", "mfa-denial-has-hole 10"],
    "service_on_arns_of_stars.json": ["backup-service-wildcard 6"],
}  # fmt: skip


def said(file: str) -> list[str]:
    setup = Setup("", Settings(), PACK._replace(rules=PERMISSIONS))
    report = examine([(file, (FOLDER / file).read_bytes())], setup, Request(), Documents())
    assert (report.faults, report.undetermined) == ((), ())
    return sorted(
        f"{mark}{finding.rule.name} {finding.origin.line}"
        for mark, findings in (("", report.findings), ("exempt ", report.exempt))
        for finding in findings
        if isinstance(finding.origin, Span)
    )


@pytest.mark.parametrize("file", sorted(EXPECTED))
def test_what_peers_pass_is_found(file: str) -> None:
    assert said(file) == EXPECTED[file]


def test_every_policy_has_its_answer() -> None:
    assert {path.name for path in FOLDER.iterdir()} == EXPECTED.keys()
