"""Patterns of IAM compared as languages, held to lists of all short texts."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoverable.policy.patterns import (
    LONGEST,
    contains,
    contains_arn,
    fits,
    fits_action,
    fits_arn,
    meets,
    meets_action,
    meets_arn,
)
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

#: `c` stands in no pattern: it is any of the many other letters.
TEXTS = ["".join(letters) for length in range(6) for letters in itertools.product("abc", repeat=length)]
PATTERNS = st.text("ab*?", max_size=4)
SOME = settings(max_examples=300, deadline=None)


def language(pattern: str) -> set[str]:
    expression = re.compile("".join({"*": ".*", "?": "."}.get(letter, letter) for letter in pattern), re.DOTALL)
    return {text for text in TEXTS if expression.fullmatch(text)}


@SOME
@given(PATTERNS, st.sampled_from(TEXTS))
def test_a_pattern_fits_the_texts_of_its_language(pattern: str, text: str) -> None:
    assert (fits(joined(pattern), joined(text)) is YES) is (text in language(pattern))


@SOME
@given(PATTERNS, PATTERNS)
def test_patterns_meet_where_their_languages_do(one: str, other: str) -> None:
    common = language(one) & language(other)
    found = meets(joined(one), joined(other))

    # A common text may be longer than those that are listed, if both have wildcards on both sides of letters.
    assert found is YES if common else found is NO or len(one.replace("*", "") + other.replace("*", "")) > 5
    assert found is meets(joined(other), joined(one))


@SOME
@given(PATTERNS, PATTERNS)
def test_a_pattern_contains_another_where_its_language_does(wide: str, narrow: str) -> None:
    assert (contains(joined(wide), joined(narrow)) is YES) is (language(narrow) <= language(wide))


HOLE = Hole("it is not known")
HOLED = st.lists(st.sampled_from(["a", "b", "*", "?", HOLE]), max_size=4)


def filled(parts: list[str | Hole], filling: str) -> Text:
    return joined(*(filling if isinstance(part, Hole) else part for part in parts))


@SOME
@given(HOLED, HOLED)
def test_an_answer_about_holes_is_that_of_all_that_they_may_be(one: list[str | Hole], other: list[str | Hole]) -> None:
    """Holes stand for texts in which nothing is a wildcard."""
    for compare in (contains, meets):
        found = compare(joined(*one), joined(*other))
        if found is UNKNOWN:
            continue
        for mine, theirs in itertools.product(("", "a", "bc", "cab"), repeat=2):
            assert compare(filled(one, mine), filled(other, theirs)) is found


@pytest.mark.parametrize(
    ("pattern", "arn", "answer"),
    [
        ("*", "*", YES),
        ("*", "arn:aws:dynamodb:eu-west-1:1:table/t", YES),
        ("arn:aws:dynamodb:*:*:table/*", "*", NO),
        ("arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:eu-west-1:1:table/t/backup/b", YES),
        ("arn:aws:dynamodb:*:table/t", "arn:aws:dynamodb:eu-west-1:1:table/t", NO),
        ("arn:aws:dynamodb", "arn:aws:dynamodb:eu-west-1:1:table/t", YES),
        ("arn:aws:backup:*:1:*:prod", "arn:aws:backup:eu-west-1:1:backup-vault:prod", YES),
        ("arn:aws:backup:*:*prod", "arn:aws:backup:eu-west-1:1:backup-vault:prod", NO),
        ("arn:aws:s3:::exports/*", "arn:aws:s3:::exports/a/b", YES),
        ("table/t", "arn:aws:dynamodb:eu-west-1:1:table/t", NO),
        ("", "arn:aws:dynamodb:eu-west-1:1:table/t", NO),
    ],
)
def test_wildcards_of_an_arn_stay_in_its_first_five_fields(pattern: str, arn: str, answer: Answer) -> None:
    assert fits_arn(joined(pattern), joined(arn)) is answer


@pytest.mark.parametrize(
    ("one", "other", "meeting", "containing"),
    [
        ("arn:aws:dynamodb:*:*:table/prod-*", "arn:aws:dynamodb:*:*:table/*/backup/*", YES, NO),
        ("arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:eu-*:*:table/prod-*/backup/?*", YES, YES),
        ("arn:aws:dynamodb:eu-*:*:table/*", "arn:aws:dynamodb:us-*:*:table/*", NO, NO),
        ("*", "arn:aws:dynamodb:*:*:table/*", YES, YES),
        ("arn:aws:dynamodb:*:*:*", "*", YES, NO),
        ("arn:aws:dynamodb:*:*:table/a*b", "arn:aws:dynamodb:*:*:table/a?c?b", YES, YES),
    ],
)
def test_patterns_of_arns_are_compared_field_by_field(
    one: str, other: str, meeting: Answer, containing: Answer
) -> None:
    assert meets_arn(joined(one), joined(other)) is meeting
    assert contains_arn(joined(one), joined(other)) is containing


def test_what_is_known_only_when_it_is_deployed_may_be_anything() -> None:
    account, region = Hole("", "AWS::AccountId"), Hole("", "AWS::Region")
    arn = joined("arn:", Hole("", "AWS::Partition"), ":dynamodb:", region, ":", account, ":table/orders")

    assert fits_arn(joined("arn:aws:dynamodb:*:*:table/orders"), arn) is YES
    assert fits_arn(joined("arn:aws:dynamodb:*:123456789012:table/orders"), arn) is UNKNOWN
    assert fits_arn(joined("arn:aws:dynamodb:*:", account, ":table/ord*"), arn) is YES
    assert fits_arn(joined("arn:aws:dynamodb:*:123456789012:table/users"), arn) is NO


def test_two_things_of_one_kind_have_different_names() -> None:
    def name(of: str) -> Hole:
        return Hole("", f"app.yaml#{of}.Ref", type="AWS::DynamoDB::Table")

    def table(of: Hole, *rest: str | Hole) -> Text:
        return joined("arn:aws:dynamodb:eu-west-1:1:table/", of, *rest)

    assert fits_arn(table(name("Orders")), table(name("Orders"))) is YES
    assert fits_arn(table(name("Orders")), table(name("Users"))) is NO
    assert fits_arn(table(name("Orders"), "/backup/*"), table(name("Users"), "/backup/", HOLE)) is NO
    assert fits_arn(table(name("Orders"), "/backup/*"), table(name("Orders"), "/backup/", HOLE)) is YES
    assert fits_arn(table(name("Orders"), "*"), table(name("Users"))) is UNKNOWN
    assert fits_arn(table(name("tables")), table(name("tables[0]"))) is UNKNOWN


def test_case_counts_in_resources_and_not_in_actions() -> None:
    assert fits_action(joined("DynamoDB:create*"), joined("dynamodb:CreateBackup")) is YES
    assert fits_arn(joined("arn:aws:dynamodb:*:*:table/T"), joined("arn:aws:dynamodb:eu-west-1:1:table/t")) is NO


@pytest.mark.parametrize(
    "pattern", ["dynamodb:[CD]*", "dynamodb:Create.*", "dynamodb:{Create,Delete}Backup", "Create*"]
)
def test_nothing_else_is_a_wildcard(pattern: str) -> None:
    assert fits_action(joined(pattern), joined("dynamodb:CreateBackup")) is NO


def test_patterns_of_actions_meet() -> None:
    assert meets_action(joined("dynamodb:*Backup"), joined("DYNAMODB:delete*")) is YES
    assert meets_action(joined("dynamodb:*Backup"), joined("backup:*")) is NO


def test_what_takes_others_for_ever_is_answered() -> None:
    stars, letters = joined("*a" * 2_000 + "b"), joined("a" * 4_000)

    assert fits(stars, letters) is NO
    assert meets(joined("*a?" * 1_000), joined("?a*" * 1_000)) is YES
    assert contains(joined("*a*" * 1_000), joined("?a" * 1_500)) is YES


def test_what_no_policy_can_hold_is_not_looked_at() -> None:
    assert fits(joined("?" * LONGEST + "*"), joined("a" * (LONGEST + 1))) is UNKNOWN
    assert fits(joined("*"), joined("a" * LONGEST * 9)) is YES
    assert fits(joined("b*"), joined("a" * LONGEST * 9)) is NO
