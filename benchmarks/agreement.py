"""Agreement with a corpus of real templates whose facts were established by other means.

    python benchmarks/agreement.py [CORPUS]

CORPUS (or RECOVERABLE_CORPUS, or ../shared/corpus) holds templates and FACTS.tsv: a line for each resource, with what
is written of point-in-time recovery, encryption, deletion protection and so on. Printed are how many facts the reader
agrees with, property by property, and each difference with its explanation from agreement_explained.tsv. The exit code
is 1 while a difference is not explained.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "linter"))

from recoverable.read import cloudformation, sniff  # noqa: E402
from recoverable.read.decode import decode  # noqa: E402
from recoverable.read.document import read_document  # noqa: E402
from recoverable.read.nodes import MalformedError  # noqa: E402
from recoverable.source import Span  # noqa: E402
from recoverable.value import Known  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.estate import Table
    from recoverable.read.nodes import Node
    from recoverable.value import Value

TYPES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable")

#: Each property compared: what it is called here, the column of FACTS.tsv, and where the estate keeps it.
PROPERTIES = (
    ("PITR", "pitr", "pitr"),
    ("window", "pitr_days", "pitr_window"),
    ("key", "kms_key", "key"),
    ("deletion protection", "deletion_protection", "deletion_protection"),
    ("DeletionPolicy", "DeletionPolicy", "kept_on_delete"),
    ("UpdateReplacePolicy", "UpdateReplacePolicy", "kept_on_replace"),
)
ASPECTS = ("found", "line", *(name for name, _, _ in PROPERTIES))


class Difference(NamedTuple):
    file: str
    resource: str
    aspect: str
    expected: str
    found: str


class Agreement(NamedTuple):
    """By aspect, how many facts agree; how many there are; and where they differ."""

    agreed: dict[str, int]
    facts: int
    differences: tuple[Difference, ...]


def corpus() -> Path | None:
    """The folder with the corpus, None if there is none here."""
    folder = Path(os.environ.get("RECOVERABLE_CORPUS", HERE.parent.parent / "shared" / "corpus"))
    return folder if (folder / "FACTS.tsv").is_file() else None


def agreement(folder: Path) -> Agreement:
    """Compare what is read of the corpus with its facts."""
    with (folder / "FACTS.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["type"] in TYPES]
    tables = _tables(folder)
    agreed = dict.fromkeys(ASPECTS, 0)
    differences: list[Difference] = []
    for row in rows:
        found = tables.get((row["file"], row["resource"]), [])
        for aspect, expected, shown, same in _compared(row, found):
            if same:
                agreed[aspect] += 1
            else:
                differences.append(Difference(row["file"], row["resource"], aspect, expected, shown))
            if aspect == "found" and not same:
                break
    return Agreement(agreed, len(rows), tuple(differences))


def explanations() -> dict[tuple[str, str, str], str]:
    """By file, resource and aspect, why the reader is right to differ."""
    with (HERE / "agreement_explained.tsv").open(encoding="utf-8", newline="") as lines:
        return {
            (row["file"], row["resource"], row["aspect"]): row["explanation"]
            for row in csv.DictReader(lines, delimiter="\t")
        }


def templates(folder: Path) -> tuple[dict[str, tuple[str, Node]], dict[str, Node]]:
    """The templates of a folder by path, with their kind; and the trees of all YAML and JSON files worth parsing."""
    documents: dict[str, tuple[str, Node]] = {}
    trees: dict[str, Node] = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() not in (".yaml", ".yml", ".json", ".template") or not file.is_file():
            continue
        data = file.read_bytes()
        path = file.relative_to(folder).as_posix()
        if not sniff.concerns_us(data):
            continue
        try:
            trees[path] = read_document(decode(data, path), path)
        except MalformedError:
            continue
        kind = sniff.kind(trees[path])
        if kind is not None:
            documents[path] = (kind, trees[path])
    return documents, trees


def _tables(folder: Path) -> dict[tuple[str, str], list[Table]]:
    """By file and logical id, a table in all its scenarios."""
    documents, trees = templates(folder)
    reading = cloudformation.read(documents, trees.get, lambda _: {})
    tables: dict[tuple[str, str], list[Table]] = {}
    for entry in reading.tables:
        for variant in entry.variants:
            if variant.item is not None:
                subject = variant.item.subject
                tables.setdefault((subject.path, subject.address.rpartition("/")[2]), []).append(variant.item)
    return tables


def _compared(row: dict[str, str], found: list[Table]) -> Iterator[tuple[str, str, str, bool]]:
    yield "found", "a table", "nothing", bool(found)
    origin = found[0].subject.origin if found else None
    line = str(origin.line) if isinstance(origin, Span) else "?"
    yield "line", row["line"], line, line == row["line"]
    for name, column, attribute in PROPERTIES:
        # Replicas stand side by side; the first one stands for the table.
        expected = row[column].partition("|")[0] or "absent"
        shown = " or ".join(dict.fromkeys(_shown(getattr(table, attribute)) for table in found))
        yield name, expected, shown, shown == expected or (expected.startswith("intrinsic:") and shown != "absent")


def _shown(value: Value[object]) -> str:
    """A value in the words of FACTS.tsv."""
    state = value.state
    if not isinstance(state, Known):
        return f"unknown: {state.reason}"
    if state.defaulted:
        return "absent"
    match state.value:
        case bool():
            return "true" if state.value else "false"
        case str():
            return f"str:{state.value}"
        case None:
            return "absent"
        case _:
            return str(state.value)


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else corpus()
    if folder is None or not (folder / "FACTS.tsv").is_file():
        print("no corpus: name a folder with FACTS.tsv", file=sys.stderr)
        return 2
    result = agreement(folder)
    print(f"{result.facts} tables of CloudFormation and SAM\n")
    print(f"{'':24}{'agree':>7}{'differ':>8}")
    for aspect in ASPECTS:
        differing = sum(difference.aspect == aspect for difference in result.differences)
        print(f"{aspect:24}{result.agreed[aspect]:>7}{differing:>8}")
    explained = explanations()
    open_ = 0
    for each in result.differences:
        why = explained.get((each.file, each.resource, each.aspect), "")
        open_ += not why
        print(f"\n{each.file} {each.resource}: {each.aspect} is {each.found}, the corpus has {each.expected}")
        print(f"    {why or 'NOT EXPLAINED'}")
    print(f"\n{len(result.differences)} differences, {open_} not explained")
    return 1 if open_ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
