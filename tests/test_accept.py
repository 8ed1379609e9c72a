"""Acceptances: where they may stand, how they are written, what they cover, and when they stop to count."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverable import Acceptance, Rule, Severity, Table, Truth, no, rule
from recoverable.accept import collect, read_comment
from recoverable.config import parse
from recoverable.estate import Subject
from recoverable.read.comments import comments
from recoverable.read.document import read_document
from recoverable.read.nodes import Comment, Mapping, Node, Sequence
from recoverable.read.placing import Nest
from recoverable.read.reading import Remark
from recoverable.source import Span
from recoverable.value import Known, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.source import Origin

TODAY = date(2026, 7, 1)


@rule(Severity.HIGH, formerly=("pitr-off",))
def pitr_disabled(table: Table) -> Truth:
    del table
    return no("")


@rule(Severity.MEDIUM)
def table_policy_open(table: Table) -> Truth:
    del table
    return no("")


@rule(Severity.LOW)
def acceptance_unused(acceptance: Acceptance) -> Truth:
    del acceptance
    return no("")


RULES = (pitr_disabled, table_policy_open, acceptance_unused)


class Found(NamedTuple):
    """As much of a finding as an acceptance looks at."""

    rule: Rule
    subject: Subject

    @property
    def origin(self) -> Origin:
        return self.subject.origin


def _subject(address: str, extent: Span, part: str = "", path: str = "t.yaml") -> Subject:
    known = Value("", Known("", None))
    return Subject("table", address, known, path, extent, known, known, part, "App/" + address, extent)


def _subjects(root: Node) -> list[Subject]:
    """The tables of a template and, as parts by Region, all their replicas but the first."""
    assert isinstance(root, Mapping)
    resources = root.get("Resources")
    assert isinstance(resources, Mapping)
    found = []
    for key, body in resources.entries:
        extent = key.span._replace(end_line=body.span.end_line, end_column=body.span.end_column)
        found.append(_subject(key.text, extent))
        replicas = body.get("Replicas") if isinstance(body, Mapping) else None
        if isinstance(replicas, Sequence):
            for item in replicas.items[1:]:
                region = item.get("Region") if isinstance(item, Mapping) else None
                assert region is not None
                found.append(_subject(key.text, item.span, getattr(region, "text", "")))
    return found


def _collected(text: str, today: date = TODAY) -> tuple[tuple[Acceptance, ...], list[Subject]]:
    root = read_document(text, "t.yaml")
    subjects = _subjects(root)
    return collect((), comments(text, root), (), today=today, rules=RULES, subjects=subjects), subjects


def _accepted(text: str, one: Rule = pitr_disabled) -> set[str]:
    """The subjects whose findings the comments in a template accept."""
    acceptances, subjects = _collected(text)
    return _covered(acceptances, subjects, one)


def _covered(acceptances: Iterable[Acceptance], subjects: Iterable[Subject], one: Rule = pitr_disabled) -> set[str]:
    return {subject.title() for subject in subjects if any(each.covers(Found(one, subject)) for each in acceptances)}


TEMPLATE = """\
#0
Resources:
  #1
  Orders: #2
    #3
    Type: AWS::DynamoDB::GlobalTable #4
    BillingMode: PAY_PER_REQUEST
    #5
    Replicas: #6
      #7
      - Region: eu-central-1 #8
        #9
        Pitr: false #10
      #11
      - Region: eu-west-1 #12
        #13
        Pitr: #14
          Enabled: false #15
        #16

      - Region: us-east-1
        Tags: [
          a, #17
          b #18
        ] #19
      #20
    #21
  #22
  Carts: #23
    Type: AWS::DynamoDB::Table
    #24
#25
"""

EVERYTHING = {"Orders", "Orders in eu-west-1", "Orders in us-east-1", "Carts"}
ORDERS = EVERYTHING - {"Carts"}
WEST, EAST, CENTRAL = {"Orders in eu-west-1"}, {"Orders in us-east-1"}, {"Orders"}


@pytest.mark.parametrize(
    ("place", "covered"),
    [
        (0, EVERYTHING), (1, ORDERS), (2, ORDERS), (3, ORDERS), (4, ORDERS), (5, ORDERS), (6, ORDERS), (7, CENTRAL),
        (8, CENTRAL), (9, CENTRAL), (10, CENTRAL), (11, WEST), (12, WEST), (13, WEST), (14, WEST), (15, WEST),
        (16, WEST), (17, EAST), (18, EAST), (19, EAST), (20, ORDERS), (21, ORDERS), (22, {"Carts"}), (23, {"Carts"}),
        (24, {"Carts"}), (25, set()),
    ],
)  # fmt: skip
def test_a_comment_speaks_of_what_it_stands_on_above_or_in(place: int, covered: set[str]) -> None:
    lines = []
    for line in TEMPLATE.splitlines():
        before, mark, number = line.partition("#")
        if number == str(place):
            lines.append(f"{before}# recoverable: accept[pitr-disabled] rebuilt nightly")
        elif before.strip() or not mark:
            lines.append(before)

    assert _accepted("\n".join(lines)) == covered


def _lists_in(node: Node) -> list[Span]:
    return [node.span, *(span for item in node.items for span in _lists_in(item))] if isinstance(node, Sequence) else []


@given(st.recursive(st.just(0), lambda inner: st.lists(inner, max_size=3), max_leaves=15), st.integers(1, 60))
def test_what_lies_around_a_place_is_found_from_the_inside_out(document: object, column: int) -> None:
    spans = _lists_in(read_document(json.dumps(document), "t.json"))

    found = [span for span in Nest(spans).before(1, column) if span.end_column > column]

    assert found == sorted(
        (span for span in spans if span.column <= column < span.end_column), key=lambda span: -span.column
    )


def test_a_comment_behind_a_dash_speaks_of_the_whole_item() -> None:
    text = "List:\n  - Region: a # recoverable: accept[x] why\n    Pitr: false\n"

    [comment] = comments(text, read_document(text, "t.yaml"))

    assert comment.over == Span("t.yaml", 2, 5, 3, 16)
    assert comment.lists == (Span("t.yaml", 2, 3, 3, 16),)


def test_other_comments_between_an_acceptance_and_its_resource_do_not_matter() -> None:
    text = """\
Resources:
  # recoverable: accept[pitr-disabled] rebuilt nightly
  # The orders of all shops.

  Orders:
    Type: AWS::DynamoDB::Table
"""

    assert _accepted(text) == {"Orders"}


def test_two_comments_above_one_resource_both_count() -> None:
    text = """\
Resources:
  # recoverable: accept[pitr-disabled] rebuilt nightly
  # recoverable: accept[table-policy-open] read by everybody
  Orders:
    Type: AWS::DynamoDB::Table
"""

    assert _accepted(text) == _accepted(text, table_policy_open) == {"Orders"}


def test_an_acceptance_of_one_rule_is_none_of_another() -> None:
    text = "Resources:\n  Orders: # recoverable: accept[pitr-disabled] rebuilt nightly\n    Type: T\n"

    assert _accepted(text, table_policy_open) == set()


def test_text_that_only_looks_like_a_comment_accepts_nothing() -> None:
    text = """\
Resources:
  Orders:
    Description: |
      # recoverable: accept[pitr-disabled] rebuilt nightly
    Name: "# recoverable: accept[pitr-disabled] rebuilt nightly"
"""

    assert _collected(text)[0] == ()


def test_windows_line_ends_change_nothing() -> None:
    text = "Resources:\r\n  # recoverable: accept[pitr-disabled] rebuilt nightly\r\n  Orders:\r\n    Type: T\r\n"

    assert _accepted(text) == {"Orders"}


@pytest.mark.parametrize(
    ("text", "rules", "until", "reason"),
    [
        ("accept[a] why", ("a",), "", "why"),
        ("accept[a,b, c] why", ("a", "b", "c"), "", "why"),
        ("accept [ a ]  why not ", ("a",), "", "why not"),
        ("accept[a]: why", ("a",), "", "why"),
        ("accept[a] until 2026-12-31: moved: in Q1", ("a",), "2026-12-31", "moved: in Q1"),
        ("accept[a]: until 2026-12-31 : why", ("a",), "2026-12-31", "why"),
        ("accept[a] untilted", ("a",), "", "untilted"),
        ("accept[a, a] why", ("a",), "", "why"),
    ],
)
def test_a_comment_names_rules_a_last_day_and_a_reason(
    text: str, rules: tuple[str, ...], until: str, reason: str
) -> None:
    assert read_comment(text) == (rules, until, reason, ())


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("accept[pitr-disabled]", "the reason is missing"),
        ("accept[pitr-disabled] --", "the reason is missing"),
        ("accept[pitr-disabled] until 2030-01-01:", "the reason is missing"),
        ("accept[pitr-disabled] until 2030-01-01 moved", "the day after until ends in a colon, which is missing"),
        ("accept[pitr-disabled] until: moved", "`moved` is no day; it is written YYYY-MM-DD; the reason is missing"),
        ("accept[pitr-disabled] until 2030-02-30: moved", "`2030-02-30` is no day; it is written YYYY-MM-DD"),
        ("accept[pitr-disabled] until 20300201: moved", "`20300201` is no day; it is written YYYY-MM-DD"),
        ("accept[pitr-disabled] until 2030-W01-1: moved", "`2030-W01-1` is no day; it is written YYYY-MM-DD"),
        ("accept[pitr-disabled] until end of May: moved", "`end of May` is no day; it is written YYYY-MM-DD"),
        ("accept[] why", "it names no rule"),
        ("accept[pitr-disabled why", "the bracket after accept is not closed"),
        ("accept pitr-disabled why", "a comment to recoverable is written"),
        ("ignore[pitr-disabled] why", "a comment to recoverable is written"),
        ("", "a comment to recoverable is written"),
        ("accept[acceptance-unused] why", "acceptance-unused cannot be accepted"),
    ],
)
def test_a_malformed_comment_accepts_nothing_and_says_why(comment: str, problem: str) -> None:
    [acceptance], subjects = _collected(f"Resources:\n  Orders: # recoverable: {comment}\n    Type: T\n")

    said = acceptance.problem.known() or ""
    assert all(part in said for part in problem.split("; "))
    assert _covered([acceptance], subjects) == set()


@given(st.text(max_size=60))
def test_any_comment_is_read(text: str) -> None:
    wording = read_comment(text)

    assert all(name.strip() == name and name for name in wording.rules)


@pytest.mark.parametrize(
    ("today", "counts"), [(date(2026, 6, 30), True), (date(2026, 7, 1), True), (date(2026, 7, 2), False)]
)
def test_the_last_day_still_counts(today: date, counts: bool) -> None:
    text = "Resources:\n  Orders: # recoverable: accept[pitr-disabled] until 2026-07-01: moved\n    Type: T\n"

    [acceptance], subjects = _collected(text, today)

    assert acceptance.expired.known() is not counts
    assert bool(_covered([acceptance], subjects)) is counts


def test_the_known_rules_of_a_list_count_and_the_unknown_are_told() -> None:
    text = "Resources:\n  Orders: # recoverable: accept[pitr-disable, pitr-disabled] nightly\n    Type: T\n"

    [acceptance], subjects = _collected(text)

    assert acceptance.unknown_rules.known() == ("pitr-disable",)
    assert isinstance(acceptance.unknown_rules.state, Known)
    assert [fact.text for fact in acceptance.unknown_rules.state.notes] == [
        "pitr-disable is spelt almost like pitr-disabled"
    ]
    assert _covered([acceptance], subjects) == {"Orders"}


def test_an_acceptance_of_nothing_but_unknown_rules_covers_nothing() -> None:
    text = "Resources:\n  Orders: # recoverable: accept[pitr] nightly\n    Type: T\n"

    [acceptance], subjects = _collected(text)

    assert not acceptance.counts()
    assert _covered([acceptance], subjects) == set()


def test_the_name_that_a_rule_had_before_still_counts() -> None:
    assert _accepted("Resources:\n  Orders: # recoverable: accept[pitr-off] nightly\n    Type: T\n") == {"Orders"}


def _remark(node: str, address: str = "Orders", path: str = "t.yaml") -> Remark:
    return Remark(path, address, read_document(node, path))


def _noticed(*remarks: Remark) -> tuple[Acceptance, ...]:
    return collect((), (), remarks, today=TODAY, rules=RULES, subjects=())


def test_metadata_accepts_for_its_resource_and_all_its_replicas() -> None:
    acceptances = _noticed(_remark('{"accept": [{"rule": "pitr-disabled", "reason": "nightly"}]}'))
    extent = Span("t.yaml", 1, 1, 9, 1)
    subjects = [
        _subject("Orders", extent),
        _subject("Orders", extent, "eu-west-1"),
        _subject("Carts", extent),
        _subject("Orders", extent, path="other.yaml"),
    ]

    assert [bool(_covered(acceptances, [one])) for one in subjects] == [True, True, False, False]


def test_metadata_of_a_stack_used_twice_is_one_acceptance() -> None:
    said = '{"accept": [{"rule": "pitr-disabled", "reason": "nightly"}]}'

    [acceptance] = _noticed(_remark(said, "One/Orders"), _remark(said, "Two/Orders"))

    extent = Span("t.yaml", 1, 1, 9, 1)
    assert _covered([acceptance], [_subject("One/Orders", extent), _subject("Two/Orders", extent)]) == {
        "One/Orders",
        "Two/Orders",
    }


@pytest.mark.parametrize(
    ("metadata", "problem", "column"),
    [
        ('{"accept": [{"rule": "pitr-disabled"}]}', "the reason is missing", 14),
        ('{"accept": [{"reason": "nightly"}]}', "it names no rule", 14),
        ('{"accept": [{"rule": "pitr-disabled", "reason": null}]}', "the reason is missing", 14),
        ('{"accept": [{"rule": "pitr-disabled", "reason": "x", "util": ""}]}', "did you mean `until`?", 14),
        ('{"accept": [{"rule": "pitr-disabled", "reason": "x", "until": []}]}', "takes a day", 14),
        ('{"accept": [{"rule": "pitr-disabled", "reason": "x", "until": "soon"}]}', "is no day", 14),
        ('{"accept": ["pitr-disabled"]}', "takes a list", 13),
        ('{"accept": {"rule": "pitr-disabled", "reason": "x"}}', "takes a list", 13),
        ('{"acept": []}', "did you mean `accept`?", 2),
        ('["accept"]', "takes accept, class and reason as keys", 1),
    ],
)
def test_malformed_metadata_accepts_nothing_and_says_why(metadata: str, problem: str, column: int) -> None:
    [acceptance] = _noticed(_remark(metadata))

    assert problem in (acceptance.problem.known() or "")
    assert isinstance(acceptance.subject.origin, Span)
    assert acceptance.subject.origin.column == column
    assert _covered([acceptance], [_subject("Orders", Span("t.yaml", 1, 1, 2, 1))]) == set()


def test_the_class_in_metadata_is_no_acceptance() -> None:
    assert _noticed(_remark('{"class": "rebuildable", "reason": "nightly"}')) == ()


def _configured(entry: str) -> tuple[Acceptance, ...]:
    settings = parse(f"accept: [{{rule: pitr-disabled, reason: nightly, {entry}}}]")
    return collect(settings.accept, (), (), today=TODAY, rules=RULES, subjects=())


@pytest.mark.parametrize(
    ("entry", "covered"),
    [
        ("address: Orders", {"a/Orders", "a/Orders in eu-west-1", "b/Orders"}),
        ("address: Orders in *", {"a/Orders in eu-west-1"}),
        ("address: [Carts, Nothing]", {"a/Carts"}),
        ("address: App/Carts", {"a/Carts"}),
        ("path: a/**", {"a/Orders", "a/Orders in eu-west-1", "a/Carts"}),
        ("path: t.yaml", {"a/Orders", "a/Orders in eu-west-1", "a/Carts", "b/Orders"}),
        ("address: Orders, path: b/", {"b/Orders"}),
        ("address: Orders, path: c/", set()),
    ],
)
def test_the_configuration_accepts_by_address_and_path(entry: str, covered: set[str]) -> None:
    extent = Span("", 1, 1, 9, 1)
    subjects = [
        _subject("Orders", extent, path="a/t.yaml"),
        _subject("Orders", extent, "eu-west-1", path="a/t.yaml"),
        _subject("Carts", extent, path="a/t.yaml"),
        _subject("Orders", extent, path="b/t.yaml"),
    ]
    acceptances = _configured(entry)

    found = {
        f"{one.path[0]}/{one.title()}"
        for one in subjects
        if any(each.covers(Found(pitr_disabled, one)) for each in acceptances)
    }
    assert found == covered


def test_an_expired_acceptance_of_the_configuration_covers_nothing() -> None:
    [acceptance] = _configured("address: Orders, until: 2026-06-30")

    assert acceptance.expired.known() is True
    assert not acceptance.counts()


def test_what_was_judged_and_not_found_is_unused() -> None:
    text = "Resources:\n  Orders: # recoverable: accept[pitr-disabled, table-policy-open] nightly\n    Type: T\n"
    [acceptance], _ = _collected(text)

    judged = {"pitr-disabled", "table-policy-open"}

    assert acceptance.after({"pitr-disabled"}, judged).unused_rules.known() == ("table-policy-open",)
    assert acceptance.after(judged, judged).unused_rules.known() == ()


def test_a_rule_that_was_not_judged_is_not_unused() -> None:
    [acceptance] = _configured("address: Orders")

    assert acceptance.after((), {"table-policy-open"}).unused_rules.known() == ()


def test_an_acceptance_that_does_not_count_is_not_unused_as_well() -> None:
    [acceptance] = _configured("address: Orders, until: 2020-01-01")

    assert acceptance.after((), {"pitr-disabled"}).unused_rules.known() == ()


def test_acceptances_are_called_by_what_they_say_and_where() -> None:
    text = """\
Resources:
  # recoverable: accept[pitr-disabled] nightly
  # recoverable: accept[pitr-disabled] weekly
  Orders: # recoverable: accept
    Type: T
"""

    names = [acceptance.subject.address for acceptance in _collected(text)[0]]

    assert names == ["accept[pitr-disabled] on Orders", "accept[pitr-disabled] on Orders (2)", "acceptance on Orders"]


def test_the_order_of_reading_changes_nothing() -> None:
    span = Span("t.yaml", 1, 1, 1, 9)
    said = [
        Comment("accept[pitr-disabled] nightly", span._replace(path=path, line=line))
        for path in ("b.yaml", "a.yaml")
        for line in (3, 1, 2)
    ]

    forth = collect((), said, (), today=TODAY, rules=RULES, subjects=())
    back = collect((), said[::-1], (), today=TODAY, rules=RULES[::-1], subjects=())

    assert forth == back
    places = [acceptance.subject.origin for acceptance in forth]
    assert all(isinstance(one, Span) and isinstance(two, Span) and one < two for one, two in pairwise(places))
