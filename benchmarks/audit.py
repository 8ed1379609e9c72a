"""How long collecting from AWS takes, against the least that its rates allow, and what it takes in memory.

    .venv/bin/python benchmarks/audit.py                   # 10,000 tables in 17 Regions, and 1,000 accounts
    .venv/bin/python benchmarks/audit.py --tables 1700 --accounts 50

    .venv/bin/python benchmarks/audit.py --tables 1700 --accounts 0 --pace 0.25
    .venv/bin/python benchmarks/audit.py --tables 0 --accounts 300 --executor processes:2

A loopback server in a process of its own answers as AWS would: 30 ms after it was asked, and with a refusal for what
comes faster than AWS documents (the numbers of data/calls.json). The floor is the slowest lane: so many requests of one
call in one account and Region, at the rate that we allow ourselves. With a pace all rates, ours and the server's,
are that part of what they are, so that what a busy machine adds weighs less.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from measuring import run

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "linter")]

from aws_stub import Organization, Stub, World  # noqa: E402
from recoverable.collect.calls import calls  # noqa: E402
from recoverable.collect.collection import Collection, Request  # noqa: E402
from recoverable.collect.wire import Patience  # noqa: E402

ACCOUNT = "111122223333"
LATENCY = 0.03

#: What a service allows of which no number is published: what we ask for, and a bit.
MARGIN = 1.1

REGIONS = (
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
    "us-east-2", "us-west-1", "us-west-2",
)  # fmt: skip


def large_account(tables: int) -> World:
    """One account whose tables are spread over all Regions, with a plan and a vault in each."""
    world = World()
    account = world.account(ACCOUNT)
    account.opted = list(REGIONS)
    for number in range(tables):
        region = account.region(REGIONS[number % len(REGIONS)])
        region.table(f"table-{number:05}", pitr=True, tags={"backup": "daily"})
    for name in REGIONS:
        region = account.region(name)
        points = [region.point(table, "backups", day) for table in [*region.tables][:100] for day in range(35)]
        region.vault("backups", points=points)
        region.plan("daily", [{"RuleName": "nightly", "TargetBackupVaultName": "backups"}], [{"Resources": ["*"]}])
    return world


def many_accounts(accounts: int, tables: int) -> World:
    """An organization whose accounts have some tables each, in one of seventeen Regions."""
    world = World()
    world.account(ACCOUNT).opted = list(REGIONS)
    world.organization = Organization(ACCOUNT)
    for number in range(accounts - 1):
        account = world.account(f"{200_000_000_000 + number}")
        account.opted = list(REGIONS)
        region = account.region(REGIONS[number % len(REGIONS)])
        for each in range(tables):
            region.table(f"table-{each:03}", pitr=True, tags={"backup": "daily"})
        region.vault("backups")
        region.plan("daily", [{"RuleName": "nightly", "TargetBackupVaultName": "backups"}], [{"Resources": ["*"]}])
        account.role("backup", {"Version": "2012-10-17", "Statement": []})
    return world


def serve(kind: str, size: int, pace: float) -> None:
    """Answer until standard input ends, then tell what was asked."""
    world = large_account(size) if kind == "tables" else many_accounts(size, 3)
    limits = {name: (call.limit or call.rate * MARGIN) * pace for name, call in calls().items()}
    with Stub(world, strict=False, latency=LATENCY, limits=limits) as stub:
        print(stub.url, flush=True)
        sys.stdin.read()
        lanes = Counter((asked.account, asked.region, f"{asked.service}:{asked.operation}") for asked in stub.asked)
        slowest = max(lanes, key=lambda lane: lanes[lane] / calls()[lane[2]].rate if lane[2] in calls() else 0)
        told = {
            "requests": sum(stub.counts.values()),
            "refused": sum(stub.throttled.values()),
            "floor": lanes[slowest] / calls()[slowest[2]].rate / pace,
            "lane": f"{lanes[slowest]} x {slowest[2]}",
            "cpu": time.process_time(),
        }
        print(json.dumps(told), flush=True)


def gather(kind: str, folder: str, pace: float, executor: str) -> None:
    """What `recoverable collect` does, at a pace."""
    patience = Patience(pace=pace)
    organization: dict[str, Any] = {}
    if kind == "accounts":
        organization = {"organization": True, "member_role": "recoverable-audit", "executor": executor}
    summary = Collection(Request(Path(folder), patience=patience, **organization)).run()
    if summary.troubles:
        print(f"   missing: {summary.troubles[:3]}")


def measure(kind: str, size: int, pace: float, executor: str) -> None:
    words = [sys.executable, __file__, "--serve", kind, str(size), "--pace", str(pace)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        environment = {
            "PATH": "/usr/bin:/bin", "AWS_ENDPOINT_URL": url, "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": f"AKIA{ACCOUNT}ROOT", "AWS_SECRET_ACCESS_KEY": "secret",
        }  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            collecting = [sys.executable, __file__, "--gather", kind, f"{folder}/s", "--pace", str(pace)]
            collecting += ["--executor", executor]
            sample = run(tuple(collecting), environment)
            written = sum(path.stat().st_size for path in Path(folder).rglob("*.json"))
        server.stdin.close()
        told = json.loads(server.stdout.readline())
    requests, floor = told["requests"], told["floor"]
    print(f"{size:6} {kind}, pace {pace:g}: {requests} requests, {told['refused']} of them refused {executor}")
    print(f"   {sample.wall:6.1f} s; the floor is {floor:.1f} s ({told['lane']}); {sample.wall / floor:.2f} times")
    print(f"   {sample.cpu:6.1f} s of processor time, {1000 * sample.cpu / requests:.2f} ms a request", end="")
    print(f"; the server took {told['cpu']:.1f} s")
    print(f"   {sample.memory:6.0f} MB at most, {written / 1e6:.0f} MB written", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=10_000)
    parser.add_argument("--accounts", type=int, default=1_000)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--executor", default="")
    parser.add_argument("--serve", nargs=2)
    parser.add_argument("--gather", nargs=2)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve[0], int(given.serve[1]), given.pace)
    elif given.gather:
        gather(given.gather[0], given.gather[1], given.pace, given.executor)
    else:
        for kind, size in (("tables", given.tables), ("accounts", given.accounts)):
            if size:
                measure(kind, size, given.pace, given.executor)
