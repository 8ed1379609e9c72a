"""Audits over time: what is new, fixed, still open or not to be told, in every store."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from recoverable.check import Report
from recoverable.cli.main import run
from recoverable.history.ledger import (
    ACCEPTED,
    FIXED,
    GONE,
    History,
    Ledger,
    OrderError,
    Said,
    advance,
    as_data,
    changes,
    days,
    identity,
    of_data,
)
from recoverable.history.stores import StoreError, open_store, packed, unpacked
from recoverable.report import render
from recoverable.rule import Severity
from report_samples import PITR, PROTECTION, account, known, mixed, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.rule import Finding

MONDAY, TUESDAY, FRIDAY = "2026-11-16T10:00:00Z", "2026-11-17T10:00:00Z", "2026-11-20T09:00:00Z"
ACCOUNT = "111122223333"


def about(name: str) -> Finding:
    """A finding about a table of the account."""
    found = account().findings[0]
    arn = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/{name}"
    return found._replace(
        subject=found.subject._replace(address=arn, name=known(name)), fingerprint=name.encode().hex().ljust(32, "0")
    )


ORDERS, CARTS = about("Orders"), about("Carts")
BOTH = (ORDERS, CARTS)


def said(taken: str, *findings: Finding, **changes_: Any) -> Said:  # noqa: ANN401 (any field)
    """An audit of the account that could read everything, and found the tables that were always there."""
    return Said(
        taken, findings, (), (), {PITR.name}, {identity(each.subject) for each in BOTH}, (), (ACCOUNT,), 0, 2
    )._replace(**changes_)


def after(*audits: Said) -> Ledger:
    ledger = Ledger(ACCOUNT)
    for audit in audits:
        ledger = advance(ledger, audit)
    return ledger


def test_the_first_audit_has_nothing_to_compare_with() -> None:
    found = changes(after(said(MONDAY, *BOTH)))

    assert (found.since, len(found.new), found.closed) == ("", 2, ())


def test_a_finding_that_stays_is_open_since_it_was_first_seen() -> None:
    ledger = after(said(MONDAY, ORDERS), said(TUESDAY, ORDERS), said(FRIDAY, ORDERS, CARTS))

    found = changes(ledger)

    assert [spell.fingerprint for spell in found.new] == [CARTS.fingerprint]
    assert [(spell.opened, days(spell, FRIDAY)) for spell in found.still] == [(MONDAY, 3)]


def test_what_its_rule_is_content_with_is_fixed() -> None:
    ledger = after(said(MONDAY, *BOTH), said(TUESDAY, ORDERS))

    (spell,) = changes(ledger).closed

    assert (spell.fingerprint, spell.how, spell.closed) == (CARTS.fingerprint, FIXED, TUESDAY)


def test_a_table_that_is_no_longer_there_is_gone() -> None:
    ledger = after(said(MONDAY, *BOTH), said(TUESDAY, ORDERS, present={identity(ORDERS.subject)}))

    assert [spell.how for spell in changes(ledger).closed] == [GONE]


def test_what_somebody_accepted_is_closed_and_not_called_fixed() -> None:
    ledger = after(said(MONDAY, *BOTH), said(TUESDAY, ORDERS, accepted=(CARTS,)))

    assert [spell.how for spell in changes(ledger).closed] == [ACCEPTED]
    assert ledger.rounds[-1].fixed == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"undetermined": (CARTS,)}, "undetermined in the newest audit"),
        ({"asked": {PROTECTION.name}}, "the newest audit did not ask pitr-disabled"),
        ({"present": (), "faulty": (ACCOUNT,)}, f"the newest audit could not read all of {ACCOUNT}"),
        ({"present": (), "examined": ()}, f"the newest audit did not look at {ACCOUNT}"),
    ],
)
def test_what_an_audit_could_not_see_is_not_fixed(change: dict[str, Any], why: str) -> None:
    ledger = after(said(MONDAY, *BOTH), said(TUESDAY, ORDERS, **change))

    found = changes(ledger)

    assert found.closed == ()
    assert [(spell.fingerprint, spell.doubt) for spell in found.unseen] == [(CARTS.fingerprint, why)]


def test_what_was_not_seen_for_a_while_is_still_open_since_it_was_first_seen() -> None:
    ledger = after(said(MONDAY, *BOTH), said(TUESDAY, ORDERS, undetermined=(CARTS,)), said(FRIDAY, *BOTH))

    assert {spell.opened for spell in changes(ledger).still} == {MONDAY}
    assert {spell.doubt for spell in ledger.open} == {""}


def test_what_comes_back_is_new() -> None:
    ledger = after(said(MONDAY, *BOTH), said(TUESDAY, ORDERS), said(FRIDAY, *BOTH))

    assert [(spell.fingerprint, spell.opened) for spell in changes(ledger).new] == [(CARTS.fingerprint, FRIDAY)]


def test_open_findings_come_the_oldest_first_and_of_one_age_the_worst() -> None:
    low = about("Archive")._replace(severity=Severity.LOW)
    ledger = after(said(MONDAY, low), said(TUESDAY, low, CARTS, ORDERS._replace(severity=Severity.INFO)))

    assert [(spell.opened, spell.severity) for spell in ledger.open] == [
        (MONDAY, "low"),
        (TUESDAY, "high"),
        (TUESDAY, "info"),
    ]


def test_the_same_audit_again_changes_nothing() -> None:
    ledger = after(said(MONDAY, *BOTH))

    assert advance(ledger, said(MONDAY, ORDERS)) is ledger


def test_an_audit_older_than_the_newest_is_refused() -> None:
    with pytest.raises(OrderError, match=f"the audit of {MONDAY} is older than the newest in the store, of {TUESDAY}"):
        after(said(TUESDAY), said(MONDAY))


def test_changes_can_be_counted_from_any_audit() -> None:
    ledger = after(said(MONDAY, ORDERS), said(TUESDAY, *BOTH), said(FRIDAY, *BOTH))

    assert changes(ledger).new == ()
    assert [spell.fingerprint for spell in changes(ledger, "2026-11-16T23:00:00Z").new] == [CARTS.fingerprint]
    assert changes(ledger, "2026-11-16T23:00:00Z").since == MONDAY


FINDINGS = {name: about(name) for name in ("a", "b", "c", "d")}


@given(st.lists(st.sets(st.sampled_from(sorted(FINDINGS))), min_size=1, max_size=8))
def test_open_is_what_the_newest_audit_found_and_nothing_is_lost(audits: list[set[str]]) -> None:
    present = {identity(each.subject) for each in FINDINGS.values()}
    ledger = after(
        *(
            said(f"2026-11-{day:02}T00:00:00Z", *(FINDINGS[name] for name in sorted(names)), present=present)
            for day, names in enumerate(audits, 1)
        )
    )

    assert {spell.fingerprint for spell in ledger.open} == {FINDINGS[name].fingerprint for name in audits[-1]}
    assert sum(each.new for each in ledger.rounds) == len(ledger.open) + len(ledger.closed)
    assert sum(each.fixed for each in ledger.rounds) == len(ledger.closed)
    for spell in ledger.open:
        name = bytes.fromhex(spell.fingerprint).rstrip(b"\0").decode()
        day = int(spell.opened[8:10])
        assert all(name in names for names in audits[day - 1 :])
        assert day == 1 or name not in audits[day - 2]
    assert of_data(json.loads(json.dumps(as_data(ledger)))) == ledger


# --- stores ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["file", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "file":
        return str(tmp_path / "audits.db")
    from botocore.session import get_session  # noqa: PLC0415

    for name, value in (
        ("AWS_ENDPOINT_URL_S3", request.getfixturevalue("s3")),
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    bucket = f"audits-{tmp_path.name.replace('_', '-')[:40].strip('-')}".lower()
    get_session().create_client("s3").create_bucket(Bucket=bucket)
    return f"s3://{bucket}/team/audits"


def test_a_store_gives_back_what_was_put_in(place: str) -> None:
    store = open_store(place)

    assert store.scopes() == ()
    for audit in (said(MONDAY, *BOTH), said(TUESDAY, ORDERS)):
        store.update("o-abc/Ü 1", lambda before, audit=audit: advance(before, audit))  # type: ignore[misc]
    store.update("other", lambda before: advance(before, said(FRIDAY)))

    assert open_store(place).scopes() == ("o-abc/Ü 1", "other")
    assert open_store(place).latest("o-abc/Ü 1") == after(said(MONDAY, *BOTH), said(TUESDAY, ORDERS))._replace(
        scope="o-abc/Ü 1"
    )
    assert open_store(place).latest("none") == Ledger("none")


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()

    with pytest.raises(StoreError, match="is a database of something else"):
        open_store(str(path)).latest("x")
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at\n" * 40)

    with pytest.raises(StoreError, match="cannot be used as a store"):
        open_store(str(path)).latest("x")


@pytest.mark.parametrize("data", [b"", b"nonsense", packed(Ledger("x"))[:-9]])
def test_damaged_ledgers_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(StoreError, match=r"audits\.db: "):
        unpacked(data, "audits.db")


# --- the command line -----------------------------------------------------------------------------------------------

UNPROTECTED = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {DeletionProtectionEnabled: true}
"""
PROTECTED = UNPROTECTED.replace("true}", "true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}")


def checked(folder: Path, store: str, day: int, *more: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_764_000_000 + day * 86_400))
    return run(["check", str(folder), "--only", "pitr-disabled", "--store", store, *more])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "repository"
    made.mkdir()
    (made / ".git").mkdir()
    (made / "a.yaml").write_text(UNPROTECTED)
    return made


def test_runs_say_what_changed_since_the_last_one(
    folder: Path, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(folder, place, 0, monkeypatch=monkeypatch) == 1
    assert "This is the first audit of files in the store." in capsys.readouterr().out

    (folder / "b.yaml").write_text(UNPROTECTED.replace("Orders", "Carts"))
    assert checked(folder, place, 3, "--since", "last", monkeypatch=monkeypatch) == 1
    out = capsys.readouterr().out
    assert "Carts: point-in-time recovery is off" in out
    assert "Orders: point-in-time recovery is off" not in out
    assert "1 new, 0 fixed, 1 still open (the oldest for 3 days)" in out
    assert "1 finding that was open before left out." in out

    (folder / "a.yaml").write_text(PROTECTED)
    assert checked(folder, place, 4, "--since", "last", monkeypatch=monkeypatch) == 0
    assert "fixed Orders: point-in-time recovery is off [pitr-disabled], open since" in capsys.readouterr().out

    assert run(["history", "--store", place]) == 0
    assert "Carts: point-in-time recovery is off [pitr-disabled]" in capsys.readouterr().out
    assert run(["history", "--store", place, "--format", "json"]) == 0
    (history,) = json.loads(capsys.readouterr().out)
    assert [each["new"] for each in history["rounds"]] == [1, 1, 0]
    assert [(each["how"], each["open_days"]) for each in history["closed"]] == [("fixed", 4)]


def test_what_the_same_audit_finds_when_it_is_judged_again_is_not_held_back(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(tmp_path / "audits.db")
    checked(folder, store, 0, monkeypatch=monkeypatch)
    checked(folder, store, 1, monkeypatch=monkeypatch)
    (folder / "b.yaml").write_text(UNPROTECTED.replace("Orders", "Carts"))
    capsys.readouterr()

    assert checked(folder, store, 1, "--since", "last", monkeypatch=monkeypatch) == 1
    out = capsys.readouterr().out
    assert "Carts: point-in-time recovery is off" in out
    assert "1 finding that was open before left out." in out


def test_a_broken_file_leaves_its_findings_open(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(tmp_path / "audits.db")
    checked(folder, store, 0, monkeypatch=monkeypatch)
    (folder / "a.yaml").write_text(UNPROTECTED + "  broken: [\n")

    assert checked(folder, store, 1, monkeypatch=monkeypatch) == 2
    assert "not told Orders: point-in-time recovery is off [pitr-disabled]" in capsys.readouterr().out


def test_a_store_that_cannot_be_used_is_an_error_and_the_findings_are_still_printed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(folder, str(tmp_path / "no" / "folder.db"), 0, monkeypatch=monkeypatch) == 2
    out = capsys.readouterr().out
    assert "cannot be used as a store" in out
    assert "Orders: point-in-time recovery is off" in out


def test_history_of_nothing_is_exit_code_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history", "--store", str(tmp_path / "none.db")]) == 3
    assert "nothing was kept in" in capsys.readouterr().err
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("words", [["--since", "last"], ["--store", "x.db", "--estate", "."]])
def test_options_that_do_not_go_together_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *words]) == 2
    assert "--st" in capsys.readouterr().err


def test_reports_without_a_store_have_no_history() -> None:
    assert Report().history is None
    assert mixed().history is None


# --- reports --------------------------------------------------------------------------------------------------------


def with_history() -> Report:
    ledger = after(said(MONDAY, *BOTH), said(TUESDAY, ORDERS), said(FRIDAY, ORDERS, undetermined=(CARTS,), errors=1))
    return account()._replace(history=History(ledger, changes(ledger, MONDAY)))


def test_the_json_report_has_the_history_that_its_schema_describes() -> None:
    document = json.loads(render("json", with_history(), options()))
    schema = json.loads((Path(__file__).parents[1] / "docs/report.schema.json").read_text(encoding="utf-8"))

    jsonschema.validate(document, schema)

    assert [each["how"] for each in document["history"]["closed"]] == ["fixed"]
    assert [each["complete"] for each in document["history"]["rounds"]] == [True, True, False]


def test_the_page_draws_a_bar_for_each_audit_and_says_the_numbers_in_a_table() -> None:
    page = render("html", with_history(), options())

    assert page.count('class="bar-high"') == 2
    assert page.count('class="bar-high partial"') == 1
    assert 'aria-label="Findings of 3 audits, from 2 to 1"' in page
    assert f'<th scope="row">{FRIDAY}</th><td>1</td>' in page
    assert "What changed since earlier audits" not in render("html", account(), options())
