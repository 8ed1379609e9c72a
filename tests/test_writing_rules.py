"""What the page on writing rules shows is true."""

from __future__ import annotations

from pathlib import Path

from recoverable import document, pack, trial
from recoverable.property_schema import OF_STRUCTURES, OF_VALUES

PAGE = (Path(__file__).parent.parent / "docs" / "writing-rules.md").read_text(encoding="utf-8")


def block(language: str, heading: str) -> str:
    """The first block in a language below a heading."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition(f"```{language}\n")[2].partition("```\n")[0]


def test_the_python_rule_can_be_loaded_and_tried(tmp_path: Path) -> None:
    (tmp_path / "stream_missing.py").write_text(block("python", "Anatomy of a rule"))
    text = trial.DOCUMENT.replace("    Properties:\n      DeletionProtectionEnabled: false # <- here\n", "")
    text = text.replace("  Orders:\n", "  Orders: # <- here\n", 1)
    text = text.replace("DeletionProtectionEnabled: true", "StreamSpecification: {StreamViewType: NEW_IMAGE}")
    text = text.replace("DeletionProtectionEnabled: !Ref", "StreamSpecification: !Ref")
    (tmp_path / "stream_missing.md").write_text(text)

    results = trial.run_trials(str(tmp_path))

    assert [result for result in results if not result.passed] == []
    assert len(results) == 5


def test_the_property_rule_can_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "owner_tag_missing.yaml").write_text(block("yaml", "Rules about properties, in YAML"))

    loaded = pack.load(str(tmp_path))

    assert loaded.faults == ()
    assert [rule.name for rule in loaded.rules] == ["owner-tag-missing"]


def test_the_headings_are_those_there_are() -> None:
    rows = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `## ")]

    assert rows == [f"## {heading}" for heading in document.HEADINGS]


def test_the_day_on_which_examples_are_run_is_the_one_told() -> None:
    assert f"{trial.TODAY.day} {trial.TODAY:%B %Y}" in PAGE


def test_the_words_that_are_not_judged_are_those_told() -> None:
    told = ("unevaluatedProperties", "unevaluatedItems", "dependentSchemas", "minContains", "maxContains")

    assert [word for word in told if word in (*OF_VALUES, *OF_STRUCTURES)] == []
    assert all(f"`{word}`" in PAGE for word in told)
