"""An account with something of everything, and how tests collect it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from aws_stub import Organization, Region, Stub, World
from recoverable.collect.collection import Collection, Request, Summary
from recoverable.collect.wire import Patience

ROOT = Path(__file__).parents[1]
ACCOUNT, OTHER = "111122223333", "444455556666"
HOME = "eu-west-1"

#: Whoever runs the tests in the background has interruptions ignored, and so would the program: it is begun as from a
#: terminal.
AS_FROM_A_TERMINAL = "import signal, runpy; signal.signal(signal.SIGINT, signal.default_int_handler); "
AS_FROM_A_TERMINAL += "runpy.run_module('recoverable', run_name='__main__', alter_sys=True)"

#: For tests of what happens when nothing helps.
HASTY = Patience(connect=5, read=20, throttled=6, failed=3, pause=0.01, longest=0.05, pace=100)


def fill(region: Region, tables: int = 3) -> None:
    """One of everything that is asked for, and some tables."""
    key = region.key("11111111-2222-3333-4444-555555555555")
    region.aliases.append({"AliasName": "alias/tables", "TargetKeyId": "11111111-2222-3333-4444-555555555555"})
    region.aliases.append({"AliasName": "alias/aws/backup", "TargetKeyId": "99999999-2222-3333-4444-555555555555"})
    for number in range(tables):
        sse = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key} if number == 0 else None
        more: dict[str, Any] = {"SSEDescription": sse} if sse else {}
        region.table(f"table-{number}", pitr=number % 2 == 0, tags={"backup": "daily"}, ttl="expires", **more)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "dynamodb:*"}]}
    region.tables["table-0"]["Policy"] = policy
    points = [region.point("table-0", "backups", number) for number in range(4)]
    region.vault("backups", policy=policy, topic=region.arn("sns", "failures"), points=points)
    region.plan("daily", [{"RuleName": "nightly", "TargetBackupVaultName": "backups"}], [{"Resources": ["*"]}])
    region.restore_test("monthly", [{"ProtectedResourceArns": ["*"]}])
    region.frameworks["own"] = {"FrameworkName": "own", "FrameworkControls": []}
    region.rule("nightly", [{"Id": "1", "Arn": region.arn("lambda", "function:dump"), "Input": "secret"}],
                ScheduleExpression="rate(1 day)")  # fmt: skip
    region.schedule("backup", {"Arn": "arn:aws:scheduler:::aws-sdk:dynamodb:createBackup", "Input": "{}"})
    region.alarms.append({"AlarmName": "failures", "Namespace": "AWS/Backup", "MetricName": "NumberOfBackupJobsFailed"})


def a_world(tables: int = 3) -> World:
    world = World()
    account = world.account(ACCOUNT)
    account.role("backup", {"Version": "2012-10-17", "Statement": []})
    account.backup_policy = {"plans": {}}
    world.organization = Organization("999988887777")
    fill(account.region(HOME), tables)
    return world


def collect(stub: Stub | Mapping[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Summary:  # noqa: ANN401
    """Collect in this process, as whoever the keys of the stub or of an environment belong to."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in (stub.environment() if isinstance(stub, Stub) else stub).items():
        monkeypatch.setenv(name, value)
    return Collection(Request(folder, **{"patience": HASTY, **options})).run()


def command(*words: str, environment: Mapping[str, str], timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "recoverable", *words],
        env=clean(environment), capture_output=True, encoding="utf-8", timeout=timeout, check=False,
    )  # fmt: skip


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of a process without anything of AWS but what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    return {**kept, "PYTHONPATH": str(ROOT / "linter"), **environment}


def answers(folder: Path, account: str = ACCOUNT, region: str = HOME) -> dict[str, dict[str, Any]]:
    """The answers of one file by `service:call parameters`, with the time taken out."""
    told = json.loads((folder / "accounts" / account / f"{region}.json").read_text(encoding="utf-8"))["answers"]
    return {
        f"{each['service']}:{each['call']} {json.dumps(each['parameters'], sort_keys=True)}": {**each, "time": ""}
        for each in told
    }


def everything(folder: Path) -> dict[str, Any]:
    """All files of a snapshot but the counts and times of it."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "snapshot.json":
            found[path.relative_to(folder).as_posix()] = answers(folder, path.parent.name, path.stem)
    summary = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
    return {**found, "scope": summary["scope"]}
