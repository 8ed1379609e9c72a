"""Plans and states of Terraform: those of `fixtures/terraform/planned`, and small ones made in a test."""

from __future__ import annotations

import json
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverable.config import Settings
from recoverable.pack import builtin, load
from recoverable.scan import Documents, Request, Setup, examine
from recoverable.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.check import Report
    from recoverable.read.reading import Reading

STORIES = Path(__file__).parent.parent / "fixtures" / "terraform" / "planned"

Files = dict[str, str]


def story(name: str, *, without: Iterable[str] = ()) -> Files:
    """The files of a story by path; `without` leaves out those with such endings."""
    folder = STORIES / name
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(tuple(without))
    }


def plan(name: str) -> Any:  # noqa: ANN401 (JSON)
    """The plan of a story."""
    return json.loads((STORIES / name / "plan.json").read_text(encoding="utf-8"))


def reading(files: Files, *, named: Iterable[str] = ()) -> Reading:
    """What the files make, come across in folders save for those that are `named`."""
    templates = _templates(files)
    for path, text in files.items():
        templates.add(path, text.encode(), named=path in named)
    found = templates.reading(lambda _: {})
    return found._replace(faults=(*templates.faults, *found.faults))


def _templates(files: Files) -> Templates:
    def listing(folder: str) -> list[str]:
        return [posixpath.basename(path) for path in files if posixpath.dirname(path) == folder]

    return Templates(lambda path: files[path].encode() if path in files else None, listing)


def judged(files: Files, *only: str) -> Report:
    """The report on the files, by all rules or those named."""
    setup = Setup("", Settings(), load(builtin()))
    given = [(path, text.encode()) for path, text in files.items()]
    return examine(given, setup, Request(only=only), Documents(), lookup=dict(given).get)


def verdicts(report: Report) -> set[tuple[str, str, str, str]]:
    """What was said: the rule, of what, whether it is sure, and where."""
    return {
        (each.rule.name, each.subject.title(), answer, each.origin.start())
        for answer, results in (("found", report.findings), ("open", report.undetermined), ("exempt", report.exempt))
        for each in results
    }


def parts(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 (JSON)
    """The ways to all parts of a value but itself."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from parts(inner, (*path, key))
