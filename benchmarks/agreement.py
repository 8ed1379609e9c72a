"""Agreement with a corpus of real templates whose facts were established by other means.

    python benchmarks/agreement.py [CORPUS]

CORPUS (or RECOVERABLE_CORPUS, or ../shared/corpus) holds templates and FACTS.tsv: a line for each resource, with what
is written of point-in-time recovery, encryption, deletion protection and so on. Printed are how many facts the reader
agrees with, property by property, and each difference with its explanation from agreement_explained.tsv. The exit code
is 1 while a difference is not explained.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "linter"))

from recoverable.read import cloudformation, sniff, terraform  # noqa: E402
from recoverable.read.decode import decode  # noqa: E402
from recoverable.read.document import read_document  # noqa: E402
from recoverable.read.nodes import MalformedError  # noqa: E402
from recoverable.read.terraform.sources import Sources  # noqa: E402
from recoverable.source import Span  # noqa: E402
from recoverable.value import Known  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.estate import Table
    from recoverable.read.nodes import Node
    from recoverable.read.reading import Reading
    from recoverable.value import Value

TYPES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable")

#: Resources of AWS Backup, and the listing in which the reader has them.
BACKUP_TYPES = {
    "AWS::Backup::BackupPlan": "plans",
    "AWS::Backup::BackupSelection": "selections",
    "AWS::Backup::BackupVault": "vaults",
    "AWS::Backup::LogicallyAirGappedBackupVault": "vaults",
    "AWS::Backup::RestoreTestingPlan": "restore_test_plans",
    "AWS::Backup::RestoreTestingSelection": "restore_test_selections",
    "AWS::Backup::Framework": "frameworks",
    "AWS::Backup::ReportPlan": "frameworks",
}

#: The same in Terraform. What stands beside a vault there has no listing of its own.
TERRAFORM_BACKUP_TYPES = {
    "aws_backup_plan": "plans",
    "aws_backup_selection": "selections",
    "aws_backup_vault": "vaults",
    "aws_backup_logically_air_gapped_vault": "vaults",
    "aws_backup_restore_testing_plan": "restore_test_plans",
    "aws_backup_restore_testing_selection": "restore_test_selections",
    "awscc_backup_restore_testing_plan": "restore_test_plans",
    "awscc_backup_restore_testing_selection": "restore_test_selections",
    "aws_backup_framework": "frameworks",
    "aws_backup_report_plan": "frameworks",
    "aws_backup_region_settings": "region_settings",
    "aws_backup_global_settings": "global_settings",
}

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


def backup_agreement(folder: Path) -> Agreement:
    """Compare what is read of AWS Backup's resources with the facts: each at its line, with what is written of it."""
    with (folder / "FACTS.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["type"] in BACKUP_TYPES]
    documents, trees = templates(folder)
    reading = cloudformation.read(documents, trees.get, lambda _: {})
    things: dict[tuple[str, str, str], list[Any]] = {}
    for listing in dict.fromkeys(BACKUP_TYPES.values()):
        for entry in getattr(reading, listing):
            for variant in entry.variants:
                if variant.item is not None:
                    subject = variant.item.subject
                    place = (listing, subject.path, subject.address.rpartition("/")[2])
                    things.setdefault(place, []).append(variant.item)
    agreed = dict.fromkeys(("found", "line", "values"), 0)
    differences: list[Difference] = []
    for row in rows:
        found = things.get((BACKUP_TYPES[row["type"]], row["file"], row["resource"]), [])
        lines_found = {str(getattr(thing.subject.origin, "line", "?")) for thing in found}
        wrong = [] if not found else sorted({each for thing in found for each in _wrong_values(row, thing)})
        for aspect, same, shown in (
            ("found", bool(found), "nothing"),
            ("line", lines_found == {row["line"]}, ", ".join(sorted(lines_found))),
            ("values", bool(found) and not wrong, "; ".join(wrong)),
        ):
            if same:
                agreed[aspect] += 1
            else:
                differences.append(Difference(row["file"], row["resource"], aspect, row["other"], shown))
    return Agreement(agreed, len(rows), tuple(differences))


def configurations(folder: Path) -> Reading:
    """What all of Terraform in a folder makes."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.name.endswith(sniff.TERRAFORM) and path.is_file()
    }
    sources = Sources(files, files.get, lambda _: ())
    return terraform.read(sources, terraform.roots_of(sources), lambda _: {})


def terraform_backup_agreement(folder: Path) -> Agreement:
    """Whether each of Terraform's resources of AWS Backup is found at its line, wherever some root makes it."""
    with (folder / "FACTS.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["type"] in TERRAFORM_BACKUP_TYPES]
    reading = configurations(folder)
    places: dict[tuple[str, str, str], set[str]] = {}
    for listing in dict.fromkeys(TERRAFORM_BACKUP_TYPES.values()):
        for entry in getattr(reading, listing):
            for variant in entry.variants:
                if variant.item is not None:
                    subject = variant.item.subject
                    name = re.sub(r"\[[^]]*\]", "", subject.address).rpartition("module.")[2]
                    own = ".".join(name.split(".")[-2:])
                    line = str(getattr(subject.origin, "line", "?"))
                    places.setdefault((listing, subject.path, own), set()).add(line)
    agreed = dict.fromkeys(("found", "line"), 0)
    differences: list[Difference] = []
    for row in rows:
        found = places.get((TERRAFORM_BACKUP_TYPES[row["type"]], row["file"], row["resource"]), set())
        for aspect, same in (("found", bool(found)), ("line", found == {row["line"]})):
            if same:
                agreed[aspect] += 1
            elif aspect == "found" or found:
                shown = ", ".join(sorted(found)) or "nothing"
                differences.append(Difference(row["file"], row["resource"], aspect, f"line {row['line']}", shown))
    return Agreement(agreed, len(rows), tuple(differences))


def terraform_agreement(folder: Path) -> Agreement:
    """Compare what is read of Terraform's tables with the facts; of an expression, only that something is read."""
    with (folder / "FACTS.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["type"] == "aws_dynamodb_table"]
    tables: dict[tuple[str, str], list[Table]] = {}
    for entry in configurations(folder).tables:
        for variant in entry.variants:
            if variant.item is not None:
                address = variant.item.subject.address.partition("[")[0]
                name = ".".join(address.rsplit(".", 2)[-2:])
                tables.setdefault((variant.item.subject.path, name), []).append(variant.item)
    agreed = dict.fromkeys(ASPECTS, 0)
    differences: list[Difference] = []
    for row in rows:
        for aspect, expected, shown, same in _compared(row, tables.get((row["file"], row["resource"]), [])):
            if same or expected == "expr" or expected.startswith("var."):
                agreed[aspect] += 1
            else:
                differences.append(Difference(row["file"], row["resource"], aspect, expected, shown))
            if aspect == "found" and not same:
                break
    return Agreement(agreed, len(rows), tuple(differences))


def _wrong_values(row: dict[str, str], thing: Any) -> Iterator[str]:  # noqa: ANN401 (any of AWS Backup's resources)
    """What is read otherwise than the facts have it; of what a reference gives, only that something is there."""
    facts = json.loads(row["other"] or "{}")
    if row["type"] == "AWS::Backup::BackupPlan":
        rules = facts.get("rules", [])
        if len(rules) != len(thing.rules):
            yield f"{len(thing.rules)} rules"
        for fact, rule in zip(rules, thing.rules, strict=False):
            lifecycle = fact.get("Lifecycle", {})
            yield from _wrong("ScheduleExpression", fact.get("ScheduleExpression"), rule.schedule)
            yield from _wrong("TargetBackupVault", fact.get("TargetBackupVault"), rule.vault)
            yield from _wrong("DeleteAfterDays", lifecycle.get("DeleteAfterDays"), rule.lifecycle.delete_after)
            yield from _wrong("MoveToCold", lifecycle.get("MoveToColdStorageAfterDays"), rule.lifecycle.cold_after)
            if len(fact.get("CopyActions", ())) != len(rule.copies):
                yield f"{len(rule.copies)} copies"
    elif row["type"] == "AWS::Backup::BackupSelection":
        selection = facts.get("selection", {})
        for key, read in (("Resources", thing.resources), ("NotResources", thing.not_resources)):
            if len(selection.get(key, ())) != len(read):
                yield f"{len(read)} {key}"
        if len(selection.get("ListOfTags", ())) != len(thing.tags):
            yield f"{len(thing.tags)} tags"
    elif BACKUP_TYPES[row["type"]] == "vaults":
        yield from _wrong("EncryptionKeyArn", facts.get("EncryptionKeyArn"), thing.key)
        yield from _wrong("AccessPolicy", facts.get("AccessPolicy"), thing.policy)
        yield from _wrong("LockConfiguration", facts.get("LockConfiguration"), thing.lock)


def _wrong(name: str, fact: object, value: Value[Any]) -> Iterator[str]:
    state = value.state
    left_out = isinstance(state, Known) and state.defaulted
    if (fact is None) != left_out or (isinstance(fact, int) and value.known() != fact):
        yield f"{name} is {_shown(value)}"


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
            trees[path] = read_document(decode(data, path), path, [])
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
        if found and getattr(found[0], attribute) is None:
            continue
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
    backups = backup_agreement(folder)
    shown = ", ".join(f"{aspect} {count}" for aspect, count in backups.agreed.items())
    print(f"\n{backups.facts} resources of AWS Backup: {shown}")
    for each in backups.differences:
        print(f"{each.file} {each.resource}: {each.aspect} is {each.found}, the corpus has {each.expected}")
    open_ += len(backups.differences)
    for name, compared in (("tables", terraform_agreement), ("resources of AWS Backup", terraform_backup_agreement)):
        found = compared(folder)
        shown = ", ".join(f"{aspect} {count}" for aspect, count in found.agreed.items() if count)
        print(f"\n{found.facts} {name} of Terraform: {shown}")
        for each in found.differences:
            why = explained.get((each.file, each.resource, each.aspect), "")
            open_ += not why
            print(f"{each.file} {each.resource}: {each.aspect} is {each.found}, the corpus has {each.expected}")
            print(f"    {why or 'NOT EXPLAINED'}")
    return 1 if open_ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
