"""Coverage: every case of the truth table, as a hand-made estate and through templates in YAML and JSON."""

from __future__ import annotations

import pytest

from coverage_cases import Case, by_hand, cases, read_as
from recoverable.recovery.backups.coverage import coverage, is_covered
from recoverable.scenario import Run
from recoverable.truth import Answer

CASES = cases()


def _name(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("form", ["by hand", "yaml", "json"])
@pytest.mark.parametrize("case", CASES, ids=_name)
def test_the_truth_table_holds(case: Case, form: str) -> None:
    estate = (by_hand(case) if form == "by hand" else read_as(case, form)).in_run(Run())
    item = case.asked(estate)

    found = coverage(item, estate)

    reasons = "\n".join(fact.text for fact in found.truth.facts)
    assert found.truth.answer.value == case.expect, reasons
    assert [words for words in case.says if words not in reasons] == [], reasons


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_both_ways_to_ask_say_the_same(case: Case) -> None:
    estate = by_hand(case).in_run(Run())
    item = case.asked(estate)

    assert is_covered(item, estate).answer is coverage(item, estate).truth.answer


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_only_what_covers_or_may_is_listed(case: Case) -> None:
    estate = by_hand(case).in_run(Run())
    found = coverage(case.asked(estate), estate)

    assert all(one.truth.answer is not Answer.NO for one in found.by)
    assert bool(found.by) is (case.expect != "no") or case.open


def test_the_truth_table_has_cases_enough_and_no_two_are_called_alike() -> None:
    assert len(CASES) >= 80
    assert len({case.name for case in CASES}) == len(CASES)
