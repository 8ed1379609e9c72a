"""From files to a report: what is read, what is left alone, and what one bad file does to the others."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from recoverable import Estate, Severity, Table, Truth, rule, yes
from recoverable.check import Report
from recoverable.config import Settings
from recoverable.pack import Pack, builtin, load
from recoverable.read import cloudformation
from recoverable.read.reading import Reading
from recoverable.scan import Documents, Request, Scanned, Setup, examine, prepare, scan, shown
from recoverable.templates import Templates

TABLE = "Resources:\n  {name}:\n    Type: AWS::DynamoDB::Table\n    Properties: {{}}\n"
PACK = load(builtin())


def _table(name: str) -> str:
    return TABLE.format(name=name)


def _examined(files: dict[str, str]) -> Report:
    setup = Setup("", Settings(), PACK)
    return examine([(path, text.encode()) for path, text in files.items()], setup, Request(), Documents())


def _scanned(
    root: Path, *paths: str, estate: tuple[str, ...] = (), parameters: dict[str, str] | None = None
) -> Scanned:
    setup = prepare(*(str(root / path) for path in paths))
    request = Request(only=("pitr-disabled",), parameters=parameters or {})
    return scan(setup, [str(root / path) for path in paths], request, Documents(), estate=estate)


def _found(report: Report) -> list[str]:
    return sorted(finding.subject.address for finding in report.findings if finding.rule.name == "pitr-disabled")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "template.yaml").write_text(_table(name))
    return tmp_path


def test_a_malformed_file_that_is_no_template_is_nobodys_business() -> None:
    report = _examined({"a.yaml": _table("A"), "chart.yaml": "a: {{ .Values.AWS::DynamoDB }\n  b: ["})

    assert report.faults == ()
    assert _found(report) == ["A"]


def test_a_malformed_template_is_a_fault_and_the_others_are_checked() -> None:
    report = _examined({"a.yaml": _table("A"), "b.yaml": _table("B") + "  x: ["})

    assert [fault.kind for fault in report.faults] == ["unparsable"]
    assert _found(report) == ["A"]


def test_a_template_that_we_stumble_over_is_a_fault_and_the_others_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = cloudformation.read

    def read(documents: dict[str, object], *rest: object) -> Reading:
        if "b.yaml" in documents:
            raise RecursionError("too deep")
        return sound(documents, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(cloudformation, "read", read)
    report = _examined({"a.yaml": _table("A"), "b.yaml": _table("B"), "c.yaml": _table("C")})

    assert [(fault.kind, fault.origin.start()) for fault in report.faults] == [("reader-crashed", "b.yaml:1:1")]
    assert _found(report) == ["A", "C"]


def test_a_nested_template_that_cannot_be_read_is_told_once() -> None:
    parent = "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: nested.yaml}\n"
    files = {"parent.yaml": parent.encode(), "nested.yaml": (_table("A") + "  x: [").encode()}
    report = examine(files.items(), Setup("", Settings(), PACK), Request(), Documents(), lookup=files.get)

    assert [fault.origin.start() for fault in report.faults] == ["nested.yaml:5:7"]


@rule(Severity.LOW)
def key_present(_: Table, estate: Estate) -> Truth:
    return estate.keys.any(lambda key: yes(key.subject.address), "there is no key")


def test_a_file_that_cannot_be_read_leaves_the_estate_open() -> None:
    setup = Setup("", Settings(), Pack((key_present,)))
    sound, broken = ("a.yaml", _table("A").encode()), ("b.yaml", (_table("B") + "  x: [").encode())
    whole = examine([sound], setup, Request(), Documents())
    open_ = examine([sound, broken], setup, Request(), Documents())

    assert whole.undetermined == ()
    assert [finding.facts[0].text for finding in open_.undetermined] == [
        "there is no key in what was read, but b.yaml could not be read"
    ]


def test_parameters_of_the_command_line_win_over_those_of_the_configuration(repository: Path) -> None:
    text = _table("A").replace("{}", "{PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !Ref Pitr}}")
    for name in ("one", "two"):
        (repository / name / "template.yaml").write_text(f"Parameters: {{Pitr: {{Type: String}}}}\n{text}")
    (repository / ".recoverable.yaml").write_text(
        "parameters:\n  - path: one/**\n    set: {Pitr: 'true'}\n  - path: two/**\n    set: {Pitr: 'false'}\n"
    )
    of_configuration = _scanned(repository, ".")
    of_both = _scanned(repository, ".", parameters={"Pitr": "false"})

    assert [finding.subject.path for finding in of_configuration.report.findings] == ["two/template.yaml"]
    assert len(of_both.report.findings) == 2


def test_only_what_was_asked_about_is_reported_and_all_is_read(repository: Path) -> None:
    scanned = _scanned(repository, "one", estate=(str(repository),))

    assert _found(scanned.report) == ["one"]
    assert scanned.report.examined == ("one/template.yaml", "two/template.yaml")


def test_a_folder_is_not_taken_for_another_that_begins_like_it(repository: Path) -> None:
    (repository / "one-more").mkdir()
    (repository / "one-more" / "template.yaml").write_text(_table("more"))
    scanned = _scanned(repository, "one", estate=(str(repository),))

    assert _found(scanned.report) == ["one"]


def test_what_was_asked_about_may_be_empty_though_the_estate_is_not(repository: Path) -> None:
    (repository / "docs").mkdir()
    scanned = _scanned(repository, "docs", estate=(str(repository),))

    assert scanned.empty


def test_a_template_without_tables_is_something_to_examine(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        "AWSTemplateFormatVersion: '2010-09-09'\nResources: {B: {Type: AWS::S3::Bucket}}\n"
    )

    assert not _scanned(tmp_path, ".").empty


def test_an_empty_pack_finds_nothing() -> None:
    report = examine([("a.yaml", _table("A").encode())], Setup("", Settings(), Pack()), Request(), Documents())

    assert report.findings == ()
    assert len(report.tables) == 1


@pytest.mark.parametrize(
    ("path", "expected"),
    [(".", ""), ("one", "one"), ("one/template.yaml", "one/template.yaml"), ("one/../two/new.yaml", "two/new.yaml")],
)
def test_paths_are_shown_from_the_root(
    repository: Path, path: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)

    assert shown(path, str(repository)) == expected


def test_a_path_elsewhere_is_shown_as_it_was_given(repository: Path) -> None:
    assert shown("/elsewhere/a.yaml", str(repository)) == "/elsewhere/a.yaml"


def test_files_that_are_none_of_ours_take_no_more_than_their_own_size() -> None:
    # Speaks of policies and is none, so that it has to be looked into.
    text = json.dumps({"policies": [{"Statement": [], "Effect": "Allow", "n": [number]} for number in range(20000)]})
    data = text.encode()
    templates = Templates(lambda _: None)
    templates.add("warm.json", data[:200])
    tracemalloc.start()
    try:
        templates.add("policies.json", data)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept < len(data)
