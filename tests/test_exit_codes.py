"""Exit codes: the table of the README, for every format, on real runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from recoverable.cli.main import run
from recoverable.report import FORMATS

BAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      DeletionProtectionEnabled: true
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""
GOOD = BAD + "      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35}\n"
SHORT = GOOD.replace("35", "7")
OPEN = GOOD.replace("true, R", "!Ref Pitr, R").replace("Resources:", "Parameters: {Pitr: {Type: String}}\nResources:")
ACCEPTED = BAD.replace("  Orders:", "  # recoverable: accept[pitr-disabled] rebuilt nightly\n  Orders:")
BROKEN = BAD + "   x: [\n"
OTHER = "on: push\n"

SETTINGS = ".recoverable.yaml"
#: That the tables are in no backup plan is not what these tests are about.
PLANLESS = "rules: {table-in-no-backup-plan: off}\n"

TABLE = [
    # what stands in the folder, the options, the code
    ({"t.yaml": GOOD}, ".", 0),
    ({"t.yaml": BAD}, ".", 1),
    ({"t.yaml": BAD}, ". --fail-on high", 1),
    ({"t.yaml": BAD}, ". --fail-on never", 0),
    ({"t.yaml": BAD}, ". --skip pitr-disabled", 0),
    ({"t.yaml": BAD}, ". --only deletion-protection-disabled", 0),
    ({"t.yaml": BAD}, ". --quiet", 1),
    ({"t.yaml": SHORT}, ".", 0),
    ({"t.yaml": SHORT}, ". --fail-on low", 1),
    ({"t.yaml": SHORT}, ". --fail-on info", 1),
    ({"t.yaml": SHORT, ".recoverable.yaml": "fail_on: low\n"}, ".", 1),
    ({"t.yaml": SHORT, ".recoverable.yaml": "fail_on: low\n"}, ". --fail-on high", 0),
    ({"t.yaml": OPEN}, ".", 0),
    ({"t.yaml": OPEN}, ". --strict", 1),
    ({"t.yaml": OPEN}, ". --strict --fail-on never", 0),
    ({"t.yaml": OPEN}, ". --parameters Pitr=false", 1),
    ({"t.yaml": OPEN}, ". --strict --parameters Pitr=true", 0),
    ({"t.yaml": ACCEPTED}, ".", 0),
    ({"t.yaml": ACCEPTED}, ". --no-inline-acceptances", 1),
    ({"t.yaml": BROKEN}, ".", 2),
    ({"t.yaml": BROKEN, "u.yaml": BAD}, ".", 2),
    ({"t.yaml": BROKEN, "u.yaml": BAD}, ". --fail-on never", 2),
    ({"t.yaml": BROKEN, "u.yaml": BAD}, "u.yaml", 1),
    ({"t.yaml": BROKEN, "u.yaml": BAD}, "u.yaml --estate .", 1),
    ({"t.yaml": BAD, "u.yaml": GOOD}, "u.yaml --estate .", 0),
    ({"t.yaml": GOOD}, "missing.yaml", 2),
    ({"t.yaml": GOOD}, ". missing", 2),
    ({"t.yaml": GOOD, ".recoverable.yaml": "rulez: {}\n"}, ".", 2),
    ({"t.yaml": GOOD, ".recoverable.yaml": "rules: {ptr-disabled: off}\n"}, ".", 2),
    ({"t.yaml": GOOD}, ". --config missing.yaml", 2),
    ({"t.yaml": GOOD}, ". --pack missing", 2),
    ({"t.yaml": GOOD}, ". --only ptr-disabled", 2),
    ({"t.yaml": GOOD}, ". --skip ptr-disabled", 2),
    ({"t.yaml": GOOD}, ". --fail-on hgih", 2),
    ({"t.yaml": GOOD}, ". --parameters missing.json", 2),
    ({"t.yaml": GOOD}, ". --no-such-option", 2),
    ({}, ".", 3),
    ({"o.yaml": OTHER}, ".", 3),
    ({"o.yaml": OTHER}, ". --fail-on never", 3),
    ({"o.yaml": OTHER}, "o.yaml", 0),
    ({"o.yaml": OTHER}, "o.yaml --estate .", 0),
    ({"o.yaml": "a: [\n"}, "o.yaml", 0),
    ({"o.yaml": OTHER, "t.yaml": BAD}, "o.yaml --estate .", 0),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _lay(folder: Path, files: dict[str, str]) -> None:
    for name, text in {SETTINGS: "", **files}.items():
        (folder / name).write_text(text + PLANLESS if name == SETTINGS else text)


@pytest.mark.parametrize(("files", "words", "code"), TABLE, ids=lambda value: value if isinstance(value, str) else None)
def test_the_exit_code_follows_from_what_was_found(folder: Path, files: dict[str, str], words: str, code: int) -> None:
    _lay(folder, files)

    assert run(["check", *words.split()]) == code


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("files", "code"),
    [({"t.yaml": GOOD}, 0), ({"t.yaml": BAD}, 1), ({"t.yaml": BROKEN}, 2), ({"o.yaml": OTHER}, 3)],
    ids=["clean", "findings", "incomplete", "nothing"],
)
def test_the_exit_code_is_the_same_for_every_format(folder: Path, files: dict[str, str], code: int, name: str) -> None:
    _lay(folder, files)

    assert run(["check", "--format", name]) == code


@pytest.mark.parametrize("name", FORMATS)
def test_a_configuration_that_cannot_be_used_is_told_in_every_format(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes], name: str
) -> None:
    _lay(folder, {"t.yaml": BAD, ".recoverable.yaml": "rulez: {}\n"})
    code = run(["check", "--format", name])

    assert code == 2
    said = capsysbinary.readouterr()
    assert b"rulez" in (said.err if name in ("asff", "ocsf") else said.out)


def test_what_was_found_is_printed_although_the_answer_is_not_complete(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    _lay(folder, {"t.yaml": BROKEN, "u.yaml": BAD})
    code = run(["check"])

    assert code == 2
    assert b"u.yaml:3:3" in capsysbinary.readouterr().out
