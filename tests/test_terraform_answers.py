"""What expressions come to, held against what Terraform itself makes of them.

`scripts/terraform_answers.py` asks Terraform and stores its answers; where there is a Terraform, it is asked again.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from terraform_expressions import REFUSED, agrees, evaluated, is_known, plain
from terraform_oracle import Answer, Maker, answers

STORED = Path(__file__).parent / "data" / "terraform_answers.jsonl"


@pytest.fixture(scope="module")
def stored() -> list[Answer]:
    lines = STORED.read_text(encoding="utf-8").splitlines()[1:]
    cases = [json.loads(line) for line in lines]
    return [Answer(case["expression"], case.get("value"), "error" in case) for case in cases]


def _differing(told: list[Answer]) -> list[str]:
    return [
        f"{answer.expression} is {answer.value!r}, not {ours!r}"
        for answer in told
        if not answer.error and not agrees(ours := plain(evaluated(answer.expression)), answer.value)
    ]


def test_every_value_is_terraforms_or_not_known(stored: list[Answer]) -> None:
    assert _differing(stored) == []


def test_hardly_a_value_is_not_known(stored: list[Answer]) -> None:
    values = [answer for answer in stored if not answer.error]
    known = [answer for answer in values if is_known(plain(evaluated(answer.expression)))]

    assert len(values) > 2000
    assert len(known) / len(values) > 0.98


def test_what_terraform_refuses_is_refused(stored: list[Answer]) -> None:
    """Not all of it: no plan is made of a mistake, so that what is not looked at may stay unnoticed."""
    refused = [answer for answer in stored if answer.error]
    missed = [answer for answer in refused if plain(evaluated(answer.expression)) is not REFUSED]

    assert len(refused) > 1000
    assert len(missed) / len(refused) < 0.1


@pytest.mark.skipif(shutil.which("terraform") is None, reason="there is no terraform here")
def test_terraform_as_it_is_here_agrees() -> None:
    maker = Maker(7)
    told = answers([maker.next() for _ in range(150)])

    assert len(told) == 150
    assert _differing([answer for answer in told if not answer.skipped]) == []
