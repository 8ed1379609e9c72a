"""The hooks, run by the real pre-commit in a scratch repository, with the code of this checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recoverable.read.nodes import Mapping, Scalar, Sequence
from recoverable.read.yaml_nodes import read_yaml

pytestmark = [
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(os.name == "nt", reason="the stand-in for the command is a shell script"),
]

ROOT = Path(__file__).parents[1]

GOOD = """\
Resources:
  Good:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      DeletionProtectionEnabled: true
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
"""
BAD = GOOD.replace("Enabled: true}", "Enabled: false}").replace("Good", "Bad")


class Repository:
    """A scratch repository whose configuration holds our hooks as the manifest has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))},
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(folder / "cache"),
            "PYTHONPATH": str(ROOT / "linter"),
        }
        (folder / "bin").mkdir()
        command = folder / "bin" / "recoverable"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m recoverable "$@"\n')
        command.chmod(0o755)
        self.tree = folder / "tree"
        self.tree.mkdir()
        hooks = (ROOT / ".pre-commit-hooks.yaml").read_text().replace("language: python", "language: system")
        indented = re.sub(r"^(?=[^#\n])", "      ", hooks, flags=re.MULTILINE)
        (self.tree / ".pre-commit-config.yaml").write_text(f"repos:\n  - repo: local\n    hooks:\n{indented}")
        self.run("git", "init", "-q")

    def write(self, name: str, text: str) -> None:
        (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
        (self.tree / name).write_text(text)
        self.run("git", "add", name)

    def hook(self, name: str, *words: str, stdin: int | None = subprocess.DEVNULL) -> tuple[int, str]:
        done = self.run(sys.executable, "-P", "-m", "pre_commit", "run", name, *words, stdin=stdin)
        return done.returncode, done.stdout

    def run(self, *command: str, stdin: int | None = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.tree,
            env=self.environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=120,
        )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    pytest.importorskip("pre_commit")
    return Repository(tmp_path)


def test_both_hooks_are_one_process_and_need_nothing_more() -> None:
    hooks = read_yaml((ROOT / ".pre-commit-hooks.yaml").read_text(), ".pre-commit-hooks.yaml")
    assert isinstance(hooks, Sequence)
    names = []
    for hook in hooks.items:
        assert isinstance(hook, Mapping)
        name, serial = hook.get("id"), hook.get("require_serial")
        assert isinstance(name, Scalar)
        names.append(name.text)

        assert isinstance(serial, Scalar)
        assert serial.value is True
        assert hook.get("additional_dependencies") is None

    assert names == ["recoverable", "recoverable-all"]


def test_a_bad_template_stops_the_commit(repository: Repository) -> None:
    repository.write("bad.yaml", BAD)
    code, printed = repository.hook("recoverable")

    assert code == 1
    assert re.search(r"bad\.yaml:8:\d+ high Bad: point-in-time recovery is off", printed)


def test_only_what_is_committed_is_reported(repository: Repository) -> None:
    repository.write("bad.yaml", BAD)
    repository.write("good.yaml", GOOD)
    repository.write(".recoverable.yaml", "rules: {table-in-no-backup-plan: off}\n")
    code, printed = repository.hook("recoverable", "--files", "good.yaml")

    assert code == 0, printed


def test_what_another_file_says_still_counts(repository: Repository) -> None:
    """The parent passes the value; the nested template alone could not tell."""
    nested = BAD.replace("Resources:", "Parameters: {Pitr: {Type: String}}\nResources:").replace("false", "!Ref Pitr")
    parent = (
        "Resources:\n  Nested:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: nested.yaml, Parameters: {Pitr: 'false'}}\n"
    )
    repository.write("nested.yaml", nested)
    repository.write("parent.yaml", parent)
    code, printed = repository.hook("recoverable", "--files", "nested.yaml")

    assert code == 1, printed
    assert "Nested/Bad: point-in-time recovery is off" in printed


def test_somebody_elses_broken_template_stops_nobody(repository: Repository) -> None:
    repository.write("broken.yaml", f"{GOOD}   x: [\n")
    repository.write("good.yaml", GOOD)
    others = repository.hook("recoverable", "--files", "good.yaml")
    own = repository.hook("recoverable", "--files", "broken.yaml")

    assert others[0] == 0, others[1]
    assert own[0] == 1
    assert "exit code: 2" in own[1]


def test_files_that_are_no_templates_are_left_alone(repository: Repository) -> None:
    repository.write("package.json", "{}\n")
    repository.write(".github/workflows/ci.yaml", "on: push\n")
    repository.write("broken.yaml", "a: [\n")
    code, printed = repository.hook("recoverable", "--all-files")

    assert code == 0, printed


def test_the_other_hook_reports_on_everything(repository: Repository) -> None:
    repository.write("bad.yaml", BAD)
    repository.write("good.yaml", GOOD)
    code, printed = repository.hook("recoverable-all", "--files", "good.yaml")

    assert code == 1
    assert "bad.yaml:8:" in printed


def test_standard_input_makes_no_difference(repository: Repository) -> None:
    repository.write("bad.yaml", BAD)
    pty = pytest.importorskip("pty")
    piped, writing = os.pipe()
    ours, terminal = pty.openpty()
    results = [repository.hook("recoverable", stdin=stream) for stream in (subprocess.DEVNULL, piped, terminal)]
    for descriptor in (piped, writing, ours, terminal):
        os.close(descriptor)

    assert results[0][0] == 1
    assert results[1:] == results[:1] * 2
