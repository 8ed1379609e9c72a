"""What daylight saving time does to a schedule, in places where it is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from recoverable.recovery.backups.schedule import Timetable, timetable
from recoverable.truth import Answer
from recoverable.value import Known, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR = 3600


def when(expression: str, zone: str) -> Timetable:
    return timetable(
        Value("ScheduleExpression", Known(expression, None)),
        Value("ScheduleExpressionTimezone", Known(zone, None)),
    )


@pytest.mark.parametrize(
    ("expression", "zone", "hours", "why"),
    [
        ("cron(0 5 ? * * *)", "UTC", 24, "no clock is changed"),
        ("cron(0 5 ? * * *)", "Asia/Kolkata", 24, "India has no daylight saving time"),
        ("cron(0 5 ? * * *)", "Europe/Berlin", 25, "the night on which clocks are put back is an hour longer"),
        ("cron(30 2 ? * * *)", "Europe/Berlin", 47, "02:30 is left out in March; a day later it is an hour earlier"),
        ("cron(30 2 ? * * *)", "America/New_York", 47, "the same in America"),
        ("cron(30 2 ? * * *)", "Australia/Lord_Howe", 24.5, "clocks are put back by half an hour there"),
        ("cron(0 * * * ? *)", "Europe/Berlin", 2, "an hour that comes twice has one start"),
        ("cron(0 0 1 * ? *)", "Europe/Berlin", 31 * 24 + 1, "October is an hour longer"),
        ("cron(0 5 1 1 ? *)", "Europe/Berlin", 366 * 24, "over a whole year the clock comes round"),
        ("cron(0 5 1 7 ? 2029)", "Europe/Berlin", None, "a single start has none before it"),
        (
            "cron(0 5 ? 6 * *)",
            "Europe/Berlin",
            337 * 24,
            "both changes lie between two Junes, and in leap years a day more",
        ),
    ],
)
def test_the_longest_time_counts_what_clocks_do(expression: str, zone: str, hours: float | None, why: str) -> None:
    pace = when(expression, zone).pace

    assert pace is not None
    assert pace.longest == (None if hours is None else hours * HOUR), why


def test_what_the_clock_on_the_wall_says_stays_as_it_is() -> None:
    pace = when("cron(30 2 ? * * *)", "America/New_York").pace

    assert pace is not None
    assert pace.nominal == 24 * HOUR


@pytest.mark.parametrize("zone", ["Europe/London", "Africa/Casablanca", "Pacific/Chatham"])
@pytest.mark.parametrize(("hours", "minutes"), [((5,), (0,)), ((1, 14), (30,)), ((0,), (0,)), (range(24), (0, 20))])
def test_the_longest_time_is_that_of_every_day(zone: str, hours: Sequence[int], minutes: Sequence[int]) -> None:
    place = ZoneInfo(zone)
    starts = []
    for day in range(365 * 4):
        for minute in (hour * 60 + minute for hour in hours for minute in minutes):
            wall = datetime(2029, 1, 1) + timedelta(days=day, minutes=minute)
            instant = wall.replace(tzinfo=place).astimezone(UTC)
            if instant.astimezone(place).replace(tzinfo=None) == wall:
                starts.append(instant)
    pace = when(f"cron({','.join(map(str, minutes))} {','.join(map(str, hours))} * * ? 2029-2032)", zone).pace

    assert pace is not None
    assert pace.longest == max((later - earlier) // timedelta(seconds=1) for earlier, later in pairwise(starts))


@pytest.mark.parametrize("zone", ["Europe/Pariss", "../../etc/passwd", "/etc/localtime", "Europe", "\0", "x" * 500])
def test_a_time_zone_that_is_none_makes_the_schedule_invalid(zone: str) -> None:
    found = when("cron(0 5 ? * * *)", zone)

    assert found.is_invalid().answer is Answer.YES
    assert "there is no time zone" in found.invalid


def test_without_time_zones_on_the_machine_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr("recoverable.recovery.backups.clocks.ZoneInfo", none)
    found = when("cron(0 5 ? * * *)", "Europe/Berlin")

    assert found.is_invalid().answer is Answer.UNKNOWN
    assert found.pace is None


def test_a_time_zone_that_is_not_known_leaves_the_pace_open() -> None:
    found = timetable(
        Value("ScheduleExpression", Known("cron(0 5 ? * * *)", None)),
        Value("ScheduleExpressionTimezone", Unknown("it comes from a parameter")),
    )

    assert found.pace is None
    assert found.is_invalid().answer is Answer.UNKNOWN


def test_a_wrong_expression_is_wrong_in_every_time_zone() -> None:
    found = timetable(
        Value("ScheduleExpression", Known("cron(0 25 ? * * *)", None)),
        Value("ScheduleExpressionTimezone", Unknown("it comes from a parameter")),
    )

    assert found.is_invalid().answer is Answer.YES
