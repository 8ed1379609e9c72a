"""Real templates: every table of the corpus is found at its line with the right values, or the difference is explained.

The corpus is not part of the repository. Without it (RECOVERABLE_CORPUS, or ../shared/corpus) these tests are skipped.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).resolve().parent


def _benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("agreement", HERE.parent / "benchmarks" / "agreement.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


agreement: Any = _benchmark()
CORPUS = agreement.corpus()

pytestmark = pytest.mark.skipif(CORPUS is None, reason="there is no corpus here")


@pytest.fixture(scope="module")
def found() -> Any:  # noqa: ANN401 (the benchmark is loaded by path)
    return agreement.agreement(CORPUS)


@pytest.fixture(scope="module")
def configurations() -> Any:  # noqa: ANN401
    return agreement.terraform_agreement(CORPUS)


@pytest.fixture(scope="module")
def terraform_backups() -> Any:  # noqa: ANN401
    return agreement.terraform_backup_agreement(CORPUS)


def test_every_difference_from_the_corpus_is_explained(found: Any, configurations: Any, terraform_backups: Any) -> None:  # noqa: ANN401
    explained = agreement.explanations()
    differences = (*found.differences, *configurations.differences, *terraform_backups.differences)
    differing = [(each.file, each.resource, each.aspect) for each in differences]

    assert [each for each in differing if each not in explained] == []


def test_every_explanation_is_still_needed(found: Any, configurations: Any, terraform_backups: Any) -> None:  # noqa: ANN401
    differences = (*found.differences, *configurations.differences, *terraform_backups.differences)
    differing = {(each.file, each.resource, each.aspect) for each in differences}

    assert set(agreement.explanations()) <= differing


def test_every_resource_of_aws_backup_is_found_at_its_line_with_its_values() -> None:
    backups = agreement.backup_agreement(CORPUS)

    assert backups.differences == ()
    assert backups.facts > 0


def test_nearly_all_tables_are_found(found: Any) -> None:  # noqa: ANN401
    assert found.agreed["found"] >= 0.95 * found.facts > 0


def test_nearly_all_tables_of_terraform_are_found_at_their_line(configurations: Any) -> None:  # noqa: ANN401
    assert configurations.agreed["found"] == configurations.agreed["line"] >= 0.9 * configurations.facts > 0


def test_nearly_all_of_aws_backup_in_terraform_is_found_at_its_line(terraform_backups: Any) -> None:  # noqa: ANN401
    assert terraform_backups.agreed["found"] == terraform_backups.agreed["line"] >= 0.85 * terraform_backups.facts > 0
