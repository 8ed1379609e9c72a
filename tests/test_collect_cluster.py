"""Accounts spread over a Dask cluster: a real scheduler and two workers on loopback, one of them killed midway."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aws_stub import Organization, Stub, World
from collecting import HOME, clean, collect, command, everything, fill
from recoverable.collect.cluster import address
from recoverable.collect.collection import Request
from recoverable.collect.elsewhere import collect_unit
from recoverable.collect.executors import ExecutorError

MANAGEMENT = "999988887777"
MEMBERS = [f"{number:012}" for number in range(100_000_000_001, 100_000_000_005)]


def an_organization() -> World:
    world = World()
    world.organization = Organization(MANAGEMENT)
    for account in (MANAGEMENT, *MEMBERS):
        fill(world.account(account).region(HOME), 2)
    return world


@pytest.fixture(scope="module")
def server() -> Iterator[Stub]:
    with Stub(an_organization()) as stub:
        yield stub
    assert stub.mistakes == []


@pytest.fixture
def stub(server: Stub) -> Stub:
    server.latency = 0
    server.faults.clear()
    server.counts.clear()
    return server


class Cluster:
    """A scheduler and two workers, as processes of their own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        self.place = f"127.0.0.1:{port}"
        # The scheduler knows no keys: what passes through it holds none either.
        bare = {name: value for name, value in clean(environment).items() if not name.startswith("AWS_")}
        quiet = ["--no-dashboard", "--no-show"]
        self.processes = [self._start(bare, "scheduler", "--host", "127.0.0.1", "--port", str(port), *quiet)]
        for number in range(2):
            words = ["worker", f"tcp://{self.place}", "--no-nanny", "--nthreads", "1", "--no-dashboard"]
            words += ["--local-directory", str(folder), "--name", f"worker-{number}"]
            self.processes.append(self._start(clean(environment), *words))
        # On a busy machine it takes longer to start than the program waits for a scheduler.
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)

    def _start(self, environment: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill_a_worker(self) -> None:
        self.processes[1].send_signal(signal.SIGKILL)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(server: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("workers"), server.environment())
    yield made
    made.close()


def collected(stub: Stub, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return command("collect", "-o", str(folder), "--org", "--region", HOME, *words, environment=stub.environment())


@pytest.mark.skipif(os.name == "nt", reason="Windows kills otherwise")
def test_a_cluster_that_loses_a_worker_collects_what_one_machine_does(
    stub: Stub, cluster: Cluster, tmp_path: Path
) -> None:
    alone = collected(stub, tmp_path / "alone")
    assert (alone.returncode, alone.stderr) == (0, "")
    before = stub.counts["sts:AssumeRole"]

    # Slow enough that the first accounts are being collected when a worker is lost.
    stub.latency = 0.05
    environment = clean(stub.environment())
    words = ["collect", "-o", str(tmp_path / "spread"), "--org", "--region", HOME]
    spread = subprocess.Popen(
        [sys.executable, "-m", "recoverable", *words, "--executor", f"dask://{cluster.place}"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    end = time.monotonic() + 40
    while stub.counts["sts:AssumeRole"] < before + 2 and time.monotonic() < end:
        time.sleep(0.01)
    cluster.kill_a_worker()
    _, said = spread.communicate(timeout=60)

    assert (said, spread.returncode) == ("", 0)
    # Begun again by the other worker, so that a role was assumed once more than there are accounts.
    assert stub.counts["sts:AssumeRole"] - before > len(MEMBERS)
    assert everything(tmp_path / "spread") == everything(tmp_path / "alone")


def test_what_goes_to_a_worker_and_comes_back_holds_no_keys(
    stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in stub.environment().items():
        monkeypatch.setenv(name, value)
    unit = Request(tmp_path / "s", member_role="audit", regions=(HOME,), accounts=tuple(MEMBERS[:2]))
    before = len(stub.asked)

    found = collect_unit(unit)

    assert [each["status"] for each in found.summary.accounts] == ["ok", "ok"]
    assert list(found.files) == MEMBERS[:2]
    assert all(sorted(files) == [f"{HOME}.json", "global.json"] for files in found.files.values())
    assert sum(counts["requests"] for counts in found.summary.calls.values()) == len(stub.asked) - before
    assert not (tmp_path / "s").exists()
    keys = [asked.key for asked in stub.asked] + [os.environ["AWS_SECRET_ACCESS_KEY"]]
    for passed in (unit, found):
        content = pickle.dumps(passed)
        assert not any(key.encode() in content for key in keys if key)


def test_one_account_that_cannot_be_entered_stops_no_other(stub: Stub, cluster: Cluster, tmp_path: Path) -> None:
    stub.deny("sts:AssumeRole", RoleArn=f"arn:aws:iam::{MEMBERS[2]}:role/recoverable-audit")

    done = collected(stub, tmp_path / "s", "--executor", f"dask://{cluster.place}")

    assert done.returncode == 2
    assert MEMBERS[2] in done.stderr
    scope = json.loads((tmp_path / "s/snapshot.json").read_text())["scope"]
    assert {each["id"]: each["status"] for each in scope["accounts"]} == {
        account: "denied" if account == MEMBERS[2] else "ok" for account in (MANAGEMENT, *MEMBERS)
    }

    stub.faults.clear()
    before = stub.counts["dynamodb:ListTables"]
    again = collected(stub, tmp_path / "s", "--resume", "--executor", f"dask://{cluster.place}")

    assert (again.returncode, again.stderr) == (0, "")
    assert stub.counts["dynamodb:ListTables"] == before + 1


def test_a_scheduler_that_is_not_there_is_an_error_before_anything_is_asked(
    stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recoverable.collect.cluster._PATIENCE", 0.2)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]

    with pytest.raises(ExecutorError, match=f"there is no Dask scheduler at tcp://127.0.0.1:{port}"):
        collect(stub, tmp_path / "s", monkeypatch, organization=True, executor=f"dask://127.0.0.1:{port}")
    assert not stub.counts
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("place", "there"),
    [("dask://h", "tcp://h:8786"), ("dask://h:1/", "tcp://h:1"), ("dask+tls://h:2", "tls://h:2")],
)
def test_clusters_are_named_by_host_and_port(place: str, there: str) -> None:
    assert address(place) == there


@pytest.mark.parametrize("place", ["ray://h", "dask://", "dask://h:x", "h:8786"])
def test_other_names_are_refused(place: str) -> None:
    with pytest.raises(ExecutorError, match="is neither a cluster"):
        address(place)
