"""Writes `fixtures/terraform/modules/installed.json`: what calls of popular modules make, by the modules' own text.

    python scripts/module_summaries.py NAME=FOLDER ...

NAME is a module's name in the registry (`lgallard/backup/aws`, and `cloudposse/label/null`, which others call) and
FOLDER a checkout of it. The calls are in `fixtures/terraform/modules/calls.tf`. Where what is known of a module without
its text (`recoverable/data/terraform_modules`) says something else, that is shown.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "linter")]

from module_calls import ANSWERS, calls, installed, summarised  # noqa: E402


def main() -> None:
    folders = {name: Path(folder) for name, _, folder in (word.partition("=") for word in sys.argv[1:])}
    answers = {name: installed(name, call, folders) for name, call in calls().items()}
    ANSWERS.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, call in calls().items():
        differences = _differences(answers[name], summarised(call))
        print("\n    ".join([f"{name}: {len(answers[name])} things", *differences]))


def _differences(one: object, other: object, path: str = "") -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        keys = dict.fromkeys([*one, *other])
        return [each for key in keys for each in _differences(one.get(key), other.get(key), f"{path}/{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = zip(one, other, strict=True)
        return [each for at, pair in enumerate(pairs) for each in _differences(*pair, f"{path}[{at}]")]
    return [] if one == other else [f"{path}: {one!r} is said to be {other!r}"]


if __name__ == "__main__":
    main()
