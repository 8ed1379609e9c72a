"""`recoverable simulate`: cases in, answers out, line by line."""

from __future__ import annotations

import io
import json
import random
import re
import sys
from pathlib import Path

import pytest

from decision_cases import FOLDER, allow, deny, policy, request
from recoverable.cli.main import run
from recoverable.policy.decision import Result, decide
from recoverable.read.cases import read_case
from recoverable.read.nodes import MalformedError

ROOT = Path(__file__).parents[1]


def simulate(
    lines: list[object], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], *options: str
) -> tuple[int, list[dict[str, object]], str]:
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogateescape"))))
    code = run(["simulate", "-", *options])
    out, err = capsysbinary.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err.decode()


CASE = {"id": "a", "request": request(), "identityPolicies": [policy(allow(Sid="All"))]}


def test_each_case_is_answered_in_its_line(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    denied = {**CASE, "id": 7, "sessionPolicy": policy(allow(), deny("dynamodb:*"))}
    code, answers, said = simulate([CASE, "", denied], monkeypatch, capsysbinary)

    assert (code, said) == (0, "")
    assert answers == [
        {
            "id": "a",
            "result": "Allowed",
            "statements": [{"policy": "identityPolicies[0]", "statement": 0, "sid": "All", "effect": "Allow"}],
        },
        {
            "id": 7,
            "result": "ExplicitlyDenied",
            "statements": [{"policy": "sessionPolicy", "statement": 1, "sid": None, "effect": "Deny"}],
        },
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": 1', "standard input:2:9: the file ends where"),
        ("[]", "standard input:2:1: a case is a JSON object"),
        ("{}", "standard input:2:1: a case has no request"),
        ({"request": {**request(), "acton": "x"}}, "a request has no acton; Did you mean action?"),
        ({"request": {**request(), "principal": 5}}, "a request needs principal, a text"),
        ({"request": request("dynamodb:*")}, "dynamodb:* is no action"),
        ({"request": request(), "identityPolicy": []}, "identityPolicy is no layer of policies; Did you mean identity"),
        ({"request": request(), "identityPolicies": [{}]}, "a policy of identityPolicies[0] has no Statement"),
        ({"request": request(), "resourcePolicy": policy({"Effect": "deny", "Action": "*"})}, "is Allow or Deny"),
        ({"request": request(), "resourcePolicy": policy(allow(NotAction="*"))}, "has Action and NotAction"),
        ({"request": {**request(), "context": {"a": {}}}}, "the value of a is a text, or a list of texts"),
        ({"request": {**request(), "context": {"a:b": "1", "A:B": "2"}}}, "A:B stands twice"),
        ("\udcff", "standard input:2: byte 1 is not UTF-8"),
        ("[" * 100_000, "standard input:2:"),
    ],
)
def test_a_line_that_is_no_case_is_named_and_the_others_are_answered(
    line: object, said: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    code, answers, error = simulate([CASE, line, {**CASE, "id": "b"}], monkeypatch, capsysbinary)

    assert (code, [each["id"] for each in answers]) == (2, ["a", "b"])
    assert said in error
    assert "1 of 3 cases could not be read" in error


def test_nothing_to_decide_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert simulate([""], monkeypatch, capsysbinary)[0] == 3


def test_a_file_that_is_not_there_is_said(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["simulate", "nowhere.jsonl"]) == 2
    assert b"cannot read nowhere.jsonl: No such file" in capsysbinary.readouterr().err


def test_what_stands_in_the_way_and_what_it_depends_on_is_told_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    conditional = allow(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    _, answers, _ = simulate(
        [
            {**CASE, "permissionBoundaries": [policy(allow("s3:*"))]},
            {"request": request(contextComplete=False), "identityPolicies": [policy(conditional)]},
        ],
        monkeypatch,
        capsysbinary,
        "--explain",
    )

    assert (answers[0]["result"], answers[0]["blockedBy"]) == ("ImplicitlyDenied", ["permissions boundary"])
    assert answers[1]["result"] == "Depends"
    assert answers[1]["dependsOn"] == [
        "Bool aws:MultiFactorAuthPresent depends on the request: the case leaves its context open"
    ]


def test_whatever_stands_in_a_case_is_answered_or_refused() -> None:
    """A value anywhere in a case is replaced by one that does not belong there."""
    lines = (FOLDER / "further.jsonl").read_text(encoding="utf-8").splitlines()
    strange: list[object] = [
        None, True, -1.5, "", "*", "${", "${a:b,", "arn:::::", [], [[]], {}, {"a": {}}, "x" * 5000, "?*" * 2000,
    ]  # fmt: skip
    for seed in range(300):
        dice = random.Random(seed)
        case = json.loads(dice.choice(lines))
        _spoil(case, dice, strange)
        try:
            made = read_case(json.dumps(case), "case.jsonl", 1)
        except MalformedError as error:
            assert error.span.line == 1
            continue
        assert decide(made.request, made.layers).result in Result


def _spoil(value: object, dice: random.Random, strange: list[object]) -> None:
    """Replace something within a mapping or a list."""
    keys: list[object] = []
    if isinstance(value, dict):
        keys.extend(value)
    elif isinstance(value, list):
        keys.extend(range(len(value)))
    if not keys:
        return
    key = dice.choice(keys)
    inner = value[key]  # type: ignore[index]
    if isinstance(inner, dict | list) and inner and dice.random() < 0.8:
        _spoil(inner, dice, strange)
    else:
        value[key] = dice.choice(strange)  # type: ignore[index]


def test_a_file_gives_the_same_bytes_twice(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["simulate", str(FOLDER / "handwritten.jsonl")]) == 0
    first = capsysbinary.readouterr().out
    run(["simulate", str(FOLDER / "handwritten.jsonl")])

    assert capsysbinary.readouterr().out == first
    assert len(first.splitlines()) == 82


def test_the_example_of_the_page_is_answered_as_it_says(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    page = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    page = page[page.index("## recoverable simulate") :]
    shown = re.search(r"```console\n\$ .*?\n(.*?)\n```", page, re.DOTALL)
    case = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert shown is not None
    assert case is not None
    _, answers, _ = simulate([json.loads(case[1])], monkeypatch, capsysbinary)

    assert answers == [json.loads(shown[1])]
