"""Principals of an account, by what IAM answered."""

from __future__ import annotations

import json
from pathlib import Path

from accounts import answer, snapshot
from policies_seen import may_delete_tables
from recoverable import Estate, Principal, Severity, Table, Truth, rule
from recoverable.config import Settings
from recoverable.pack import Pack
from recoverable.rule import Rule
from recoverable.scan import Documents, Request, Setup, examine
from recoverable.source import Call
from recoverable.truth import Answer

ANSWER = json.loads((Path(__file__).parents[1] / "fixtures" / "policies" / "account.json").read_text(encoding="utf-8"))
CALL = "iam:GetAccountAuthorizationDetails"


def test_findings_about_statements_of_an_account_stand_at_the_policy() -> None:
    snap = snapshot({}, whole=[answer(CALL, ANSWER)])

    report = examine((), Setup("", Settings(), Pack((may_delete_tables,))), Request(), Documents(), snapshots=[snap])

    (finding,) = report.findings
    policy = "arn:aws:iam::123456789012:policy/wipe"
    assert finding.subject.title() == f"{policy} statement S"
    assert finding.origin == Call("111122223333", "global", "GetAccountAuthorizationDetails", policy)


def _seen(rule_: Rule, **given: object) -> None:
    whole = [answer(CALL, **given)] if given else []  # type: ignore[arg-type]
    tables = {"eu-west-1": [answer("dynamodb:ListTables", {"TableNames": ["orders"]})]}
    setup = Setup("", Settings(), Pack((rule_,)))
    examine((), setup, Request(), Documents(), snapshots=[snapshot(tables, whole=whole)])


def test_what_iam_did_not_answer_leaves_open_who_there_is() -> None:
    said: list[tuple[Answer, str]] = []

    @rule(Severity.LOW)
    def anybody(_table: Table, estate: Estate) -> Truth:
        answered = estate.principals.any(lambda _: Truth(Answer.NO), "nobody")
        said.append((answered.answer, answered.facts[0].text))
        return Truth(Answer.NO)

    _seen(anybody, status="denied")
    _seen(anybody, result={**ANSWER}, complete=False)
    _seen(anybody)

    assert said == [
        (Answer.UNKNOWN, "nobody in what was read, but GetAccountAuthorizationDetails was denied"),
        (Answer.UNKNOWN, "nobody in what was read, but GetAccountAuthorizationDetails was not answered"),
        (Answer.UNKNOWN, "nobody in what was read, but GetAccountAuthorizationDetails was not asked"),
    ]


def test_where_a_page_is_missing_nobodys_policies_are_all() -> None:
    found: list[str] = []

    @rule(Severity.LOW)
    def seen(principal: Principal) -> Truth:
        found.append(principal.open)
        return Truth(Answer.NO)

    _seen(seen, result={**ANSWER}, complete=False)

    assert set(found) == {"not every page of GetAccountAuthorizationDetails was had: it was not answered"}
