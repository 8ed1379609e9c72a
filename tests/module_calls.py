"""Calls of popular modules (`fixtures/terraform/modules/calls.tf`), read with the module installed and without."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from readings import plain_reading
from recoverable.read import terraform
from recoverable.read.terraform.sources import Sources
from recoverable.read.terraform.summaries import registry_name

FIXTURES = Path(__file__).parent.parent / "fixtures" / "terraform" / "modules"
CALLS, ANSWERS, PLANNED = FIXTURES / "calls.tf", FIXTURES / "installed.json", FIXTURES / "planned.json"

#: Where `cloudposse/label/null` stands within modules that call it.
_LABELS = ("this", "label_backup_role")


def calls() -> dict[str, str]:
    """The text of each call by its name."""
    text = CALLS.read_text(encoding="utf-8")
    return {
        found[1]: found[0] for found in re.finditer(r'^module "(\w+)" \{\n.*?^\}\n', text, re.MULTILINE | re.DOTALL)
    }


def source_of(call: str) -> str:
    found = re.search(r'source\s*=\s*"(.*?)"', call)
    assert found is not None
    return found[1]


def summarised(call: str) -> dict[str, Any]:
    """What a call makes by what is known of its module."""
    return _read({"main.tf": call})


def installed(name: str, call: str, folders: dict[str, Path]) -> dict[str, Any]:
    """What a call makes by the module's own text, out of folders by the names that modules have in the registry."""
    module, _, below = registry_name(source_of(call)).partition("//")
    files = {"main.tf": call}
    entries = [{"Key": name, "Dir": f".terraform/modules/{name}/{below}".rstrip("/")}]
    files |= _text(folders[module], f".terraform/modules/{name}")
    for label in _LABELS:
        place = f".terraform/modules/{name}.{label}"
        entries.append({"Key": f"{name}.{label}", "Dir": place})
        files |= _text(folders["cloudposse/label/null"], place)
    if below:
        entries.append({"Key": f"{name}.wrapper", "Dir": f".terraform/modules/{name}"})
    files[".terraform/modules/modules.json"] = json.dumps({"Modules": entries})
    return _read(files)


def _text(folder: Path, place: str) -> dict[str, str]:
    return {
        f"{place}/{path.relative_to(folder).as_posix()}": path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.tf"))
        if "examples" not in path.parts
    }


def _read(files: dict[str, str]) -> dict[str, Any]:
    texts = {path: text.encode() for path, text in files.items()}

    def names(folder: str) -> list[str]:
        return [path.rpartition("/")[2] for path in texts if path.rpartition("/")[0] == folder]

    sources = Sources({"main.tf": texts["main.tf"]}, texts.get, names)
    reading = terraform.read(sources, terraform.roots_of(sources), lambda _: {})
    assert [fault.message for fault in reading.faults] == []
    return plain_reading(reading)
