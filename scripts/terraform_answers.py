"""Writes `tests/data/terraform_answers.jsonl`: expressions, and what Terraform makes of them.

    python scripts/terraform_answers.py [NUMBER]

Needs a `terraform` on the path; nothing is downloaded, and no provider is asked. The expressions are made up by
`tests/terraform_oracle.py`, always the same ones, so that a newer Terraform shows what it changed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "linter")]

from terraform_oracle import Maker, answers  # noqa: E402

TARGET = ROOT / "tests" / "data" / "terraform_answers.jsonl"
SEED = 2026
TOGETHER = 200


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    maker = Maker(SEED)
    expressions = [each for each in dict.fromkeys(maker.next() for _ in range(number)) if len(each) < 400]
    version = json.loads(subprocess.check_output(["terraform", "version", "-json"]))["terraform_version"]
    lines = [json.dumps({"terraform": version})]
    for start in range(0, len(expressions), TOGETHER):
        for answer in answers(expressions[start : start + TOGETHER]):
            if not answer.skipped:
                told = {"error": True} if answer.error else {"value": answer.value}
                lines.append(json.dumps({"expression": answer.expression, **told}, ensure_ascii=False))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines) - 1} of {len(expressions)} expressions have an answer of Terraform {version}")


if __name__ == "__main__":
    main()
