"""The command line as its users meet it: messages, streams, and every way a run can end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from recoverable.cli import check as check_command
from recoverable.cli.commands import COMMANDS
from recoverable.cli.main import run

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "linter"), "PYTHONSAFEPATH": "1"}
COMMAND = [sys.executable, "-m", "recoverable"]

TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {}
"""

Capture = pytest.CaptureFixture[bytes]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "orders.yaml").write_text(TEMPLATE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"]])
def test_help_names_every_command_and_exit_code(words: list[str], capsysbinary: Capture) -> None:
    code = run(words)
    printed = capsysbinary.readouterr().out.decode()

    assert code == 0
    assert all(f"  {command.name} " in printed for command in COMMANDS)
    assert all(f"  {number} " in printed for number in range(4))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_explains_every_option(command: object, capsysbinary: Capture) -> None:
    name = command.name  # type: ignore[attr-defined]
    code = run([*name.split(), "--help"])
    printed = capsysbinary.readouterr().out.decode()

    assert code == 0
    assert all(f"--{option.name}" in printed for option in command.options)  # type: ignore[attr-defined]
    assert max(map(len, printed.splitlines())) <= 100


def test_without_a_command_the_help_goes_to_standard_error(capsysbinary: Capture) -> None:
    code = run([])
    captured = capsysbinary.readouterr()

    assert code == 2
    assert captured.out == b""
    assert b"no command was given" in captured.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chek"], 'unknown command "chek": did you mean check? there are check,'),
        (["inspect"], 'unknown command "inspect": there are check,'),
        (["orders.yaml"], 'unknown command "orders.yaml": to check that path: recoverable check orders.yaml'),
        (["--format", "json"], "--format stands before any command; options follow their command"),
        (["rule"], "recoverable rule needs one more word: rule new or rule test"),
        (["explain"], "recoverable explain needs RULE"),
        (["explain", "ptr-disabled"], 'unknown rule "ptr-disabled": did you mean pitr-disabled? there are '),
        (["check", "--only", "pitr-disable"], 'unknown rule "pitr-disable": did you mean pitr-disabled? '),
        (["check", "--only", "pitr-disabled", "--skip", "pitr-disabled"], "--only and --skip leave no rule"),
    ],
)
def test_a_wrong_word_is_an_error_that_names_what_there_is(
    words: list[str], message: str, capsysbinary: Capture
) -> None:
    code = run(words)
    captured = capsysbinary.readouterr()

    assert code == 2
    assert captured.out == b""
    assert captured.err.decode().startswith(f"recoverable: {message}")


def test_the_version_is_one_line_with_the_date_of_the_aws_data(capsysbinary: Capture) -> None:
    code = run(["--version"])

    assert code == 0
    assert re.fullmatch(rb"recoverable \d+\.\d+\.\d+ \(AWS data of \d{4}-\d\d-\d\d\)\n", capsysbinary.readouterr().out)


def test_standard_output_carries_only_the_document(capsysbinary: Capture) -> None:
    run(["check", "--format", "json"])
    captured = capsysbinary.readouterr()

    assert json.loads(captured.out)["findings"]
    assert captured.err == b""


def test_several_documents_come_of_one_run(folder: Path, capsysbinary: Capture) -> None:
    run(["check", "-o", "sarif=a.sarif", "-o", "json=b.json"])

    assert b"pitr-disabled" in capsysbinary.readouterr().out
    assert json.loads((folder / "a.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((folder / "b.json").read_text())["findings"]


def test_a_redirected_document_leaves_standard_output_empty(folder: Path, capsysbinary: Capture) -> None:
    run(["check", "--format", "sarif", "-o", "a.sarif"])

    assert capsysbinary.readouterr().out == b""
    assert json.loads((folder / "a.sarif").read_text())["version"] == "2.1.0"


def test_a_folder_that_is_not_there_is_an_error_before_the_work(capsysbinary: Capture) -> None:
    code = run(["check", "-o", "sarif=reports/a.sarif"])
    captured = capsysbinary.readouterr()

    assert code == 2
    assert captured.out == b""
    assert captured.err == b"recoverable: -o reports/a.sarif: there is no folder reports; make it first\n"


def test_the_same_document_comes_from_wherever_it_is_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Capture
) -> None:
    (folder / "stacks").mkdir()
    (folder / "orders.yaml").rename(folder / "stacks" / "orders.yaml")
    documents = []
    for where, path in (
        (folder, "."),
        (folder, "stacks"),
        (folder, "stacks/orders.yaml"),
        (folder / "stacks", "."),
        (folder / "stacks", "orders.yaml"),
        (folder / "stacks", "../stacks/./orders.yaml"),
        (Path("/"), str(folder)),
        (Path("/"), str(folder / "stacks" / "orders.yaml")),
    ):
        monkeypatch.chdir(where)
        run(["check", "--format", "sarif", path])
        documents.append(capsysbinary.readouterr().out)

    assert len(set(documents)) == 1
    assert b'"uri": "stacks/orders.yaml"' in documents[0]


def test_parameters_come_from_a_file_and_later_words_win(folder: Path) -> None:
    (folder / "orders.yaml").write_text(
        "Parameters: {Pitr: {Type: String}}\nResources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties:\n"
        "      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !Ref Pitr}\n"
    )
    (folder / "prod.json").write_text('[{"ParameterKey": "Pitr", "ParameterValue": "true"}]')
    codes = [
        run(["check", "--only", "pitr-disabled", "--strict", "--parameters", "prod.json"]),
        run(["check", "--only", "pitr-disabled", "--parameters", "prod.json", "--parameters", "Pitr=false"]),
    ]

    assert codes == [0, 1]


def test_a_parameter_file_that_cannot_be_read_is_named_with_its_line(folder: Path, capsysbinary: Capture) -> None:
    (folder / "prod.json").write_text('{\n  "Pitr": ]\n}')
    code = run(["check", "--parameters", "prod.json"])

    assert code == 2
    assert b"prod.json:2:11" in capsysbinary.readouterr().out


def test_a_parameter_that_no_template_has_is_named(capsysbinary: Capture) -> None:
    run(["check", "--parameters", "Ptr=true"])

    assert capsysbinary.readouterr().err == b"recoverable: no template has a parameter Ptr, which --parameters fixes\n"


def test_colour_is_asked_for_or_left_out(monkeypatch: pytest.MonkeyPatch, capsysbinary: Capture) -> None:
    monkeypatch.setenv("TERM", "xterm")
    run(["check"])
    piped = capsysbinary.readouterr().out
    run(["check", "--color", "always"])
    asked = capsysbinary.readouterr().out

    assert b"\x1b[" not in piped
    assert b"\x1b[" in asked


def test_a_mistake_of_ours_is_an_apology_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: Capture
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.delenv("RECOVERABLE_DEBUG", raising=False)
    monkeypatch.setattr(check_command, "scan", stumble)
    code = run(["check"])
    captured = capsysbinary.readouterr()

    assert code == 2
    assert captured.err.startswith(b"recoverable: internal error: ZeroDivisionError: oh\n")
    assert b"RECOVERABLE_DEBUG=1" in captured.err
    assert b"Traceback" not in captured.err


def test_the_traceback_is_there_for_who_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setenv("RECOVERABLE_DEBUG", "1")
    monkeypatch.setattr(check_command, "scan", stumble)
    with pytest.raises(ZeroDivisionError):
        run(["check"])


def test_an_interruption_ends_with_130_and_one_line(monkeypatch: pytest.MonkeyPatch, capsysbinary: Capture) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check_command, "scan", interrupt)
    code = run(["check"])

    assert code == 130
    assert capsysbinary.readouterr().err == b"recoverable: interrupted\n"


def _start(folder: Path, *words: str, **streams: int | None) -> subprocess.CompletedProcess[bytes]:
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | streams
    return subprocess.run([*COMMAND, *words], cwd=folder, env=ENVIRONMENT, timeout=60, check=False, **settings)  # type: ignore[call-overload, no-any-return]


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = _start(folder, "check", stdout=writing)
    os.close(writing)

    assert done.returncode == 1
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_an_error(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = _start(folder, "check", stdout=full.fileno())

    assert done.returncode == 2
    assert done.stderr.startswith(b"recoverable: the text report cannot be written to standard output: No space left")


@pytest.mark.skipif(os.name == "nt", reason="closes streams as a shell of Unix does")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing(folder: Path, closed: str) -> None:
    words = " ".join([*COMMAND, "check", closed])
    done = subprocess.run(words, shell=True, cwd=folder, env=ENVIRONMENT, capture_output=True, timeout=60, check=False)

    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="pty is for Unix")
def test_a_terminal_gets_colour_unless_it_says_no(folder: Path) -> None:
    pty = pytest.importorskip("pty")
    printed = []
    for said in ("", "1"):
        ours, theirs = pty.openpty()
        environment = {**ENVIRONMENT, "TERM": "xterm", "NO_COLOR": said}
        process = subprocess.Popen(
            [*COMMAND, "check"], cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        printed.append(_drained(ours))
        process.wait(60)

    assert b"\x1b[" in printed[0]
    assert b"\x1b[" not in printed[1]
    assert b"pitr-disabled" in printed[1]


def _drained(descriptor: int) -> bytes:
    pieces: list[bytes] = []
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # Linux tells the end of a terminal so
            piece = b""
        if not piece:
            os.close(descriptor)
            return b"".join(pieces)
        pieces.append(piece)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder that somebody is in")
def test_a_folder_that_was_removed_under_our_feet_is_named(folder: Path, capsysbinary: Capture) -> None:
    (folder / "below").mkdir()
    os.chdir(folder / "below")
    (folder / "below").rmdir()
    code = run(["check"])

    assert code == 2
    assert capsysbinary.readouterr().err.startswith(b"recoverable: the current folder is not there any more")


def test_init_writes_a_configuration_that_is_valid_and_only_once(folder: Path, capsysbinary: Capture) -> None:
    (folder / "below").mkdir()
    os.chdir(folder / "below")
    codes = [run(["init"]), run(["check", ".."]), run(["init"])]

    assert codes == [0, 1, 2]
    assert (folder / ".recoverable.yaml").exists()
    assert b".recoverable.yaml is there already" in capsysbinary.readouterr().err


def test_explain_prints_the_document_of_a_rule(capsysbinary: Capture) -> None:
    code = run(["explain", "pitr-disabled"])
    document = (ROOT / "rules" / "tables" / "pitr_disabled.md").read_text()

    assert code == 0
    assert capsysbinary.readouterr().out.decode().endswith(document)


@pytest.mark.parametrize("words", [["rules"], ["explain", "pitr-disabled"]])
def test_a_configuration_that_cannot_be_used_stops_every_command(
    folder: Path, words: list[str], capsysbinary: Capture
) -> None:
    (folder / ".recoverable.yaml").write_text("rulez: {}\n")
    code = run(words)

    assert code == 2
    assert capsysbinary.readouterr().err.startswith(b"recoverable: .recoverable.yaml:1:1: unknown key `rulez`; did you")


def test_rules_lists_every_rule_with_the_level_it_has_here(folder: Path, capsysbinary: Capture) -> None:
    (folder / ".recoverable.yaml").write_text("rules: {pitr-window-short: off, deletion-protection-disabled: high}\n")
    code = run(["rules"])
    lines = {
        line.split()[0]: line.split()[1]
        for line in capsysbinary.readouterr().out.decode().splitlines()
        if line[:2] == "  "
    }

    assert code == 0
    assert lines["pitr-disabled"] == "high"
    assert lines["pitr-window-short"] == "off"
    assert lines["deletion-protection-disabled"] == "high"


def test_rules_lists_one_group_alone(capsysbinary: Capture) -> None:
    code = run(["rules", "--group", "permissions"])
    out = capsysbinary.readouterr().out.decode()

    assert code == 0
    assert out.startswith("permissions/\n")
    assert "everything-allowed" in out
    assert "pitr-disabled" not in out


def test_a_group_that_there_is_not_is_refused_with_the_one_that_was_meant(capsysbinary: Capture) -> None:
    assert run(["rules", "--group", "permission"]) == 2
    assert "did you mean permissions?" in capsysbinary.readouterr().err.decode()


def test_a_new_rule_passes_its_own_test_and_judges(folder: Path, capsysbinary: Capture) -> None:
    codes = [
        run(["rule", "new", "owner-tag-missing"]),
        run(["rule", "test"]),
        run(["explain", "owner-tag-missing", "--pack", "recoverable-rules"]),
        run(["check", "--pack", "recoverable-rules", "--only", "owner-tag-missing"]),
    ]
    captured = capsysbinary.readouterr()

    assert codes == [0, 0, 0, 1]
    assert b"wrote recoverable-rules/owner_tag_missing.py\n" in captured.err
    assert b"[owner-tag-missing]" in captured.out
    assert not list(folder.rglob("__pycache__"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rule", "new", "Owner Tag"], b"'Owner Tag' is not a rule's name"),
        (["rule", "new", "owner-tag", "--pack", "orders.yaml"], b"orders.yaml"),
        (["rule", "test", "nowhere"], b"there is no folder nowhere; name that of your rule pack"),
    ],
)
def test_a_pack_that_cannot_be_is_an_error(words: list[str], message: bytes, capsysbinary: Capture) -> None:
    code = run(words)

    assert code == 2
    assert message in capsysbinary.readouterr().err


def test_a_wrong_document_fails_the_test_of_its_pack(folder: Path, capsysbinary: Capture) -> None:
    run(["rule", "new", "owner-tag-missing"])
    document = folder / "recoverable-rules" / "owner_tag_missing.md"
    document.write_text(
        document.read_text().replace("DeletionProtectionEnabled: true", "DeletionProtectionEnabled: false")
    )
    code = run(["rule", "test", "recoverable-rules"])
    printed = capsysbinary.readouterr().out

    assert code == 1
    assert b"recoverable-rules/owner_tag_missing.md:" in printed
