"""Answers that AWS would never give: whatever they are, the run ends well and its files are what they should be."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aws_stub import Organization, Stub
from collecting import ACCOUNT, HASTY, HOME, OTHER, ROOT, a_world, collect, fill

SCHEMA = json.loads((ROOT / "linter/recoverable/schemas/snapshot.schema.json").read_text(encoding="utf-8"))

#: Without these there is no account to ask.
SPARED = ("sts:GetCallerIdentity", "sts:AssumeRole", "organizations:ListAccounts")


def _mangled(chance: random.Random, value: Any, part: float) -> Any:  # noqa: ANN401
    """A part of all fields is gone, null, or of another type."""
    match value:
        case dict():
            made = {}
            for key, inner in value.items():
                if chance.random() > part:
                    made[key] = _mangled(chance, inner, part)
                elif chance.random() < 0.7:
                    made[key] = chance.choice([None, "", "text", -1, 10**30, [], {}, [None], [[1]], {"a": None}, True])
            return made
        case list():
            return [_mangled(chance, inner, part) for inner in value]
    return value


@pytest.mark.parametrize("seed", range(10))
def test_mangled_answers_end_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    world = a_world()
    world.organization = Organization(ACCOUNT)
    world.organization.policy("p-guard", "SERVICE_CONTROL_POLICY", {"Statement": []}, ("r-root",))
    world.organization.tells_paths = False
    world.account(ACCOUNT).region(HOME).recorded = True
    fill(world.account(OTHER).region(HOME))
    chance = random.Random(seed)
    part = 0.02 + 0.05 * seed
    with Stub(world, strict=False) as stub:
        stub.mangle = lambda name, result: result if name in SPARED else _mangled(chance, result, part)
        collect(stub, tmp_path / "s", monkeypatch, organization=True, member_role="audit", source="auto",
                regions=(HOME,), patience=HASTY._replace(failed=1))  # fmt: skip

    files = sorted((tmp_path / "s").rglob("*.json"))
    assert len(files) >= 3
    assert list((tmp_path / "s").rglob("*.part")) == []
    for path in files:
        jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), SCHEMA)


def test_a_message_cannot_draw_on_the_terminal_and_an_id_cannot_leave_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_world()
    world.organization = Organization(ACCOUNT)
    with Stub(world, strict=False) as stub:
        accounts = [{"Id": each, "Status": "ACTIVE", "Name": each} for each in ("../../outside", "1" * 13, ACCOUNT)]
        stub.mangle = lambda name, result: {"Accounts": accounts} if name.endswith("ListAccounts") else result
        stub.fail("dynamodb:ListTables", code="Odd", status=400)
        stub.faults[-1].message = "\x1b[2J\nAKIAIOSFODNN7EXAMPLE"
        summary = collect(stub, tmp_path / "s", monkeypatch, organization=True, member_role="audit", regions=(HOME,))

    (trouble,) = summary.troubles
    assert trouble.error is not None
    assert trouble.error.message == " [2J …"
    assert sorted(path.name for path in (tmp_path / "s" / "accounts").iterdir()) == [ACCOUNT]
    assert [path.name for path in tmp_path.iterdir()] == ["s"]
