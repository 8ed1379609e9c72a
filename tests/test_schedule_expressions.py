"""AWS's dialect of cron, case by case, and the time between two starts against stepping through the calendar."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoverable.recovery.backups.cron import Cron, ScheduleError, parse
from recoverable.recovery.backups.schedule import Timetable, day_number, days_in, minutes_of_day, timetable
from recoverable.truth import Answer
from recoverable.value import Known, Unknown, Value

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "fixtures/schedules/dialect.json").read_text(encoding="utf-8")
)["cases"]


def kind(name: str) -> list[Any]:
    return [pytest.param(case, id=case["expression"]) for case in CASES if name in case]


def when(expression: str, zone: str = "UTC") -> Timetable:
    return timetable(
        Value("ScheduleExpression", Known(expression, None)),
        Value("ScheduleExpressionTimezone", Known(zone, None)),
    )


def shown(day: int, minute: int) -> str:
    moment = datetime(1970, 1, 1) + timedelta(days=day - day_number(1970, 1, 1), minutes=minute)
    return moment.strftime("%Y-%m-%d %H:%M")


def test_there_are_cases_enough_to_speak_of_a_dialect() -> None:
    assert len(CASES) >= 60
    assert len({case["expression"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", kind("starts"))
def test_an_expression_starts_when_the_case_says(case: dict[str, Any]) -> None:
    cron = parse(case["expression"])

    assert isinstance(cron, Cron)
    days = days_in(cron, [year for year in range(2026, 2036) if year in cron.years])
    starts = [shown(day, minute) for day in days[:10] for minute in minutes_of_day(cron)]
    assert starts[: len(case["starts"])] == case["starts"]


@pytest.mark.parametrize("case", kind("starts"))
def test_the_longest_time_between_two_starts_is_that_of_the_case(case: dict[str, Any]) -> None:
    found = when(case["expression"])
    pace = found.pace

    assert found.doubt == ""
    assert pace is not None
    assert pace.longest is not None
    assert round(pace.longest / 3600, 4) == case["longest_hours"]
    assert pace.last_year == case.get("last_year")


@pytest.mark.parametrize("case", kind("invalid"))
def test_an_expression_that_aws_refuses_says_which_field_is_wrong_and_why(case: dict[str, Any]) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse(case["expression"])

    assert caught.value.field == case["invalid"]
    assert case["words"] in caught.value.reason
    assert when(case["expression"]).is_invalid().answer is Answer.YES


@pytest.mark.parametrize("case", kind("doubt"))
def test_what_aws_does_not_document_is_open(case: dict[str, Any]) -> None:
    found = when(case["expression"])

    assert case["doubt"] in found.doubt
    assert found.is_invalid().answer is Answer.UNKNOWN


@pytest.mark.parametrize("case", kind("never"))
def test_a_schedule_without_a_day_never_fires(case: dict[str, Any]) -> None:
    found = when(case["expression"])

    assert found.never_fires().answer is Answer.YES
    assert found.is_invalid().answer is Answer.NO


def test_a_schedule_of_past_years_never_fires_any_more() -> None:
    found = when("cron(0 5 * * ? 2020-2024)")

    assert found.never_fires(2024).answer is Answer.NO
    assert found.never_fires(2025).answer is Answer.YES
    assert "its last start was in 2024" in found.never_fires(2025).facts[0].text


def test_the_last_year_is_the_one_with_the_last_start() -> None:
    pace = when("cron(0 5 29 2 ? 2026-2031)").pace

    assert pace is not None
    assert (pace.last_year, pace.longest) == (2028, None)


def test_an_expression_that_is_not_known_is_neither_valid_nor_invalid() -> None:
    zone: Value[str] = Value("ScheduleExpressionTimezone", Known("UTC", None))
    found = timetable(Value("ScheduleExpression", Unknown("it comes from a parameter")), zone)

    assert found.is_invalid().answer is Answer.UNKNOWN
    assert found.never_fires().answer is Answer.UNKNOWN


def test_the_average_counts_starts_and_not_gaps() -> None:
    weekdays, monthly = when("cron(0 5 ? * MON-FRI *)").pace, when("cron(0 5 1 * ? *)").pace

    assert weekdays is not None and monthly is not None
    assert weekdays.average == pytest.approx(7 / 5 * 86_400)
    assert monthly.average == pytest.approx(365.25 / 12 * 86_400)


def test_the_weekday_of_every_day_is_that_of_the_calendar() -> None:
    for year in (1970, 1999, 2000, 2028, 2100, 2199):
        for month in range(1, 13):
            day = date(year, month, 1)

            assert day_number(year, month, 1) % 7 == day.isoweekday() % 7
            assert day_number(year, month, 1) - day_number(1970, 1, 1) == (day - date(1970, 1, 1)).days


# ---- against stepping through the calendar minute by minute, with fields taken apart in another way


DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def numbered(text: str, names: tuple[str, ...]) -> int:
    return names.index(text) + 1 if text in names else int(text)


def fits(field: str, value: int, low: int, high: int, names: tuple[str, ...] = ()) -> bool:
    """Whether one value is among those of a field."""
    for item in field.split(","):
        span, _, step = item.partition("/")
        if span == "*":
            first, last = low, high
        elif "-" in span:
            first, last = (numbered(end, names) for end in span.split("-"))
        else:
            first = numbered(span, names)
            last = high if step else first
        inside = first <= value <= last if first <= last else value >= first or value <= last
        if inside and (value - first) % int(step or 1) == 0:
            return True
    return False


def is_start_day(day: date, fields: list[str]) -> bool:
    of_month, month, of_week, year = fields[2:]
    if not fits(month, day.month, 1, 12, MONTHS) or not fits(year, day.year, 1970, 2199):
        return False
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if of_week == "?":
        if of_month == "L":
            return day == last
        if of_month.endswith("W"):
            wanted = int(of_month[:-1])
            if wanted > last.day or day.isoweekday() > 5:
                return False
            near = [day.replace(day=number) for number in range(1, last.day + 1)]
            near = [each for each in near if each.isoweekday() <= 5]
            return day == min(near, key=lambda each: abs(each.day - wanted))
        return fits(of_month, day.day, 1, 31)
    weekday = day.isoweekday() % 7 + 1
    if "#" in of_week:
        name, _, which = of_week.partition("#")
        return weekday == numbered(name, DAYS) and (day.day + 6) // 7 == int(which)
    if re.fullmatch(r"\w+L", of_week):
        return weekday == numbered(of_week[:-1], DAYS) and (day + timedelta(days=7)).month != day.month
    return fits(of_week, weekday, 1, 7, DAYS)


def stepped(expression: str, first: int, last: int) -> list[int]:
    """All starts from one year to another, in minutes, found by looking at every day and every minute."""
    fields = expression[5:-1].split()
    minutes = [
        minute for minute in range(1440) if fits(fields[1], minute // 60, 0, 23) and fits(fields[0], minute % 60, 0, 59)
    ]
    found, day = [], date(first, 1, 1)
    while day.year <= last:
        if is_start_day(day, fields):
            found += [day.toordinal() * 1440 + minute for minute in minutes]
        day += timedelta(days=1)
    return found


def items(low: int, high: int, names: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    """One item of a field."""
    number = st.integers(low, high)
    word = st.one_of(number.map(str), st.sampled_from(names)) if names else number.map(str)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    with_step = st.builds(lambda of, step: f"{of}/{step}", st.one_of(st.just("*"), word, span), st.integers(1, high))
    return st.one_of(word, span, with_step)


def field(low: int, high: int, names: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    listed = st.lists(items(low, high, names), min_size=1, max_size=3).map(",".join)
    return st.one_of(st.just("*"), listed)


@st.composite
def expressions(draw: st.DrawFn, years: str) -> str:
    """Expressions of the documented dialect."""
    of_month, of_week = draw(
        st.one_of(
            st.tuples(st.one_of(field(1, 31), st.just("L"), st.integers(1, 31).map("{}W".format)), st.just("?")),
            st.tuples(
                st.just("?"),
                st.one_of(
                    st.lists(st.one_of(st.integers(1, 7).map(str), st.sampled_from(DAYS)), min_size=1).map(",".join),
                    st.builds("{}#{}".format, st.sampled_from(DAYS), st.integers(1, 5)),
                    st.integers(1, 7).map("{}L".format),
                ),
            ),
        )
    )
    month = draw(field(1, 12, MONTHS))
    return f"cron({draw(field(0, 59))} {draw(field(0, 23))} {of_month} {month} {of_week} {years})"


@settings(max_examples=40, deadline=None)
@given(expressions("2028-2030"))
def test_the_pace_is_that_of_stepping_through_the_calendar(expression: str) -> None:
    starts = stepped(expression, 2028, 2030)
    found = when(expression)

    if not starts:
        assert found.never
        return
    gaps = {(later - earlier) * 60 for earlier, later in pairwise(starts)}
    assert found.pace is not None
    assert found.pace.longest == max(gaps, default=None)
    assert found.pace.shortest == min(gaps, default=None)
    assert found.pace.last_year == date.fromordinal(starts[-1] // 1440).year


@settings(max_examples=10, deadline=None)
@given(expressions("*"))
def test_a_schedule_without_an_end_has_the_pace_of_its_years(expression: str) -> None:
    # Two cycles, so that the step from the end of one to the beginning of the next is among them.
    starts = stepped(re.sub(r"^cron\(\S+ \S+", "cron(0 0", expression), 2029, 2029 + 56)
    found = when(re.sub(r"^cron\(\S+ \S+", "cron(0 0", expression))

    if not starts:
        assert found.never
        return
    assert found.pace is not None
    assert found.pace.longest == max((later - earlier) * 60 for earlier, later in pairwise(starts))


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text("cronrate()0123456789*?,-/LW# ", max_size=80)))
def test_any_text_is_a_schedule_or_an_error_in_words(text: str) -> None:
    for expression in (text, f"cron({text})", f"rate({text})"):
        found = when(expression)

        assert found.pace or found.never or found.invalid


def test_a_text_without_end_is_refused_at_once() -> None:
    assert "512 characters" in when(f"cron({'1,' * 1_000_000}1 * * * ? *)").invalid
