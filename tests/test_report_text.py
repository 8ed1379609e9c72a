"""The report for people: its frames, what it says of each finding, and what it never lets through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverable.check import Report
from recoverable.report import FORMATS, render
from recoverable.report.characters import columns, escaped, printable, wrapped
from recoverable.report.frames import Sources, frame
from recoverable.report.options import RuleHelp
from recoverable.report.wording import first_link, first_sentence, lowered, plain, sentence
from recoverable.rule import Finding
from recoverable.source import Address, Call, Span
from recoverable.truth import Fact
from report_samples import NASTY, ORDERS, PITR, PROTECTION, SAMPLES, finding, hostile, mixed, options, place, subject
from snapshots import blessed


def framed(text: str, span: Span, label: str = "", width: int = 80) -> list[str]:
    return frame(Sources({span.path: text}), span, label, width)


def marked(text: str, span: Span, width: int = 80) -> str:
    """What stands above the carets. Only for text in which every character takes one column."""
    _, source, marks = framed(text, span, width=width)
    return "".join(
        mark for mark, caret in zip(source.ljust(len(marks)), marks.ljust(len(source)), strict=True) if caret == "^"
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_the_text_report_reads_as_expected(name: str) -> None:
    written = render("text", SAMPLES[name](), options())

    assert written == blessed(f"reports/{name}.txt", written)


def test_a_quiet_report_has_first_lines_and_the_summary_only() -> None:
    written = render("text", mixed(), options(quiet=True))

    assert written == blessed("reports/mixed-quiet.txt", written)
    assert len(written.splitlines()) == 4 + 1 + 3 + 1


def test_the_last_line_counts_everything() -> None:
    assert render("text", mixed(), options()).splitlines()[-1] == (
        "3 files, 4 tables, 1 replica, 5 rules: "
        "4 findings (2 high, 2 medium), 1 undetermined, 1 accepted, 2 exempt, 3 errors"
    )


def test_findings_of_one_table_stand_together_and_the_worst_table_comes_first() -> None:
    orders, other = subject("Orders"), subject("Audit")
    report = Report(
        findings=(finding(about=orders), finding(about=other), finding(PROTECTION, orders)),
        undetermined=(finding(about=orders), finding(about=subject("Locks"))),
    )
    heads = render("text", report, options(quiet=True)).splitlines()[:-1]

    assert [line.split()[1:3] for line in heads] == [
        ["high", "Orders:"],
        ["medium", "Orders:"],
        ["?", "Orders:"],
        ["high", "Audit:"],
        ["?", "Locks:"],
    ]


def test_reasons_stand_where_a_rule_comes_up_first_and_what_to_do_stands_each_time() -> None:
    report = Report(findings=(finding(PROTECTION, subject("Orders")), finding(PROTECTION, subject("Audit"))))
    written = render(
        "text", report, options(help_of=lambda _: RuleHelp("Off", "Why. Why not.", "", "Do it. Then rest."))
    )

    assert written.count("= why:  Why. Why not.\n") == 1
    assert (written.count("= do:   Do it. Then rest.\n"), written.count("= do:   Do it.\n")) == (1, 1)
    assert written.count("= more: recoverable explain deletion-protection-disabled") == 2


def test_every_fact_is_shown_with_its_place() -> None:
    written = render("text", mixed(), options())

    assert "= also: the table's own point-in-time recovery is on (services/global/täbles.json:7:97)" in written
    assert "= fact: replicas do not inherit it" in written


def test_what_somebody_accepted_or_is_exempt_stands_in_one_line_with_its_reason() -> None:
    written = render("text", mixed(), options())

    assert "accepted Sessions [pitr-disabled]: rebuilt nightly from S3\n" in written
    assert "exempt Locks [pitr-disabled, deletion-protection-disabled]: its partition key is LockID" in written


def test_an_open_estate_is_stated() -> None:
    assert "There may be more than what was scanned" in render("text", Report(estate_complete=False), options())


def test_colour_changes_nothing_but_colour() -> None:
    coloured = render("text", mixed(), options(colour=True))

    assert coloured.count("\x1b[1;31mhigh\x1b[0m") == 2
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render("text", mixed(), options())


def test_without_colour_there_is_no_escape_code() -> None:
    assert "\x1b" not in render("text", mixed(), options())


@pytest.mark.parametrize("quiet", [False, True])
def test_nothing_from_the_input_reaches_the_terminal_as_a_control_character(quiet: bool) -> None:
    written = render("text", hostile(), options(quiet=quiet))

    assert not [mark for mark in written if not mark.isprintable() and mark != "\n"]


@pytest.mark.parametrize("width", [40, 60, 100])
def test_no_line_from_the_input_is_a_workflow_command(width: int) -> None:
    found = finding(facts=(Fact("a " + "::error::x " * 30), Fact("here", Span("::error::", 1, 1, 1, 1))))
    report = Report(findings=(found,), accepted=(found,))
    written = render("text", report, options(width=width))

    assert "::error::" in written
    assert not [line for line in written.splitlines() if line.lstrip().startswith("::")]


def test_carets_stand_under_the_span() -> None:
    assert marked("Key: value\nOther: 1\n", Span("t", 1, 6, 1, 11)) == "value"


def test_a_tab_takes_as_many_columns_as_its_carets_allow_for() -> None:
    assert marked("\t\tKey:\tvalue", Span("t", 1, 8, 1, 13)) == "value"


def test_carets_under_wide_characters_are_wide() -> None:
    _, source, marks = framed('a: "日本" x', Span("t", 1, 5, 1, 7))

    assert source == '1 | a: "日本" x'
    assert marks == "  |     ^^^^"


def test_carets_after_wide_characters_are_moved() -> None:
    _, _, marks = framed("日本: x", Span("t", 1, 5, 1, 6))

    assert marks == "  |       ^"


def test_control_characters_in_a_source_line_are_shown_and_counted() -> None:
    assert marked("a\x1bb: value", Span("t", 1, 6, 1, 11)) == "value"


def test_a_span_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    _, source, marks = framed("Table:\n  Type: x  \n  Name: y\n", Span("t", 2, 3, 3, 10))

    assert source == "2 |   Type: x"
    assert marks == "  |   ^^^^^^^ to line 3"


def test_a_span_that_ends_before_the_first_character_of_a_line_does_not_reach_it() -> None:
    assert framed("a: 1\nb: 2\n", Span("t", 1, 1, 2, 1))[-1] == "  | ^^^^"


def test_an_empty_span_gets_one_caret() -> None:
    assert framed("a: 1", Span("t", 1, 2, 1, 2))[-1] == "  |  ^"


def test_a_span_beyond_the_end_of_its_line_gets_a_caret_there() -> None:
    assert framed("a:", Span("t", 1, 9, 1, 12))[-1] == "  |   ^"


@pytest.mark.parametrize(
    ("text", "span"),
    [("", Span("t", 1, 1, 1, 1)), ("a", Span("t", 2, 1, 2, 1)), ("\n\n", Span("t", 2, 1, 2, 1))],
)
def test_there_is_no_frame_without_a_line_to_show(text: str, span: Span) -> None:
    assert framed(text, span) == []


def test_there_is_no_frame_without_the_source() -> None:
    assert frame(Sources(None), Span("t", 1, 1, 1, 2), "", 80) == []


@pytest.mark.parametrize("origin", [Address("plan.json", "a.b"), Call("1", "r", "Get", "arn")])
def test_there_is_no_frame_for_what_has_no_lines(origin: Address | Call) -> None:
    assert frame(Sources({"plan.json": "{}"}), origin, "", 80) == []


def test_carriage_returns_and_form_feeds_do_not_move_lines() -> None:
    assert framed("a\r\nb\fb\u2028b\rc: 1", Span("t", 3, 1, 3, 2))[1] == "3 | c: 1"


@pytest.mark.parametrize("column", [1, 500, 9_990])
def test_a_very_long_line_is_cut_around_the_span(column: int) -> None:
    text = "".join(chr(ord("a") + at % 26) for at in range(10_000))
    span = Span("t", 1, column, 1, column + 5)
    _, source, _ = framed(text, span, width=60)

    assert columns(source) <= 60
    assert marked(text, span, width=60) == text[column - 1 : column + 4]


def test_a_label_that_does_not_fit_beside_the_carets_gets_a_line() -> None:
    report = Report(
        findings=(finding(facts=(Fact("long " * 20, place(ORDERS, "!Ref Pitr")),)),), sources=mixed().sources
    )
    written = render("text", report, options(width=60))

    assert "^ long" not in written
    assert "  = fact: long long" in written


@given(
    st.text(max_size=60),
    st.builds(Span, st.just("t"), st.integers(1, 5), st.integers(1, 70), st.integers(1, 8), st.integers(1, 70)),
    st.integers(20, 90),
)
def test_any_text_and_any_span_make_a_frame_that_fits(text: str, span: Span, width: int) -> None:
    lines = framed(text, span, width=width)

    assert all(entry.isprintable() for entry in lines)
    assert all(columns(entry) <= max(width, 28) + len(" to line 9") + 2 for entry in lines)
    assert not lines or "^" in lines[-1]


@given(st.text())
def test_printable_text_is_one_printable_line(text: str) -> None:
    assert printable(text).isprintable()


def test_escapes_are_those_of_python() -> None:
    assert [escaped(mark) for mark in "a\x1b\u202e\udcff"] == ["a", "\\x1b", "\\u202e", "\\udcff"]


@given(st.text(alphabet="ab c", max_size=80), st.integers(1, 20))
def test_wrapping_loses_no_word_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)

    assert " ".join(lines).split() == text.split()
    assert all(len(line) <= width or " " not in line for line in lines)


@pytest.mark.parametrize(
    ("headline", "said"),
    [
        ("Point-in-time recovery is off", "point-in-time recovery is off"),
        ("KMS key is disabled", "KMS key is disabled"),
        ("DynamoDB table is gone", "DynamoDB table is gone"),
        ("A replica is behind", "a replica is behind"),
        ("", ""),
    ],
)
def test_a_headline_goes_on_after_a_colon(headline: str, said: str) -> None:
    assert lowered(headline) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("replicas do not inherit it", "Replicas do not inherit it."),
        ("aws_dynamodb_table.orders is gone", "aws_dynamodb_table.orders is gone."),
        ("did you mean rules?", "Did you mean rules?"),
        ("", ""),
    ],
)
def test_a_fact_becomes_a_sentence(text: str, said: str) -> None:
    assert sentence(text) == said


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("Set it, as [AWS](https://x.y/(z))\nsays.\n\nMore.", "Set it, as AWS) says."),
        ("An [index] and f(x) stay.", "An [index] and f(x) stay."),
        ("[a](b) and [c](d)", "a and c"),
        ("", ""),
    ],
)
def test_markdown_prose_becomes_a_line(markdown: str, said: str) -> None:
    assert plain(markdown) == said


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Do it. Then rest.", "Do it."),
        ("Set a.b to 1, i.e. on. Then", "Set a.b to 1, i.e. on."),
        ("No stop", "No stop"),
    ],
)
def test_the_first_sentence_ends_before_a_capital_letter(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_the_first_reference_is_found() -> None:
    markdown = (
        "# T\n\nhttps://no.example/\n\n## References\n\n* [A](https://docs.aws.amazon.com/a.html)\n* https://b/\n"
    )

    assert first_link(markdown) == "https://docs.aws.amazon.com/a.html"


def test_a_rule_without_a_document_is_reported_all_the_same() -> None:
    written = render("text", Report(findings=(finding(),)), options(help_of=lambda _: RuleHelp()))

    assert "= more: recoverable explain pitr-disabled" in written
    assert "= why:" not in written


def _open(address: str, reason: Fact) -> Finding:
    about = subject(address, Span(ORDERS, 7 + int(address[-1]), 1, 7 + int(address[-1]), 2))
    return finding(about=about, facts=(Fact("whether it can is not known", about.origin), reason))


def test_what_is_not_known_of_many_for_one_reason_is_told_once() -> None:
    reason = Fact("the boundary is not known", place(ORDERS, "Pitr"))
    found = tuple(_open(f"role{number}", reason) for number in range(8))
    written = render("text", Report(undetermined=found), options(width=200))

    assert written.count("cannot tell whether") == 1
    assert (
        f"= same: it is so for 7 others: role1 ({ORDERS}:8:1), role2 ({ORDERS}:9:1), role3 ({ORDERS}:10:1), "
        f"role4 ({ORDERS}:11:1), role5 ({ORDERS}:12:1) and 2 more"
    ) in " ".join(written.split())
    assert render("text", Report(undetermined=found), options(quiet=True)).count("cannot tell whether") == 8


def test_what_is_not_known_for_reasons_of_its_own_is_told_by_itself() -> None:
    reasons = [Fact("it comes from a parameter", Span(ORDERS, line, 1, line, 2)) for line in range(1, 9)]
    found = tuple(_open(f"role{number}", reason) for number, reason in enumerate(reasons))

    assert render("text", Report(undetermined=found), options()).count("cannot tell whether") == 8


def test_an_unknown_format_is_refused_and_the_others_named() -> None:
    with pytest.raises(ValueError, match=f"there are {', '.join(FORMATS)}"):
        render("yaml", Report(), options())


def test_the_hostile_sample_holds_what_it_says() -> None:
    assert PITR.name
    assert all(mark in NASTY for mark in "\x1b\x07\u202e\udcff\x9b\r\n%")
