"""Accounts spread over processes of this machine: real ones against the loopback AWS, one of them killed midway."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from aws_stub import Organization, Stub, World
from collecting import AS_FROM_A_TERMINAL, HASTY, HOME, clean, collect, command, everything, fill
from recoverable.collect import processes
from recoverable.collect.collection import Request, Summary
from recoverable.collect.elsewhere import Collected
from recoverable.collect.executors import ExecutorError, executor, units
from recoverable.collect.processes import Processes
from recoverable.collect.refusals import Refusal

MANAGEMENT = "999988887777"
MEMBERS = [f"{number:012}" for number in range(100_000_000_001, 100_000_000_005)]


@pytest.fixture(scope="module")
def server() -> Iterator[Stub]:
    world = World()
    world.organization = Organization(MANAGEMENT)
    for account in (MANAGEMENT, *MEMBERS):
        fill(world.account(account).region(HOME), 2)
    with Stub(world) as stub:
        yield stub
    assert stub.mistakes == []


@pytest.fixture
def stub(server: Stub) -> Stub:
    server.latency = 0
    server.faults.clear()
    server.counts.clear()
    return server


def _told(folder: Path) -> dict[str, int]:
    calls = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))["calls"]
    return {name: counts["requests"] for name, counts in calls.items()}


def _wait_for_roles(stub: Stub, number: int) -> None:
    end = time.monotonic() + 40
    while stub.counts["sts:AssumeRole"] < number and time.monotonic() < end:
        time.sleep(0.01)


def test_processes_collect_what_one_does_though_one_is_killed(
    stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a role of a profile, which each process assumes by itself."""
    keys = stub.environment()
    file = tmp_path / "config"
    file.write_text(
        f"[profile audit]\nrole_arn = arn:aws:iam::{MANAGEMENT}:role/auditors\nsource_profile = keys\n"
        f"[profile keys]\naws_access_key_id = {keys.pop('AWS_ACCESS_KEY_ID')}\n"
        f"aws_secret_access_key = {keys.pop('AWS_SECRET_ACCESS_KEY')}\n"
    )
    environment = {**keys, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_CONFIG_FILE": str(file)}

    def collected(name: str, executor: str = "") -> Summary:
        return collect(
            environment, tmp_path / name, monkeypatch,
            organization=True, member_role="audit", regions=(HOME,), profile="audit", executor=executor,
        )  # fmt: skip

    alone = collected("alone")
    # Once more than is told: that was botocore, for the role of the profile.
    assert _told(tmp_path / "alone") == stub.counts - Counter({"sts:AssumeRole": 1})

    stub.counts.clear()
    stub.latency = 0.05  # so that the first accounts are being collected when a process is lost
    killed: list[int] = []

    def kill() -> None:
        _wait_for_roles(stub, 3)
        killed.append(multiprocessing.active_children()[0].pid or 0)
        os.kill(killed[0], signal.SIGTERM)

    killer = threading.Thread(target=kill)
    killer.start()
    spread = collected("spread", "processes:1")
    killer.join()

    assert killed
    assert multiprocessing.active_children() == []
    assert spread.troubles == []
    assert everything(tmp_path / "spread") == everything(tmp_path / "alone")
    # What the dead one had asked, nobody knows; what it had been answered is in its journals.
    assert {name: counts["answers"] for name, counts in spread.calls.items()} == {
        name: counts["answers"] for name, counts in alone.calls.items()
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such signal")
def test_a_run_that_is_interrupted_ends_its_processes_and_is_gone_on_with(stub: Stub, tmp_path: Path) -> None:
    stub.latency = 0.1
    words = ["collect", "-o", str(tmp_path / "s"), "--org", "--region", HOME, "--executor", "processes:1"]
    run = subprocess.Popen(
        [sys.executable, "-c", AS_FROM_A_TERMINAL, *words],
        env=clean(stub.environment()), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    _wait_for_roles(stub, 1)
    run.send_signal(signal.SIGINT)
    # Its processes hold these pipes too: they end when all of them have.
    _, said = run.communicate(timeout=60)

    assert run.returncode == 130
    assert said.startswith("recoverable: interrupted; ")
    assert _told(tmp_path / "s") == stub.counts
    asked = stub.counts["dynamodb:DescribeTable"]
    assert asked < 2 * 5

    stub.latency = 0
    again = command(*words, "--resume", environment=stub.environment())

    assert (again.returncode, again.stderr) == (0, "")
    assert _told(tmp_path / "s") == stub.counts
    summary = json.loads((tmp_path / "s/snapshot.json").read_text(encoding="utf-8"))
    assert [each["status"] for each in summary["scope"]["accounts"]] == ["ok"] * 5
    assert summary["calls"]["dynamodb:DescribeTable"]["answers"] == 2 * 5


class _Fake:
    """A worker that is a thread: it dies of some accounts."""

    deadly: tuple[str, ...] = ()
    stillborn = False
    begun: list[tuple[str, ...]]

    def __init__(self) -> None:
        self.connection, theirs = multiprocessing.Pipe()
        self.process = self
        self.there = False
        self.units: dict[int, object] = {}
        threading.Thread(target=self._work, args=(theirs,), daemon=True).start()

    def join(self) -> None: ...

    def kill(self) -> None: ...

    def _work(self, connection: Connection) -> None:
        with connection:
            if self.stillborn:
                return
            connection.send(None)
            while (given := connection.recv()) is not None:
                number, request = given
                self.begun.append(request.accounts)
                if set(request.accounts) & set(self.deadly):
                    return
                connection.send((number, Collected(Summary([], [], {}, True), {})))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[_Fake]:
    kind = type("Fake", (_Fake,), {"begun": []})
    monkeypatch.setattr(processes, "_Worker", kind)
    return kind


def _outcomes(tmp_path: Path) -> dict[tuple[str, ...], str]:
    made = Processes(2)
    batches = [("1", "2"), ("3", "4"), ("5", "6")]
    made.submit([Request(tmp_path, accounts=batch) for batch in batches])
    found = list(made.results())
    made.close()
    return {accounts: each.code if isinstance(each, Refusal) else "" for accounts, each in found}


def test_an_account_that_kills_whoever_collects_it_fails_alone(fake: type[_Fake], tmp_path: Path) -> None:
    fake.deadly = ("3",)

    found = _outcomes(tmp_path)

    assert {account for batch in found for account in batch} == {"1", "2", "3", "4", "5", "6"}
    assert {batch: code for batch, code in found.items() if code} == {("3",): "ProcessDied"}
    assert fake.begun.count(("3",)) == 1


def test_where_no_process_starts_every_account_is_named(fake: type[_Fake], tmp_path: Path) -> None:
    fake.stillborn = True

    assert _outcomes(tmp_path) == dict.fromkeys([("1", "2"), ("3", "4"), ("5", "6")], "NoProcess")


@pytest.mark.usefixtures("fake")
def test_what_a_process_is_told_holds_no_keys(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Request] = []

    def submit(self: Processes, given: list[Request]) -> None:
        told.extend(given)
        real(self, given)

    real = Processes.submit
    monkeypatch.setattr(Processes, "submit", submit)
    collect(
        stub, tmp_path / "s", monkeypatch,
        organization=True, member_role="audit", regions=(HOME,), executor="processes:2",
    )  # fmt: skip

    assert len(told) == len(MEMBERS)
    environment = stub.environment()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        assert environment[name].encode() not in pickle.dumps(told)


@pytest.mark.parametrize(
    ("accounts", "slots", "sizes"),
    [(0, 4, []), (3, 4, [1, 1, 1]), (40, 4, [5] * 8), (1000, 4, [32] * 31 + [8])],
)
def test_units_are_small_enough_for_all_to_have_some(
    tmp_path: Path, accounts: int, slots: int, sizes: list[int]
) -> None:
    made = units(Request(tmp_path, patience=HASTY), [str(number) for number in range(accounts)], slots)

    assert [len(each.accounts) for each in made] == sizes
    assert [account for each in made for account in each.accounts] == [str(number) for number in range(accounts)]


def test_a_bound_of_requests_is_divided_among_all_who_send_some(tmp_path: Path) -> None:
    made = units(Request(tmp_path, most=30), ["1", "2"], 8)

    assert [each.most for each in made] == [10, 10]


@pytest.mark.parametrize("place", ["processes:", "processes:0", "processes:x", "processes:-1", "processes:²", "none"])
def test_other_words_are_refused(place: str) -> None:
    with pytest.raises(ExecutorError, match=f"--executor {place}"):
        executor(place)


def test_by_itself_it_means_as_many_as_there_are_processors() -> None:
    assert executor("processes").slots == executor(f"processes:{len(os.sched_getaffinity(0))}").slots
