"""`recoverable collect` as a user runs it: against servers, in a process of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aws_stub import Organization, Stub
from collecting import ACCOUNT, AS_FROM_A_TERMINAL, HOME, OTHER, a_world, answers, clean, command, everything, fill
from recoverable.cli.terminal import Bars


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub(a_world()) as stub:
        yield stub
    assert stub.mistakes == []


def test_a_whole_account_is_collected_in_silence(stub: Stub, tmp_path: Path) -> None:
    done = command("collect", "-o", str(tmp_path / "s"), environment=stub.environment())

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {agent.partition(" ")[0] for agent in stub.agents} == {"recoverable/0.1.0"}
    assert json.loads((tmp_path / "s" / "snapshot.json").read_text(encoding="utf-8"))["finished"]


def test_what_is_missing_is_said_with_what_to_do(stub: Stub, tmp_path: Path) -> None:
    stub.deny("dynamodb:GetResourcePolicy")
    stub.fail("backup:ListRestoreTestingPlans", code="ServiceUnavailableException", status=400)
    done = command("collect", "-o", str(tmp_path / "s"), "--region", HOME, "--stats", environment=stub.environment())

    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if line.startswith("recoverable: ")]
    assert lines[0] == (
        f"recoverable: {ACCOUNT} {HOME}: backup:ListRestoreTestingPlans failed: "
        "ServiceUnavailableException: something is wrong here"
    )
    assert lines[1].startswith(
        f"recoverable: {ACCOUNT} {HOME}: dynamodb:GetResourcePolicy was denied 3 times: AccessDenied"
    )
    assert lines[2] == "recoverable: the permissions that are needed: recoverable print-policy"
    assert lines[3] == "recoverable: what was not denied is asked again by --resume"
    assert "dynamodb:DescribeTable" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "where to? name a folder that is new or empty: recoverable collect -o DIR"),
        (("--include", OTHER), "--include is about the accounts of an organization: give --org as well"),
        (("--org", "--include", "prod"), '"prod" selects no accounts: give 12 digits of an account, a unit'),
        (("--region", "../x"), "--region ../x is no Region; one is called like eu-west-1"),
        (("--max-rps", "fast"), "--max-rps takes a number of requests a second"),
        (("--external-id", "x"), "--external-id goes with a role: give --role-arn or --org"),
        (("--profile", "none"), "nothing was collected: ProfileNotFound: The config profile (none) could not be found"),
        (("--resume",), "there is no snapshot in s to go on with; leave --resume out"),
    ],
)  # fmt: skip
def test_a_command_line_that_cannot_be_followed_says_why(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    environment = {**clean({}), "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "recoverable", "collect", *(("-o", "s") if words else ()), *words],
        cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr.startswith(f"recoverable: {message}"), done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_keys_it_says_how_to_get_some(tmp_path: Path) -> None:
    environment = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path), "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    done = command("collect", "-o", str(tmp_path / "s"), environment=environment)

    assert done.returncode == 2
    assert "there are no AWS credentials; set AWS_PROFILE" in done.stderr


def test_a_role_is_assumed_with_its_external_id(stub: Stub, tmp_path: Path) -> None:
    fill(stub.world.account(OTHER).region(HOME))
    role = f"arn:aws:iam::{OTHER}:role/audit"
    stub.world.roles[role] = "shibboleth"
    words = ("collect", "-o", str(tmp_path / "s"), "--role-arn", role, "--region", HOME)

    refused = command(*words, environment=stub.environment())
    assert refused.returncode == 2
    assert "AccessDenied: arn:aws:iam::444455556666:role/audit: AKIA" not in refused.stderr, "keys are not shown"
    assert "is not authorized to perform: sts:AssumeRole" in refused.stderr
    done = command(*words, "--resume", "--external-id", "shibboleth", environment=stub.environment())
    assert (done.returncode, done.stderr) == (0, "")
    assert 'dynamodb:DescribeTable {"TableName": "table-0"}' in answers(tmp_path / "s", OTHER)


def _organization(stub: Stub) -> None:
    """Three members under units, one of them suspended, one that cannot be entered."""
    stub.world.organization = organization = Organization(ACCOUNT)
    organization.unit("ou-prod")
    organization.unit("ou-shops", "ou-prod")
    organization.policy("p-guard", "SERVICE_CONTROL_POLICY", {"Version": "2012-10-17", "Statement": []}, ("ou-prod",))
    for identifier, parent in ((OTHER, "ou-shops"), ("555566667777", "r-root"), ("666677778888", "ou-shops")):
        account = stub.world.account(identifier)
        account.parent = parent
        fill(account.region(HOME))
        stub.world.roles[f"arn:aws:iam::{identifier}:role/recoverable-audit"] = ""
    stub.world.account("666677778888").status = "SUSPENDED"
    stub.world.account(OTHER).tags["stage"] = "prod"
    del stub.world.roles["arn:aws:iam::555566667777:role/recoverable-audit"]


def test_an_organization_is_collected_and_one_bad_account_stops_no_other(stub: Stub, tmp_path: Path) -> None:
    _organization(stub)
    done = command("collect", "-o", str(tmp_path / "s"), "--org", "--region", HOME, environment=stub.environment())

    assert done.returncode == 2
    assert "recoverable: 555566667777: sts:AssumeRole was denied" in done.stderr
    told = everything(tmp_path / "s")
    assert [(each["id"], each["status"]) for each in told["scope"]["accounts"]] == [
        (ACCOUNT, "ok"), (OTHER, "ok"), ("555566667777", "denied"),
    ]  # fmt: skip
    assert told["scope"]["left_out"] == [
        {"id": "666677778888", "name": "account 8888", "reason": "the account is not active"}
    ]
    assert not (tmp_path / "s" / "accounts" / "555566667777" / "global.json").exists()
    policy = 'organizations:DescribePolicy {"PolicyId": "p-guard"}'
    assert answers(tmp_path / "s", region="global")[policy]["status"] == "ok"
    assert len([key for key in answers(tmp_path / "s", OTHER) if "DescribeTable " in key]) == 3


def test_an_account_that_may_not_see_the_organization_says_who_may(stub: Stub, tmp_path: Path) -> None:
    done = command("collect", "-o", str(tmp_path / "s"), "--org", environment=stub.environment())

    assert done.returncode == 2
    assert "nothing was collected: AccessDeniedException: organizations:ListAccounts: You don't have" in done.stderr
    assert "; ask as the management account of the organization, or one that it delegates to" in done.stderr


@pytest.mark.parametrize(
    ("words", "looked_at"),
    [
        (("--include", "ou-prod"), [OTHER]),
        (("--include", f"tag:stage=prod,{ACCOUNT}"), [ACCOUNT, OTHER]),
        (("--exclude", "tag:stage,555566667777"), [ACCOUNT]),
    ],
)
def test_accounts_are_chosen_by_unit_tag_and_id(
    stub: Stub, tmp_path: Path, words: tuple[str, ...], looked_at: list[str]
) -> None:
    _organization(stub)
    command("collect", "-o", str(tmp_path / "s"), "--org", "--region", HOME, *words, environment=stub.environment())

    assert [each["id"] for each in everything(tmp_path / "s")["scope"]["accounts"]] == looked_at
    assert (tmp_path / "s" / "accounts" / ACCOUNT / "global.json").exists(), "the organization's answers are kept"


def test_keys_that_expire_on_the_way_are_renewed(stub: Stub, tmp_path: Path) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/audit"
    stub.requests_of_a_key = 20
    words = ("collect", "--role-arn", role, "--region", HOME)
    done = command(*words, "-o", str(tmp_path / "s"), environment=stub.environment())
    assert (done.returncode, done.stderr) == (0, "")
    assert stub.counts["sts:AssumeRole"] > 2

    stub.requests_of_a_key = None
    command(*words, "-o", str(tmp_path / "whole"), environment=stub.environment())
    assert everything(tmp_path / "s") == everything(tmp_path / "whole")


def test_keys_that_expire_for_good_are_named_and_more_is_asked_by_resume(stub: Stub, tmp_path: Path) -> None:
    stub.fail("dynamodb:*", code="ExpiredTokenException", status=400)
    words = ("collect", "-o", str(tmp_path / "s"), "--region", HOME)
    done = command(*words, environment=stub.environment())
    assert done.returncode == 2
    assert "dynamodb:ListTables failed: ExpiredTokenException" in done.stderr

    stub.faults.clear()
    assert command(*words, "--resume", environment=stub.environment()).returncode == 0


def _begun(stub: Stub, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", AS_FROM_A_TERMINAL, "collect", "-o", str(folder), "--region", HOME],
        env=clean(stub.environment()), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _wait_for(stub: Stub, requests: int) -> None:
    until = time.monotonic() + 60
    while sum(stub.counts.values()) < requests and time.monotonic() < until:
        time.sleep(0.01)


@pytest.mark.parametrize("requests", [1, 9, 33])
def test_a_run_that_is_killed_goes_on_to_the_same_end(tmp_path: Path, requests: int) -> None:
    with Stub(a_world(tables=12), latency=0.02) as stub:
        process = _begun(stub, tmp_path / "s")
        _wait_for(stub, requests)
        process.kill()
        process.communicate(timeout=30)
        words = ("collect", "--region", HOME)
        resumed = command(*words, "-o", str(tmp_path / "s"), "--resume", environment=stub.environment())
        assert (resumed.returncode, resumed.stderr) == (0, "")
        command(*words, "-o", str(tmp_path / "whole"), environment=stub.environment())

    assert everything(tmp_path / "s") == everything(tmp_path / "whole")


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("with_", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_what_it_has(tmp_path: Path, with_: signal.Signals) -> None:
    with Stub(a_world(tables=40), latency=0.02) as stub:
        process = _begun(stub, tmp_path / "s")
        _wait_for(stub, 60)
        process.send_signal(with_)
        _, said = process.communicate(timeout=30)

    assert process.returncode == 130
    assert said == f"recoverable: interrupted; what was collected is in {tmp_path / 's'}, and --resume goes on\n"
    summary = json.loads((tmp_path / "s" / "snapshot.json").read_text(encoding="utf-8"))
    assert summary["finished"] is None
    (region,) = summary["scope"]["accounts"][0]["regions"]
    assert region["status"] == "unfinished"
    assert len(answers(tmp_path / "s")) > 20


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_bar_for_each_account_and_in_the_end_none(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(Bars, "FIRST", 0.0)
    with Bars(lambda: [(f"account {number}", number, 20) for number in range(10)]) as bars:
        while shown.getvalue().count("\n") < 9:
            time.sleep(0.01)
    del bars

    lines = shown.getvalue().splitlines()
    assert lines[2] == "account 2                [##......................] 2 of 20"
    assert lines[8] == "and 2 more"
    assert shown.getvalue().endswith("\x1b[1A\x1b[2K" * 9)
