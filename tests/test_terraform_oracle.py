"""What expressions come to, held against what Terraform itself makes of them.

`scripts/terraform_oracle.py` asks Terraform and stores its answers.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from made_expressions import Answer
from terraform_expressions import REFUSED, agrees, evaluated, is_known, plain

FOLDER = Path(__file__).parents[1] / "fixtures" / "terraform"
STORED = FOLDER / "oracle.jsonl"


@pytest.fixture(scope="module")
def told() -> list[tuple[Answer, object]]:
    """Terraform's answers, each with ours."""
    lines = STORED.read_text(encoding="utf-8").splitlines()[1:]
    cases = [json.loads(line) for line in lines]
    answers = [Answer(case["expression"], case.get("value"), "error" in case) for case in cases]
    return [(answer, plain(evaluated(answer.expression))) for answer in answers]


def test_every_value_is_terraforms_or_not_known(told: list[tuple[Answer, object]]) -> None:
    assert [
        f"{answer.expression} is {answer.value!r}, not {ours!r}"
        for answer, ours in told
        if not answer.error and not agrees(ours, answer.value)
    ] == []


def test_hardly_a_value_is_not_known(told: list[tuple[Answer, object]]) -> None:
    values = [ours for answer, ours in told if not answer.error]

    assert len(values) > 2000
    assert sum(map(is_known, values)) / len(values) > 0.97


def test_what_terraform_refuses_is_refused(told: list[tuple[Answer, object]]) -> None:
    """Not all of it: no plan is made of a mistake, so that what is not looked at may stay unnoticed."""
    refused = [ours for answer, ours in told if answer.error]

    assert len(refused) > 1000
    assert sum(ours is REFUSED for ours in refused) / len(refused) > 0.9
    assert sum(ours is REFUSED or not is_known(ours) for ours in refused) / len(refused) > 0.97


def test_of_what_was_chosen_only_what_is_listed_is_not_told(told: list[tuple[Answer, object]]) -> None:
    """`not_told.txt` lists it; a line that is told now is to be taken out."""
    chosen = set(_lines("chosen.txt"))
    untold = [
        answer.expression
        for answer, ours in told
        if answer.expression in chosen and (ours is not REFUSED if answer.error else not is_known(ours))
    ]

    assert untold == _lines("not_told.txt")


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()
