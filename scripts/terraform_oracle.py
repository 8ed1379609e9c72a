"""Writes `fixtures/terraform/oracle.jsonl`: expressions, and what Terraform makes of them.

    python scripts/terraform_oracle.py [NUMBER]
    python scripts/terraform_oracle.py --compare [NUMBER [SEED]]

Needs a `terraform` on the path; nothing is downloaded, and no provider is asked. The expressions are those that were
chosen (`fixtures/terraform/chosen.txt`, one a line) and others that `tests/made_expressions.py` makes up, always the
same ones, so that a newer Terraform shows what it changed. With `--compare` nothing is written: further expressions are
made up, and where we differ from Terraform is shown.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "linter")]

from made_expressions import Answer, Maker, answers  # noqa: E402
from terraform_expressions import REFUSED, agrees, evaluated, is_known, plain  # noqa: E402

CHOSEN = ROOT / "fixtures" / "terraform" / "chosen.txt"
TARGET = ROOT / "fixtures" / "terraform" / "oracle.jsonl"
SEED = 2026
TOGETHER = 200
LONGEST = 400


def main() -> None:
    compare = "--compare" in sys.argv
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    told = _told(numbers[0] if numbers else 7000, numbers[1] if len(numbers) > 1 else SEED + compare)
    if compare:
        _compare(told)
    else:
        _write(told)


def _told(number: int, seed: int) -> list[Answer]:
    maker = Maker(seed)
    chosen = CHOSEN.read_text(encoding="utf-8").splitlines()
    made = chosen + [each for each in dict.fromkeys(maker.next() for _ in range(number)) if len(each) < LONGEST]
    together = [answers(made[start : start + TOGETHER]) for start in range(0, len(made), TOGETHER)]
    return [answer for some in together for answer in some if not answer.skipped]


def _write(told: list[Answer]) -> None:
    version = json.loads(subprocess.check_output(["terraform", "version", "-json"]))["terraform_version"]
    lines = [json.dumps({"terraform": version})]
    for answer in told:
        said = {"error": True} if answer.error else {"value": answer.value}
        lines.append(json.dumps({"expression": answer.expression, **said}, ensure_ascii=False))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(told)} answers of Terraform {version}")


def _compare(told: list[Answer]) -> None:
    differing = unknown = missed = 0
    for answer in told:
        ours = plain(evaluated(answer.expression))
        unknown += not is_known(ours)
        if answer.error:
            missed += ours is not REFUSED and is_known(ours)
        elif not agrees(ours, answer.value):
            differing += 1
            print(f"{answer.expression}\n  Terraform: {answer.value!r}\n  here:      {ours!r}")
    print(f"{len(told)} answers: {differing} differ, {unknown} are not known here, {missed} mistakes go unnoticed")


if __name__ == "__main__":
    main()
