"""The page about snapshots, and the sample of one, are what the program knows."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import jsonschema
import pytest

from recoverable import pack
from recoverable.collect.calls import calls
from test_readme import _part

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "fixtures" / "snapshots" / "shop"


def test_every_call_is_documented() -> None:
    rows = [
        f"| {call.name()} | {call.asked} | {call.needed} | {call.kept or 'all'} | {call.permission or 'none'} "
        f"| {call.rate:g}{f' of {call.limit:g}' if call.limit else ''} |\n"
        for call in calls().values()
    ]
    table = "".join(
        ["| call | asked | needed for | kept | permission | a second |\n", "|---|---|---|---|---|---|\n", *rows]
    )

    assert _part("docs/snapshots.md", "calls", table) == table


@pytest.mark.parametrize("path", sorted(SAMPLE.rglob("*.json")), ids=lambda path: path.name)
def test_the_sample_fits_the_schema(path: Path) -> None:
    schema = json.loads((ROOT / "linter/recoverable/schemas/snapshot.schema.json").read_text(encoding="utf-8"))

    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), schema)


def test_every_call_is_there_for_a_rule_that_exists() -> None:
    names = [rule.name for rule in pack.load(pack.builtin()).rules]
    meant = {
        (call.name(), word) for call in calls().values() for word in re.findall(r"[a-z*]+(?:-[a-z*]+)+", call.needed)
    }

    assert [each for each in meant if not any(fnmatch(name, each[1]) for name in names)] == []
