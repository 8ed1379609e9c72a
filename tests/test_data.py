"""Values with their places, before they become properties of the estate."""

from __future__ import annotations

import pytest

from recoverable.read.data import Datum, Fields, Items, Nothing, Open, Property, find, literal
from recoverable.source import Span
from recoverable.text import Hole, Text
from recoverable.value import Known, Unknown

HERE = Span("a.yaml", 1, 1, 1, 2)
THERE = Span("a.yaml", 5, 1, 5, 2)


def datum(content: object) -> Datum:
    return Datum(content, HERE)  # type: ignore[arg-type]


def prop(content: object) -> Property:
    return Property("Name", datum(content), THERE)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (True, True), (False, False), ("true", True), ("FALSE", False), ("", None), ("1", None), (1, None), (0, None),
        (None, None), (Text(("true",)), True), (Text((Hole("why"),)), None), (Open("why"), None),
        (Fields({}), None), (Items(()), None),
    ],
)  # fmt: skip
def test_a_boolean_is_true_or_false_or_unknown(content: object, wanted: bool | None) -> None:
    assert prop(content).boolean(default=False).known() is wanted


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (7, 7), (7.0, 7), ("7", 7), (" 7 ", 7), ("-7", -7), (7.5, None), ("7.5", None), ("", None), ("-", None),
        ("--7", None), ("٣", None), ("²", None), ("9" * 30, None), (True, None), (float("inf"), None),
        (float("nan"), None), (None, None), (Text(("7",)), 7), (Open("why"), None),
    ],
)  # fmt: skip
def test_a_number_is_whole_or_unknown(content: object, wanted: int | None) -> None:
    assert prop(content).number(35).known() == wanted


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("a", "a"),
        ("", ""),
        (5, "5"),
        (True, "true"),
        (Text(("a",)), "a"),
        (Text(()), ""),
        (None, None),
        (Items(()), None),
    ],
)
def test_a_text_is_written_out_or_unknown(content: object, wanted: str | None) -> None:
    assert prop(content).string("").known() == wanted


def test_what_is_left_out_has_its_default_and_points_at_the_owner() -> None:
    assert Property("Name", None, THERE).boolean(default=True).state == Known(True, THERE, defaulted=True)


def test_what_may_be_there_all_the_same_is_unknown() -> None:
    assert Property("Name", None, THERE, "a macro may set it").boolean(default=True).state == Unknown(
        "a macro may set it", THERE
    )


def test_a_wrong_kind_says_what_was_expected() -> None:
    assert prop(Items(())).boolean(default=True).state == Unknown("true or false was expected, not a list", HERE)


def test_find_walks_down_and_remembers_the_closest_place() -> None:
    owner = datum(Fields({"A": (THERE, datum(Fields({})))}))

    assert find(owner, HERE, "A", "B").near == THERE
    assert find(owner, HERE, "C", "B").near == HERE


def test_find_points_at_a_key_whose_value_is_nothing() -> None:
    owner = datum(Fields({"A": (THERE, datum(Nothing()))}))

    assert find(owner, HERE, "A", "B") == Property("B", None, THERE, "")


def test_what_is_no_mapping_is_a_mapping_of_which_nothing_is_known() -> None:
    assert find(datum("text"), HERE, "A").open == "a mapping was expected, not a text"


def test_nothing_is_left_out_of_mappings_and_lists() -> None:
    fields = Fields({"A": (HERE, datum(Nothing())), "B": (HERE, datum(1))})
    items = Items((datum(Nothing()), datum(1)))

    assert [key for key, _ in fields.items()] == ["B"]
    assert fields.get("A") is None
    assert [item.content for item in items] == [1]


def test_a_single_value_is_a_list_of_one() -> None:
    assert [item.content for item in datum("a").list()] == ["a"]


def test_an_unknown_list_may_hold_more() -> None:
    assert datum(Open("why")).list().open == "why"


def test_something_with_a_name_is_one_item() -> None:
    assert len(tuple(datum(Open("why", "Role.Arn")).list())) == 1


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("a", "a"),
        (5, "5"),
        (True, "true"),
        (Open("why", "X.Arn"), "${X.Arn}"),
        (Open("why"), "${unknown}"),
        (Items(()), "${unknown}"),
    ],
)
def test_anything_is_a_text_with_holes(content: object, shown: str) -> None:
    assert datum(content).text().shown() == shown


@pytest.mark.parametrize(("content", "wanted"), [("a", "a"), (Open("x"), None), (Nothing(), None), (Fields({}), None)])
def test_a_literal_is_a_text_that_is_wholly_known(content: object, wanted: str | None) -> None:
    assert literal(datum(content)) == wanted
