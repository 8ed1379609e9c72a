"""Rule packs: what is loaded, and what is said of what is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from recoverable import pack
from recoverable.rule import Severity
from recoverable.source import Span

RULE = """\
from __future__ import annotations

from recoverable import Severity, Table, Truth, rule


@rule(Severity.LOW, formerly=("stream-missing",))
def stream_off(table: Table) -> Truth:
    return table.stream.equals(False)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "streams").mkdir()
    (tmp_path / "streams" / "stream_off.py").write_text(RULE)
    (tmp_path / "streams" / "stream_off.md").write_text("# The stream is off\n")
    return tmp_path


def only_fault(folder: Path) -> str:
    faults = pack.load(str(folder), "policies").faults
    assert len(faults) == 1
    return f"{faults[0].origin.start()}: {faults[0].message}; {faults[0].do}"


def test_a_rule_is_loaded_with_its_group_and_its_document(folder: Path) -> None:
    loaded = pack.load(str(folder))

    assert loaded.faults == ()
    assert [(rule.name, rule.group, rule.severity) for rule in loaded.rules] == [
        ("stream-off", "streams", Severity.LOW)
    ]
    assert loaded.rules[0].document == f"{folder}/streams/stream_off.md"


def test_a_rule_in_the_pack_folder_itself_has_the_folder_for_a_group(folder: Path) -> None:
    loaded = pack.load(str(folder / "streams"))

    assert [rule.group for rule in loaded.rules] == ["streams"]


def test_a_rule_is_found_by_the_name_it_had(folder: Path) -> None:
    loaded = pack.load(str(folder))

    assert loaded.named("stream-missing") is loaded.rules[0]
    assert loaded.named("stream-on") is None


def test_rules_come_in_the_order_of_their_paths(folder: Path) -> None:
    for group, name in (("zeta", "alpha"), ("alpha", "zeta")):
        (folder / group).mkdir()
        (folder / group / f"{name}.py").write_text(
            RULE.replace("stream_off", name).replace("stream-missing", f"no-{name}")
        )
        (folder / group / f"{name}.md").write_text("# Off\n")

    assert [rule.name for rule in pack.load(str(folder)).rules] == ["zeta", "stream-off", "alpha"]


def test_a_users_pack_is_left_without_a_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    pack.load(str(folder))

    assert sorted(path.name for path in folder.rglob("*")) == ["stream_off.md", "stream_off.py", "streams"]


def test_a_changed_rule_is_read_anew(folder: Path) -> None:
    pack.load(str(folder))
    (folder / "streams" / "stream_off.py").write_text(RULE.replace("Severity.LOW", "Severity.HIGH"))

    assert pack.load(str(folder)).rules[0].severity is Severity.HIGH


def test_a_rule_may_define_dataclasses(folder: Path) -> None:
    text = "import dataclasses\n\n\n@dataclasses.dataclass\nclass Stream:\n    on: int\n"
    rule = RULE.replace("from recoverable", text + "\n\nfrom recoverable", 1)
    (folder / "streams" / "stream_off.py").write_text(rule)

    assert pack.load(str(folder)).faults == ()


def test_a_rule_without_a_document_is_a_fault(folder: Path) -> None:
    (folder / "streams" / "stream_off.md").unlink()

    assert only_fault(folder) == (
        "policies/streams/stream_off.py:1:1: rule stream-off has no document; "
        "write stream_off.md beside it, which says why and what to do"
    )


def test_a_document_without_a_rule_is_a_fault(folder: Path) -> None:
    (folder / "streams" / "stream_on.md").write_text("# The stream is on\n")

    assert "stream_on.md describes no rule; write stream_on.py, or remove it" in only_fault(folder)


def test_a_readme_in_a_pack_is_nobodys_document(folder: Path) -> None:
    (folder / "README.md").write_text("# Our rules\n")

    assert pack.load(str(folder)).faults == ()


def test_a_rule_file_that_raises_is_a_fault_at_its_line_and_the_others_are_there(folder: Path) -> None:
    (folder / "streams" / "broken.py").write_text("import sys\n\n\nsys.exit('no')\n")
    (folder / "streams" / "broken.md").write_text("# Broken\n")

    loaded = pack.load(str(folder), "policies")

    assert [rule.name for rule in loaded.rules] == ["stream-off"]
    assert [fault.message for fault in loaded.faults] == ["broken.py cannot be loaded: SystemExit: no"]
    assert loaded.faults[0].origin == Span("policies/streams/broken.py", 4, 1, 4, 1)


def test_a_syntax_error_is_a_fault_at_its_line(folder: Path) -> None:
    (folder / "streams" / "stream_off.py").write_text(RULE.replace("return table", "return table table"))

    assert only_fault(folder).startswith(
        "policies/streams/stream_off.py:8:1: stream_off.py cannot be loaded: SyntaxError: "
    )


def test_a_name_that_is_not_the_files_is_a_fault(folder: Path) -> None:
    (folder / "streams" / "stream_off.py").write_text(RULE.replace("def stream_off", "def stream_gone"))

    assert "stream_off.py holds the rule stream-gone; a rule's function is named like its file" in only_fault(folder)


def test_two_rules_in_a_file_are_a_fault(folder: Path) -> None:
    (folder / "streams" / "stream_off.py").write_text(
        RULE + RULE.replace("def stream_off", "def stream_gone").partition("\n")[2]
    )

    assert "stream_off.py holds the rule stream-gone" in only_fault(folder)


def test_a_file_without_a_rule_is_a_fault(folder: Path) -> None:
    (folder / "streams" / "stream_off.py").write_text("'''Nothing yet.'''\n")

    assert "stream_off.py holds no rule; define" in only_fault(folder)


@pytest.mark.parametrize("file", ["_shared.py", "StreamOn.py", "stream-on.py", "__init__.py"])
def test_a_python_file_that_is_no_rule_is_a_fault_and_is_not_run(folder: Path, file: str) -> None:
    (folder / "streams" / file).write_text("raise RuntimeError('was run')\n")

    assert f"{file} is not the name of a rule" in only_fault(folder)


@pytest.mark.parametrize("clash", ["stream-off", "stream-missing"])
def test_a_name_that_is_taken_in_another_pack_is_a_fault(folder: Path, tmp_path: Path, clash: str) -> None:
    other = tmp_path / "other"
    other.mkdir()
    name = clash.replace("-", "_")
    (other / f"{name}.py").write_text(RULE.replace("stream_off", name).replace('formerly=("stream-missing",)', ""))
    (other / f"{name}.md").write_text("# Off\n")

    both = pack.combined([pack.load(str(folder / "streams"), "ours"), pack.load(str(other), "theirs")])

    assert [rule.group for rule in both.rules] == ["streams"]
    assert [fault.message for fault in both.faults] == [
        f"rule {clash} is left out: ours/stream_off.py has the name {clash} already"
    ]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "the rule pack cannot be read: No such file or directory" in only_fault(tmp_path / "nowhere")


def test_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    assert "the rule pack holds no rules" in only_fault(tmp_path)


def test_a_subject_that_no_parameter_names_is_a_fault(folder: Path) -> None:
    (folder / "streams" / "stream_off.py").write_text(RULE.replace("(table: Table)", "()"))

    assert "the first parameter names its subject" in only_fault(folder)
