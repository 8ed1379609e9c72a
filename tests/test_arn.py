"""Patterns of ARNs against ARNs of which parts are not known, held to the strings that they stand for."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverable.arn import is_documented, match, resource_of
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

PARTITION = Hole("later", "AWS::Partition")
REGION = Hole("later", "AWS::Region")
ACCOUNT = Hole("later", "AWS::AccountId")
TEAM = Hole("later", parameter="app.yaml#Team")
SOMETHING = Hole("nobody knows")

ORDERS = joined("arn:", PARTITION, ":dynamodb:", REGION, ":", ACCOUNT, ":table/orders")
NAMED = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"


def _text(*parts: str | Hole) -> Text:
    return joined(*parts)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (NAMED, YES),
        ("*", YES),
        ("arn:aws:dynamodb:*:*:table/*", YES),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/ord*", YES),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/Ord*", NO),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/*", NO),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/order", NO),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/order?", NO),
        ("arn:aws-cn:dynamodb:*:*:table/*", NO),
        ("arn:aws:s3:::*", NO),
        ("", NO),
    ],
)
def test_a_known_pattern_fits_a_known_arn_or_not(pattern: str, expected: Answer) -> None:
    assert match(_text(pattern), _text(NAMED)) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (_text("arn:aws:dynamodb:*:*:table/*"), YES),
        (_text("arn:aws:dynamodb:*:*:table/orders"), YES),
        (_text("arn:", PARTITION, ":dynamodb:", REGION, ":", ACCOUNT, ":table/orders"), YES),
        (_text("arn:aws:dynamodb:", REGION, ":", ACCOUNT, ":table/orders"), YES),
        (_text("arn:", PARTITION, ":dynamodb:", REGION, ":", ACCOUNT, ":table/o*"), YES),
        (_text("arn:aws:dynamodb:eu-west-1:", ACCOUNT, ":table/orders"), UNKNOWN),
        (_text(NAMED), UNKNOWN),
        (_text("arn:aws:dynamodb:eu-west-1:*"), UNKNOWN),
        (_text("arn:aws:dynamodb:eu:west:1:*"), NO),
        (_text("arn:aws:dynamodb:*:*:table/customers"), NO),
        (_text("arn:aws:dynamodb:", REGION, ":", ACCOUNT, ":table/customers"), NO),
        (_text("arn:aws:rds:*:*:*"), NO),
        (_text("arn:aws:dynamodb:*:*:table/", TEAM, "-orders"), NO),
        (_text("arn:aws:dynamodb:*:*:table/", TEAM), UNKNOWN),
        (_text(SOMETHING), UNKNOWN),
        (_text("arn:aws:s3:::", SOMETHING), NO),
    ],
)
def test_an_arn_of_an_open_region_and_account_is_fit_surely_possibly_or_not(pattern: Text, expected: Answer) -> None:
    assert match(pattern, ORDERS) is expected


def test_one_hole_has_one_value_on_both_sides() -> None:
    subject = _text("table/", TEAM, "-prod-orders")

    assert match(_text("table/", TEAM, "-prod-orders"), subject) is YES
    assert match(_text("table/", TEAM, "-*"), subject) is YES
    assert match(_text("table/", TEAM, "-orders"), subject) is NO


def test_two_holes_without_a_name_may_be_different() -> None:
    assert match(_text("table/", SOMETHING), _text("table/", SOMETHING)) is UNKNOWN


def test_a_hole_in_a_pattern_may_hold_a_star() -> None:
    assert match(_text("arn:aws:dynamodb:*:*:table/", TEAM), _text(NAMED)) is UNKNOWN


def test_a_star_may_be_plain() -> None:
    assert match(_text("da*"), _text("daily"), wild=False) is NO
    assert match(_text("da*"), _text("da*"), wild=False) is YES
    assert match(_text("da*", TEAM), _text("da*", TEAM), wild=False) is YES
    assert match(_text("da*", TEAM), _text("daily"), wild=False) is NO


@pytest.mark.parametrize(
    "pattern", ["*", "arn:aws:dynamodb:*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:*:1:table/a*", "arn:a:b:c"]
)
def test_stars_at_the_end_or_for_region_and_account_are_documented(pattern: str) -> None:
    assert is_documented(_text(pattern))


@pytest.mark.parametrize(
    "pattern",
    ["arn:aws:dynamodb:*:*:table/*-prod", "*:table/a", "arn:*:dynamodb:*:*:table/a", "arn:aws:dynamodb:eu-*:1:t"],
)
def test_stars_elsewhere_are_not(pattern: str) -> None:
    assert not is_documented(_text(pattern))


def test_the_resource_comes_after_the_fifth_colon() -> None:
    assert resource_of(ORDERS) == _text("table/orders")
    assert resource_of(_text("arn:aws:dynamodb:eu-west-1:1:table/", TEAM, ":x")) == _text("table/", TEAM, ":x")
    assert resource_of(_text(TEAM)) is None


def test_long_texts_take_no_long_time() -> None:
    assert match(_text("a*" * 2_000, TEAM), _text("a" * 4_000, REGION, "b")) is UNKNOWN
    assert match(_text("a" * 100_000, TEAM), _text("b" * 100_000, TEAM)) is UNKNOWN
    assert match(_text("*a" * 2_000, "b"), _text("a" * 20_000)) is NO


# Two letters, holes by two names and without one, stars: everything short enough to be counted out.
_PARTS = st.one_of(
    st.sampled_from(["a", "b", "ab"]),
    st.sampled_from([Hole("", "X"), Hole("", parameter="Y"), Hole("unnamed")]),
)
_SUBJECTS = st.lists(_PARTS, max_size=5).map(lambda parts: joined(*parts))
_PATTERNS = st.lists(st.one_of(_PARTS, st.just("*")), max_size=5).map(lambda parts: joined(*parts))
_VALUES = ("", "a", "b", "ab", "ba", "aab")


def _written_out(pattern: Text, subject: Text) -> set[bool]:
    """Whether they fit, for all values that their holes may have."""
    names = list(
        dict.fromkeys(_name(part, side) for side, text in enumerate((pattern, subject)) for part in _open(text))
    )
    found = set()
    for values in product(_VALUES, repeat=len(names)):
        given_ = dict(zip(names, values, strict=True))
        regex = "".join(
            re.escape(given_[_name(part, 0, at)]) if isinstance(part, Hole) else re.escape(part).replace(r"\*", ".*")
            for at, part in enumerate(pattern.parts)
        )
        plain = "".join(
            given_[_name(part, 1, at)] if isinstance(part, Hole) else part for at, part in enumerate(subject.parts)
        )
        found.add(re.fullmatch(regex, plain) is not None)
    return found


def _open(text: Text) -> list[tuple[Hole, int]]:
    return [(part, at) for at, part in enumerate(text.parts) if isinstance(part, Hole)]


def _name(part: Hole | tuple[Hole, int], side: int, at: int = -1) -> str:
    hole, place = part if not isinstance(part, Hole) else (part, at)
    return hole.stands_for or hole.parameter or f"{side}/{place}"


@given(_PATTERNS, _SUBJECTS)
def test_what_is_said_of_a_pattern_holds_for_every_text_it_stands_for(pattern: Text, subject: Text) -> None:
    if len(_open(pattern)) + len(_open(subject)) > 4:
        return
    outcomes = _written_out(pattern, subject)

    match match(pattern, subject):
        case Answer.YES:
            assert outcomes == {True}
        case Answer.NO:
            assert outcomes == {False}


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_without_holes_nothing_is_left_open(pattern: str, subject: str) -> None:
    fits = re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), subject) is not None

    assert match(_text(pattern), _text(subject)) is (YES if fits else NO)


@given(st.text("ab*", max_size=6), st.text("ab", max_size=6), st.integers(0, 6), st.integers(0, 6))
def test_a_part_that_becomes_unknown_never_flips_the_answer(
    pattern: str, subject: str, start: int, length: int
) -> None:
    opened = joined(subject[:start], Hole("now unknown"), subject[start + length :])
    before = match(_text(pattern), _text(subject))

    assert match(_text(pattern), opened) in (before, UNKNOWN)
