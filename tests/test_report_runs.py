"""Reports of real runs: they fit their schemas, and do not depend on where the command was started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator

ROOT = Path(__file__).parent.parent
SCHEMAS = {
    "json": (Draft202012Validator, ROOT / "docs/report.schema.json"),
    "sarif": (Draft4Validator, ROOT / "tests/data/sarif-schema-2.1.0.json"),
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the demo in it and a template that cannot be read."""
    folder = tmp_path_factory.mktemp("a repository")
    shutil.copytree(ROOT / "fixtures/demo", folder / "infra")
    (folder / ".git").mkdir()
    broken = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties: {\n"
    (folder / "infra/bröken.yaml").write_text(broken, encoding="utf-8")
    return folder


def checked(where: Path, name: str, path: str) -> str:
    command = [sys.executable, "-m", "recoverable", "check", "--format", name, path]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "linter"), "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=where, env=environment, capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr) == (2, "")
    return done.stdout


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_report_of_a_real_run_fits_its_schema(repository: Path, name: str) -> None:
    kind, schema = SCHEMAS[name]

    kind(json.loads(schema.read_text(encoding="utf-8"))).validate(json.loads(checked(repository, name, "infra")))


@pytest.mark.parametrize("name", ["text", "json", "sarif", "github"])
def test_it_does_not_matter_where_the_command_was_started(repository: Path, name: str) -> None:
    expected = checked(repository, name, "infra")

    assert checked(repository / "infra/shop", name, "..") == expected
    assert checked(repository.parent, name, str(repository / "infra")) == expected


def test_both_formats_tell_of_the_same_results(repository: Path) -> None:
    told: dict[str, Any] = json.loads(checked(repository, "json", "infra"))
    results = json.loads(checked(repository, "sarif", "infra"))["runs"][0]["results"]

    assert told["findings"]
    assert told["undetermined"]
    assert [result["partialFingerprints"]["recoverable/v1"] for result in results] == [
        entry["fingerprint"] for entry in (*told["findings"], *told["undetermined"])
    ]


def test_no_two_results_share_a_fingerprint(repository: Path) -> None:
    told = json.loads(checked(repository, "json", "infra"))
    prints = [entry["fingerprint"] for part in ("findings", "accepted", "exempt") for entry in told[part]]

    assert len(set(prints)) == len(prints)
