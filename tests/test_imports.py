"""What a lint run imports. Start-up is most of its time, so that a new name here is a decision, not an accident."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: From the standard library, top level names; those that Python itself loads at start are not counted.
STANDARD = {
    "bisect", "collections", "copyreg", "enum", "functools", "gc", "importlib", "itertools", "keyword", "operator",
    "re", "reprlib", "types", "warnings",
}  # fmt: skip
OF_YAML = {"yaml", "cython_runtime"}
#: Our own parts that a run over tables alone does without: what is known of plans, vaults and restore tests.
OF_BACKUPS = {
    "recoverable.estate.principals", "recoverable.read.backup_plans", "recoverable.read.cloudformation.backup",
    "recoverable.read.backup_vaults", "recoverable.read.cloudformation.restore_testing",
    "recoverable.read.cloudformation.vaults", "recoverable.read.restore_testing",
    "recoverable.recovery.backups.copies", "recoverable.recovery.backups.coverage", "recoverable.recovery.backups.cron",
    "recoverable.recovery.backups.denials", "recoverable.recovery.backups.gaps", "recoverable.recovery.posture",
    "recoverable.recovery.backups.restore_tests", "recoverable.recovery.backups.schedule",
    "recoverable.recovery.backups.scripts", "recoverable.recovery.backups.vault_policies",
}  # fmt: skip
#: Our own parts that a run without configuration, acceptances or findings does without.
LEFT_OUT = {
    "recoverable.accept", "recoverable.cli.help", "recoverable.config.checking", "recoverable.config.reading",
    "recoverable.report.github", "recoverable.report.json", "recoverable.report.sarif", "recoverable.trial",
    "recoverable.read.cloudformation.principals", "recoverable.read.cloudformation.schedules",
    "recoverable.estate.documents", "recoverable.estate.guardrails", "recoverable.read.cloudformation.documents",
}  # fmt: skip

TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      DeletionProtectionEnabled: true
"""

BACKUPS = """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: backups
      LockConfiguration: {MinRetentionDays: 7}
      AccessPolicy:
        Statement: [{Effect: Deny, Principal: "*", Action: "backup:DeleteRecoveryPoint", Resource: "*"}]
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: plan
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: !Ref Vault
            ScheduleExpression: cron(0 5 ? * * *)
            Lifecycle: {DeleteAfterDays: 35}
            CopyActions:
              - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:111122223333:backup-vault:copies
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: all
        IamRoleArn: arn:aws:iam::111122223333:role/backup
        Resources: [!GetAtt Orders.Arn]
"""

PROGRAM = """\
import sys
before = set(sys.modules)
from recoverable.cli.main import run
code = run(sys.argv[1:])
loaded = sorted(set(sys.modules) - before)
import json
print(json.dumps([code, loaded]), file=sys.stderr)
"""


def _modules(folder: Path, *words: str) -> set[str]:
    """The modules that one command line loads in a new process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["PYTHONPATH"] = str(ROOT / "linter")
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code in (0, 1), done.stderr.splitlines()[0]
    return set(modules)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "orders.yaml").write_text(TEMPLATE)
    (tmp_path / "orders.json").write_text(json.dumps({"Resources": {"T": {"Type": "AWS::DynamoDB::Table"}}}))
    return tmp_path


def _foreign(modules: set[str]) -> set[str]:
    """Top level names that are neither ours nor private parts of the standard library."""
    names = {module.partition(".")[0] for module in modules}
    return {name for name in names if name != "recoverable" and not name.startswith(("_", "recoverable-rule:"))}


def test_a_run_over_yaml_imports_what_it_needs_and_no_more(folder: Path) -> None:
    modules = _modules(folder, "check", "orders.yaml")

    assert _foreign(modules) <= STANDARD | OF_YAML
    assert not modules & LEFT_OUT


def test_a_run_over_tables_alone_knows_nothing_of_backups(folder: Path) -> None:
    modules = _modules(folder, "check", "orders.yaml")

    assert not modules & OF_BACKUPS


def test_a_run_over_backups_imports_what_it_needs_and_no_more(folder: Path) -> None:
    (folder / "orders.yaml").write_text(TEMPLATE + BACKUPS.partition("\n")[2])

    modules = _modules(folder, "check", "orders.yaml")

    assert {"recoverable.recovery.backups.copies", "recoverable.recovery.backups.schedule"} <= modules
    # The vault has a policy, and some rules are about any policy: what is known of actions is in JSON.
    assert _foreign(modules) <= STANDARD | OF_YAML | {"json"}
    assert modules & LEFT_OUT == {"recoverable.estate.documents"}


def test_a_run_over_yaml_does_without_a_json_parser(folder: Path) -> None:
    assert "recoverable.read.json_nodes" not in _modules(folder, "check", "orders.yaml")


def test_a_run_over_json_does_without_a_yaml_parser(folder: Path) -> None:
    modules = _modules(folder, "check", "orders.json")

    assert _foreign(modules) <= STANDARD
    assert not modules & LEFT_OUT


def test_yaml_is_loaded_without_its_slow_parts(folder: Path) -> None:
    modules = _modules(folder, "check", "orders.yaml")

    assert not modules & {"yaml.constructor", "yaml.resolver", "yaml.scanner", "yaml.representer", "yaml.emitter"}


def test_a_configuration_costs_only_who_has_one(folder: Path) -> None:
    (folder / ".recoverable.yaml").write_text("fail_on: high\n")

    assert "recoverable.config.reading" in _modules(folder, "check", "orders.yaml")


def test_the_version_costs_almost_nothing(folder: Path) -> None:
    modules = _modules(folder, "--version")

    assert _foreign(modules) <= STANDARD
    assert not modules & {"recoverable.check", "recoverable.scan", "recoverable.files", "recoverable.report"}


def test_every_run_leaves_the_network_and_aws_alone(folder: Path) -> None:
    modules = _modules(folder, "check", ".", "--format", "sarif")

    assert not {module.partition(".")[0] for module in modules} & {
        "socket",
        "_socket",
        "ssl",
        "urllib",
        "boto3",
        "http",
    }


def test_a_run_over_templates_knows_nothing_of_terraform(folder: Path) -> None:
    modules = _modules(folder, "check", "orders.yaml")

    assert not [name for name in modules if name.startswith(("recoverable.read.terraform", "recoverable.read.hcl"))]


def test_a_run_over_terraform_does_without_a_yaml_parser(folder: Path) -> None:
    (folder / "orders.yaml").unlink()
    (folder / "orders.json").unlink()
    (folder / "main.tf").write_text('resource "aws_dynamodb_table" "t" {\n  deletion_protection_enabled = true\n}\n')

    modules = _modules(folder, "check", "main.tf")

    assert "recoverable.read.terraform.tables" in modules
    assert "yaml" not in modules
    assert not modules & LEFT_OUT
