"""The three-valued logic."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes

truths = st.builds(Truth, st.sampled_from(Answer), st.lists(st.builds(Fact, st.text("abc", max_size=1))).map(tuple))
settled = (Answer.YES, Answer.NO)


def ways(members: list[Truth]) -> list[list[Truth]]:
    """What the members can turn out to be once nothing is unknown."""
    options = [settled if one.answer is Answer.UNKNOWN else (one.answer,) for one in members]
    return [[Truth(answer) for answer in each] for each in product(*options)]


@given(st.lists(truths, max_size=5))
def test_every_is_unknown_exactly_when_the_unknowns_can_change_it(members: list[Truth]) -> None:
    outcomes = {every(way).answer for way in ways(members)}

    assert every(members).answer is (outcomes.pop() if len(outcomes) == 1 else Answer.UNKNOWN)


@given(st.lists(truths, max_size=5))
def test_some_is_unknown_exactly_when_the_unknowns_can_change_it(members: list[Truth]) -> None:
    outcomes = {some(way).answer for way in ways(members)}

    assert some(members).answer is (outcomes.pop() if len(outcomes) == 1 else Answer.UNKNOWN)


@given(st.lists(truths, max_size=5))
def test_de_morgan_holds_for_answers_and_facts(members: list[Truth]) -> None:
    assert ~every(members) == some([~one for one in members])
    assert ~some(members) == every([~one for one in members])


@given(truths)
def test_not_not_is_the_same(truth: Truth) -> None:
    assert ~~truth == truth


@given(truths, truths)
def test_and_and_or_are_every_and_some_of_two(one: Truth, two: Truth) -> None:
    assert one & two == every((one, two))
    assert one | two == some((one, two))


@given(st.lists(truths, min_size=1, max_size=5))
def test_only_the_facts_of_members_that_decided_are_kept_and_each_once(members: list[Truth]) -> None:
    found = every(members)
    deciding = [fact for one in members if one.answer is found.answer for fact in one.facts]

    assert list(found.facts) == list(dict.fromkeys(deciding))


def test_of_nothing_every_is_yes_and_some_is_no() -> None:
    assert every([]).answer is Answer.YES
    assert some([]).answer is Answer.NO


def test_an_unknown_or_its_opposite_stays_unknown() -> None:
    truth = unknown("nobody knows")

    assert (truth | ~truth).answer is Answer.UNKNOWN


def test_a_truth_is_no_boolean() -> None:
    with pytest.raises(TypeError, match="three answers"):
        bool(yes("it is so"))


def test_because_adds_facts_behind_and_pointing_adds_them_in_front() -> None:
    truth = no("b").because(Fact("c")).pointing(Fact("a"))

    assert [fact.text for fact in truth.facts] == ["a", "b", "c"]
    assert truth.answer is Answer.NO
