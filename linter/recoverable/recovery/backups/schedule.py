"""How often a schedule starts: the longest time between two starts, and whether it starts at all.

https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""

from __future__ import annotations

from itertools import pairwise

from recoverable.recovery.backups.cron import FIRST_YEAR, LAST_YEAR, Cron, Rate, ScheduleError, parse
from recoverable.truth import Answer, Fact, Truth, no, unknown, yes
from recoverable.typed import NamedTuple
from recoverable.value import Known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recoverable.recovery.backups.clocks import Clock
    from recoverable.source import Origin
    from recoverable.value import Value

#: A schedule without an end is followed for as many years as it takes until weekdays and leap years come round again.
CYCLE = 28
#: The first of these years. Any one would do: the answer does not depend on the day it is asked on.
START = 2029

#: Schedules that ended before this year are past on whatever day one asks.
PAST = 2026

_DAY = 86_400
#: Days before each month of a year that is no leap year, and at its end.
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


class Pace(NamedTuple):
    """How often a schedule starts, in seconds.

    `longest` is the longest time between two starts as it passes, `nominal` the same by the clock on the wall: they
    differ where clocks are put forward and back. `shortest` is the least time between two, by the clock, `average` what
    it is in the long run. All are None for a schedule that starts once. `last_year` is the year after which it starts
    no more, None if it goes on.
    """

    longest: int | None
    nominal: int | None
    shortest: int | None
    average: float | None = None
    last_year: int | None = None


class Timetable(NamedTuple):
    """What is known of when something starts. Exactly one of these holds:

    `pace` is known (and `doubt` says what of the expression AWS does not document, empty if all is), or it is `never`
    due, or the expression is `invalid`, or nothing of it is known: then all are empty, and `fact` says why.
    `fact` says in any case what was read.
    """

    fact: Fact
    pace: Pace | None = None
    doubt: str = ""
    never: str = ""
    invalid: str = ""

    def is_invalid(self) -> Truth:
        """Whether AWS turns the schedule down."""
        if self.invalid:
            return Truth(Answer.YES, (Fact(f"{self.fact.text}: {self.invalid}", self.fact.origin),))
        if self.doubt:
            return unknown(f"{self.fact.text}: {self.doubt}", self.fact.origin)
        if self.pace is None and not self.never:
            return Truth(Answer.UNKNOWN, (self.fact,))
        return Truth(Answer.NO, (self.fact,))

    def never_fires(self, this_year: int = PAST) -> Truth:
        """Whether the schedule is valid but has no start to come. Schedules that ended before `this_year` have none."""
        if self.never:
            return yes(f"{self.fact.text}: {self.never}", self.fact.origin)
        last = None if self.pace is None else self.pace.last_year
        if last is not None and last < this_year:
            return yes(f"{self.fact.text}: its last start was in {last}", self.fact.origin)
        if self.invalid or self.pace is not None:
            return no(self.fact.text, self.fact.origin)
        return Truth(Answer.UNKNOWN, (self.fact,))


def timetable(schedule: Value[str], timezone: Value[str], clocks: dict[str, Clock] | None = None) -> Timetable:
    """When a schedule starts, in its time zone. `clocks` keeps what was found out about time zones."""
    fact = schedule.fact()
    expression = schedule.known()
    if expression is None:
        return Timetable(fact)
    try:
        meaning = parse(expression)
    except ScheduleError as error:
        return Timetable(fact, invalid=str(error))
    if isinstance(meaning, Rate):
        pace = Pace(meaning.seconds, meaning.seconds, meaning.seconds, meaning.seconds)
        return Timetable(fact, pace, doubt=meaning.doubt)
    zone = timezone.known()
    if zone is None:
        return Timetable(timezone.fact())
    starts = _clock_pace(meaning)
    if starts is None:
        return Timetable(fact, never="no year has such a day")
    if zone not in ("UTC", "Etc/UTC", ""):
        from recoverable.recovery.backups.clocks import UnknownZoneError, stretched  # noqa: PLC0415 (few plans name a time zone)

        try:
            starts = stretched(starts, meaning, zone, {} if clocks is None else clocks)
        except UnknownZoneError as error:
            if error.certain:
                return Timetable(timezone.fact(), invalid=str(error))
            return Timetable(Fact(str(error), _origin(timezone)))
    return Timetable(fact, starts, doubt=meaning.doubt)


def _origin(value: Value[str]) -> Origin | None:
    return value.state.origin if isinstance(value.state, Known) else None


def _clock_pace(cron: Cron) -> Pace | None:
    """The pace by the clock; None if it never starts."""
    times = minutes_of_day(cron)
    within = [(later - earlier) * 60 for earlier, later in pairwise(times)]
    between = _DAY - (times[-1] - times[0]) * 60
    last_year = None if cron.any_year() else cron.years[-1]
    if cron.every_day and len(cron.months) == 12 and cron.any_year():
        found = [*within, between]
        return Pace(max(found), max(found), min(found), _DAY / len(times))
    days = start_days(cron)
    if not days:
        return None
    apart = {later - earlier for earlier, later in pairwise(days)}
    if cron.any_year():
        apart.add(days[0] + _cycle_days() - days[-1])
    found = [*within, *(between + (each - 1) * _DAY for each in apart)]
    if last_year is not None:
        last_year = year_of(days[-1])
    if not found:
        return Pace(None, None, None, None, last_year)
    span = _cycle_days() if cron.any_year() else days[-1] - days[0] + 1
    return Pace(max(found), max(found), min(found), span * _DAY / (len(days) * len(times)), last_year)


def minutes_of_day(cron: Cron) -> tuple[int, ...]:
    """The minutes of a day at which it starts."""
    return tuple(hour * 60 + minute for hour in cron.hours for minute in cron.minutes)


def start_days(cron: Cron) -> Sequence[int]:
    """The days on which it starts, ascending, as counted by `day_number`: in one cycle of years, or in all its own."""
    return days_in(cron, range(START, START + CYCLE) if cron.any_year() else cron.years)


def days_in(cron: Cron, years: Iterable[int]) -> list[int]:
    """The days of these years on which it starts, as counted by `day_number`; whether it does in them is not asked."""
    months: dict[tuple[int, int], tuple[int, ...]] = {}
    found: list[int] = []
    whole = cron.every_day and len(cron.months) == 12
    for year in years:
        first_of_year = day_number(year, 1, 1)
        leap = _is_leap(year)
        if whole:
            found.extend(range(first_of_year, first_of_year + 365 + leap))
            continue
        for month in cron.months:
            first = first_of_year + _BEFORE[month - 1] + (leap and month > 2)
            length = _BEFORE[month] - _BEFORE[month - 1] + (leap and month == 2)
            shape = (length, first % 7)
            offsets = months.get(shape)
            if offsets is None:
                offsets = months[shape] = tuple(sorted(_month_days(cron, *shape)))
            found.extend([first + offset - 1 for offset in offsets])
    return found


def _month_days(cron: Cron, length: int, first: int) -> set[int]:
    """The days of a month with so many days whose first is such a weekday (0 is Sunday)."""
    if cron.every_day:
        return set(range(1, length + 1))
    days = {day for day in cron.days if day <= length}
    if cron.last_day:
        days.add(length)
    # A day that the month does not have is near to none of its days.
    days.update(_nearest(day, length, first) for day in cron.near if day <= length)
    for day in range(1, length + 1):
        weekday = (first + day - 1) % 7 + 1
        if weekday in cron.weekdays:
            days.add(day)
        if weekday in cron.last_weekdays and day + 7 > length:
            days.add(day)
        if cron.nth == (weekday, (day - 1) // 7 + 1):
            days.add(day)
    return days


def _nearest(day: int, length: int, first: int) -> int:
    """The day from Monday to Friday that is nearest to a day, in the same month."""
    weekday = (first + day - 1) % 7
    if weekday == 6:
        return day - 1 if day > 1 else day + 2
    if weekday == 0:
        return day + 1 if day < length else day - 2
    return day


def day_number(year: int, month: int, day: int) -> int:
    """Days since Sunday, 28 December 1969, so that the remainder by 7 is the weekday (0 is Sunday)."""
    # Years that begin in March have the leap day at their end.
    shifted = year - 1 if month <= 2 else year
    since_march = (month + 9) % 12
    days = 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400 + (153 * since_march + 2) // 5 + day - 1
    return days - 719_464


def year_of(number: int) -> int:
    """The year that a day lies in."""
    return next(year for year in range(LAST_YEAR, FIRST_YEAR - 1, -1) if day_number(year, 1, 1) <= number)


def _cycle_days() -> int:
    return day_number(START + CYCLE, 1, 1) - day_number(START, 1, 1)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
