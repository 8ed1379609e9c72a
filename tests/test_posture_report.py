"""`recoverable posture` and the `tables` of the JSON report, from templates to what is printed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from recoverable.cli.main import run
from snapshots import FIXTURES, blessed

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = json.loads((FIXTURES.parent / "docs/report.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., tuple[int, str, str]]:
    """Runs a command line in a repository that holds the estate, and gives exit code, output and errors."""
    shutil.copy(FIXTURES / "posture/estate.yaml", tmp_path / "estate.yaml")
    shutil.copy(FIXTURES / "posture/settings.yaml", tmp_path / ".recoverable.yaml")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        code = run(words)
        out, err = capsysbinary.readouterr()
        return code, out.decode(), err.decode()

    return call


def tables(command: Callable[..., tuple[int, str, str]], *words: str) -> dict[str, dict[str, Any]]:
    document = json.loads(command("posture", "--format", "json", *words)[1])
    return {f"{entry['address']} {entry['scenario'] or ''}".strip(): entry for entry in document["tables"]}


def test_the_table_reads_as_expected(command: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = command("posture")

    assert (code, err) == (0, "")
    assert out == blessed("posture/posture.txt", out)


def test_the_reasons_read_as_expected(command: Callable[..., tuple[int, str, str]]) -> None:
    _, out, _ = command("posture", "--explain")

    assert out == blessed("posture/explained.txt", out)


def test_the_report_of_a_check_has_the_same_tables(command: Callable[..., tuple[int, str, str]]) -> None:
    checked = json.loads(command("check", "--format", "json", "--only", "pitr-disabled")[1])
    shown = json.loads(command("posture", "--format", "json")[1])

    assert checked["tables"] == shown["tables"]
    Draft202012Validator(SCHEMA).validate(checked)


def test_a_table_has_an_entry_for_each_scenario_in_which_it_differs(
    command: Callable[..., tuple[int, str, str]],
) -> None:
    found = tables(command)

    assert set(found) == {"Audit", "Baskets", "Ledger", "Orders when IsProd is false", "Orders when IsProd is true"}
    assert found["Orders when IsProd is true"]["rpo_seconds"] == 300


def test_a_parameter_that_is_fixed_leaves_one_scenario(command: Callable[..., tuple[int, str, str]]) -> None:
    assert set(tables(command, "--parameters", "Stage=prod")) == {"Audit", "Baskets", "Ledger", "Orders"}


def test_the_numbers_are_those_of_points_that_are_sure(command: Callable[..., tuple[int, str, str]]) -> None:
    found = tables(command)

    assert [found["Ledger"][key] for key in ("rpo_seconds", "horizon_days", "kept_for_ever")] == [300, 90, False]
    assert [found["Audit"][key] for key in ("rpo_seconds", "horizon_days", "kept_for_ever")] == [None, None, False]
    assert found["Orders when IsProd is false"]["kept_for_ever"] is True


def test_nothing_costs_nothing_and_what_has_no_end_has_no_price(command: Callable[..., tuple[int, str, str]]) -> None:
    found = tables(command)

    assert found["Baskets"]["monthly_cost"] == 0
    assert found["Orders when IsProd is true"]["monthly_cost"] is None


def test_backups_that_may_not_be_there_have_no_price(command: Callable[..., tuple[int, str, str]]) -> None:
    text = Path("estate.yaml").read_text(encoding="utf-8")
    open_ = "ScheduleExpression: 0 5 ? * * *, Lifecycle: {DeleteAfterDays: 30}"
    Path("estate.yaml").write_text(text.replace("ScheduleExpression: !Ref Schedule", open_), encoding="utf-8")
    found = tables(command)

    assert found["Audit"]["restore_points"][1]["every_seconds"] == 86_400
    assert found["Audit"]["monthly_cost"] is None


def test_it_goes_where_it_is_told_to(command: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = command("posture", "-o", "posture.txt")

    assert (code, out) == (0, "")
    assert Path("posture.txt").read_text(encoding="utf-8").startswith("TABLE")


def test_colour_is_for_those_who_want_it(command: Callable[..., tuple[int, str, str]]) -> None:
    assert "\x1b[" not in command("posture")[1]
    assert "\x1b[31mno" in command("posture", "--color", "always")[1]


def test_a_broken_file_makes_the_picture_incomplete(command: Callable[..., tuple[int, str, str]]) -> None:
    Path("broken.yaml").write_text("Resources:\n  A:\n    Type: AWS::DynamoDB::Table\n   B: [\n", encoding="utf-8")
    code, out, _ = command("posture")

    assert code == 2
    assert "broken.yaml:" in out
    assert "Ledger" in out


def test_a_folder_without_templates_has_nothing_to_show(
    command: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = command("posture", "empty")

    assert code == 3
    assert "nothing to examine" in err


def test_a_wrong_configuration_is_told_with_its_place(command: Callable[..., tuple[int, str, str]]) -> None:
    Path(".recoverable.yaml").write_text("rulez: {}\n", encoding="utf-8")
    code, out, err = command("posture")

    assert (code, out) == (2, "")
    assert ".recoverable.yaml:1:1" in err


def test_two_runs_give_the_same_bytes(command: Callable[..., tuple[int, str, str]]) -> None:
    assert command("posture", "--format", "json") == command("posture", "--format", "json")


def test_names_cannot_steer_the_terminal(command: Callable[..., tuple[int, str, str]]) -> None:
    text = Path("estate.yaml").read_text(encoding="utf-8")
    Path("estate.yaml").write_text(
        text.replace("RuleName: daily\n", 'RuleName: "\\e[31m\\n::error::x"\n'), encoding="utf-8"
    )
    _, out, _ = command("posture", "--explain")

    assert "\x1b" not in out
    assert not any(line.startswith("::") for line in out.splitlines())


def test_the_page_shows_what_the_command_prints(command: Callable[..., tuple[int, str, str]]) -> None:
    page = (FIXTURES.parent / "docs/posture.md").read_text(encoding="utf-8")

    assert f"<!-- posture -->\n```text\n{command('posture')[1].rstrip()}\n```\n<!-- end -->" in page


def test_what_the_page_says_of_a_daily_rule_is_so(command: Callable[..., tuple[int, str, str]]) -> None:
    found = tables(command)["Orders when IsProd is false"]

    assert found["rpo_seconds"] == (24 + 8 + 7 * 24) * 3600
