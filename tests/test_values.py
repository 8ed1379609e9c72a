"""Values, listings and texts."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estates import CHOICES, always, depending, entries, known, span, unknown_value
from recoverable.scenario import Run, explore
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Fact, Truth
from recoverable.value import Entry, Known, Listing, Unknown, Value, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverable.scenario import Choice

PROD, ENV, BIG, COPY = CHOICES

answers = st.sampled_from(Answer)
listings = st.builds(
    lambda items, incomplete: Listing(tuple(items), incomplete),
    st.lists(entries(st.one_of(st.none(), answers)), max_size=4),
    st.sampled_from(["", "some files could not be read"]),
)


def first_value(of: Choice, way: Mapping[str, str]) -> Answer:
    return Answer.YES if way[of.name] == of.domain[0] else Answer.NO


def say(item: Answer) -> Truth:
    return Truth(item, (Fact(item.value),))


def worlds() -> list[Run]:
    """A run for every way all the choices can go, with everything settled."""
    return [Run(given=zip(CHOICES, values, strict=True)) for values in product(*(one.domain for one in CHOICES))]


@given(listings)
def test_any_agrees_with_looking_at_every_scenario(listing: Listing[Answer]) -> None:
    walked = list(explore(lambda run: listing._replace(run=run).any(say, "there is none").answer))

    for world in worlds():
        items = listing._replace(run=world).present()
        found = Answer.YES if Answer.YES in items else Answer.UNKNOWN if Answer.UNKNOWN in items else Answer.NO
        expected = Answer.UNKNOWN if found is Answer.NO and listing.incomplete else found
        assert [answer for scenario, answer in walked if set(scenario.settled) <= set(world.settled.items())] == [
            expected
        ]


@given(listings)
def test_every_agrees_with_looking_at_every_scenario(listing: Listing[Answer]) -> None:
    walked = list(explore(lambda run: listing._replace(run=run).every(say).answer))

    for world in worlds():
        items = listing._replace(run=world).present()
        found = Answer.NO if Answer.NO in items else Answer.UNKNOWN if Answer.UNKNOWN in items else Answer.YES
        expected = Answer.UNKNOWN if found is Answer.YES and listing.incomplete else found
        assert [answer for scenario, answer in walked if set(scenario.settled) <= set(world.settled.items())] == [
            expected
        ]


@given(listings)
def test_a_single_entry_settles_choices_only_if_its_answer_depends_on_them(listing: Listing[Answer]) -> None:
    for entry in listing.entries:
        alone = listing._replace(entries=(entry,))
        seen = {alone._replace(run=world).any(say, "none").answer for world in worlds()}
        run = Run()
        alone._replace(run=run).any(say, "none")

        assert bool(run.settled) == (len(seen) > 1)


def test_only_the_choice_that_tells_the_answers_apart_is_settled() -> None:
    for wanted in (BIG, ENV):
        entry = depending([ENV, BIG], partial(first_value, wanted))
        run = Run()
        Listing((entry,), run=run).any(say, "none")

        assert list(run.settled) == [wanted]


def test_what_holds_of_one_item_anyway_leaves_the_choices_of_others_open() -> None:
    open_ = depending([BIG], lambda values: Answer.YES if values["Big"] == "true" else Answer.NO)
    run = Run()
    found = Listing((open_, *always(Answer.YES).entries), run=run).any(say, "none")

    assert found.answer is Answer.YES
    assert not run.settled


def test_circumstances_that_follow_from_what_was_settled_are_noted() -> None:
    entry = depending([ENV, BIG], lambda values: Answer.YES if values["Big"] == "true" else Answer.NO)
    run = Run()
    Listing((entry,), run=run).any(say, "none")

    assert [str(one) for one in run.circumstances] == ["Big is true"]


def test_two_questions_in_one_run_get_answers_from_the_same_scenario() -> None:
    first = Listing((depending([BIG], lambda values: values["Big"]),))
    second = Listing((depending([BIG], lambda values: values["Big"]),))
    pairs = [
        found
        for _, found in explore(lambda run: first._replace(run=run).present() + second._replace(run=run).present())
    ]

    assert pairs == [("true", "true"), ("false", "false")]


def test_a_test_that_looks_around_is_asked_only_about_what_can_be_at_once() -> None:
    plans = Listing((depending([BIG], lambda values: values["Big"]),))
    tables = Listing((depending([BIG], lambda values: values["Big"]),))

    def step(run: Run) -> Answer:
        inner = plans._replace(run=run)

        def same(table: str) -> Truth:
            return inner.any(lambda plan: Truth(Answer.YES if plan == table else Answer.NO), "no plan is the same")

        return tables._replace(run=run).any(same, "none").answer

    assert {answer for _, answer in explore(step)} == {Answer.YES}


def test_the_facts_are_those_of_what_can_be_once_a_test_has_looked_around() -> None:
    plans = Listing((depending([BIG], lambda way: way["Big"]),))
    tables = Listing((depending([BIG], lambda way: way["Big"]),))

    def step(run: Run) -> tuple[str, ...]:
        def look(table: str) -> Truth:
            return Truth(Answer.NO, tuple(Fact(f"{table} {plan}") for plan in plans._replace(run=run).present()))

        return tuple(fact.text for fact in tables._replace(run=run).any(look, "none").facts)

    assert [facts for _, facts in explore(step)] == [("none", "true true"), ("none", "false false")]


def test_a_run_for_which_a_listing_has_no_variant_is_impossible() -> None:
    whole = depending([ENV], lambda values: values["Env"])
    listing = Listing((Entry(whole.variants[:2]),))
    run = Run(given=[(ENV, "prod")])

    assert listing._replace(run=run).present() == ()
    assert run.impossible


def test_variants_that_overlap_end_in_the_first_that_agrees() -> None:
    entry = depending([BIG], lambda values: values["Big"])
    doubled = Entry((*entry.variants, entry.variants[0]._replace(item="again")))
    listing = Listing((doubled,), run=Run())

    assert listing.present() == ("true",)
    assert listing.any(lambda item: Truth(Answer.YES if item == "true" else Answer.NO), "none").answer is Answer.YES


def test_a_listing_outside_of_a_run_goes_the_first_way() -> None:
    listing = Listing((depending([ENV], lambda values: values["Env"]),))

    assert listing.present() == ("dev",)


def test_no_item_is_a_no_only_if_these_are_all_there_are() -> None:
    assert Listing[Answer](()).any(say, "there is no plan").answer is Answer.NO
    assert Listing[Answer]((), "the account was not read").any(say, "there is no plan") == Truth(
        Answer.UNKNOWN, (Fact("there is no plan in what was read, but the account was not read"),)
    )


def test_all_items_is_a_yes_only_if_these_are_all_there_are() -> None:
    assert Listing[Answer](()).every(say).answer is Answer.YES
    assert Listing[Answer]((), "the account was not read").every(say).answer is Answer.UNKNOWN


def test_a_known_value_answers_and_points_to_where_it_stands() -> None:
    found = known("PointInTimeRecoveryEnabled", False, line=7).equals(False)

    assert found == Truth(Answer.YES, (Fact("PointInTimeRecoveryEnabled is false", span(7)),))


def test_a_default_says_that_nothing_was_set() -> None:
    value = Value("RecoveryPeriodInDays", Known(35, span(), defaulted=True))

    assert value.fact().text == "RecoveryPeriodInDays is not set, which means 35"


def test_a_default_of_nothing_is_only_not_set() -> None:
    assert Value("KMSMasterKeyId", Known(None, span(), defaulted=True)).fact().text == "KMSMasterKeyId is not set"


def test_an_unknown_value_answers_nothing_and_says_why() -> None:
    found = unknown_value("RecoveryPeriodInDays").below(35)

    assert found.answer is Answer.UNKNOWN
    assert found.facts[0].text == "RecoveryPeriodInDays is not known: it comes from a parameter without a default"


def test_what_else_mattered_comes_after_the_value_itself() -> None:
    note = Fact("Days defaults to 7")
    value = Value("RecoveryPeriodInDays", Known(7, span(), notes=(note,)))

    assert value.below(35).facts == (Fact("RecoveryPeriodInDays is 7", span()), note)


@given(st.one_of(st.booleans().map(lambda flag: known("Flag", flag)), st.just(unknown_value("Flag"))), st.booleans())
def test_a_value_that_is_changed_stays_known_or_unknown(value: Value[bool], wanted: bool) -> None:
    changed = value.map(lambda flag: not flag)

    assert changed.equals(wanted).answer is value.equals(not wanted).answer
    assert changed.origin == value.origin


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "true"),
        (None, "nothing"),
        ("", "empty"),
        ("Retain", "Retain"),
        (35, "35"),
        (Text(("arn:aws:kms:", Hole("no default", "Key.Arn"))), "arn:aws:kms:${Key.Arn}"),
        (("111122223333", "444455556666"), "111122223333, 444455556666"),
        ((), "empty"),
        (Unknown("a record"), "set"),
    ],
)
def test_values_are_shown_as_their_author_would_write_them(value: object, shown: str) -> None:
    assert written(value) == shown


parts = st.lists(
    st.one_of(
        st.text("ab", max_size=2),
        st.builds(Hole, st.sampled_from(["why", "who knows"]), st.sampled_from(["", "A.Arn"])),
        st.just(Text(("x", Hole("why"), "y"))),
    ),
    max_size=6,
)


@given(parts)
def test_joined_texts_never_hold_empty_or_neighbouring_literals(pieces: list[str | Hole | Text]) -> None:
    text = joined(*pieces)
    kinds = [isinstance(part, str) for part in text.parts]

    assert "" not in text.parts
    assert not any(left and right for left, right in pairwise(kinds))


@given(parts)
def test_joining_keeps_every_letter_and_every_hole_in_order(pieces: list[str | Hole | Text]) -> None:
    flat = [part for piece in pieces for part in (piece.parts if isinstance(piece, Text) else (piece,))]

    assert joined(*pieces).shown() == "".join(Text((part,)).shown() for part in flat)
    assert joined(*pieces).holes() == tuple(part for part in flat if isinstance(part, Hole))


@given(parts)
def test_a_text_is_literal_exactly_when_it_has_no_hole(pieces: list[str | Hole | Text]) -> None:
    text = joined(*pieces)

    assert (text.literal() is None) == bool(text.holes())


def test_a_text_says_what_it_stands_for_only_if_it_is_one_hole() -> None:
    hole = Hole("Orders is made when the stack is deployed", "Orders.Arn")

    assert joined(hole).stands_for() == "Orders.Arn"
    assert joined(hole, "/stream").stands_for() == ""


def test_a_text_says_each_reason_once() -> None:
    text = joined(Hole("no default"), "/", Hole("no default"), Hole("made by KMS"))

    assert text.why_open() == "no default; made by KMS"


def test_generated_listings_have_all_kinds_of_items() -> None:
    """The properties above would hold of nothing if the strategy made nothing."""
    seen: Counter[int] = Counter()

    @given(listings)
    def look(listing: Listing[Answer]) -> None:
        seen.update(len(entry.variants) for entry in listing.entries)

    look()

    assert {1, 2, 3} <= set(seen)
