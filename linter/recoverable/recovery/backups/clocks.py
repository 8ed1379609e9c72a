"""What clocks that are put forward and back do to a schedule.

AWS documents it for EventBridge Scheduler: a start in the hour that is left out is skipped, and one in the hour that
comes twice happens once, https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html. AWS Backup says
nothing of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recoverable.recovery.backups.schedule import CYCLE, START, day_number, minutes_of_day, start_days

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from recoverable.recovery.backups.cron import Cron
    from recoverable.recovery.backups.schedule import Pace

_EPOCH = datetime(1970, 1, 1)
#: A time zone that there is wherever there are any.
_SURE = "Europe/Berlin"
_SECOND = timedelta(seconds=1)


class UnknownZoneError(ValueError):
    """No such time zone; `certain` unless this machine has no time zones to compare with."""

    def __init__(self, message: str, *, certain: bool) -> None:
        super().__init__(message)
        self.certain = certain


class Clock:
    """The clocks of a time zone in the years that are looked at; what was asked once is kept.

    `changes` are the days, as counted by `day_number`, on which they are changed, each with the minute.
    """

    __slots__ = ("_offsets", "changes", "place")

    def __init__(self, place: ZoneInfo) -> None:
        self.place = place
        self._offsets: dict[int, timedelta] = {}
        self.changes = tuple((day, _minute(day, place)) for day in _changes(place))

    def offset(self, day: int) -> timedelta:
        """How far the clock is from UTC at the beginning of a day."""
        found = self._offsets.get(day)
        if found is None:
            found = self._offsets[day] = _offset(day, self.place)
        return found


def stretched(pace: Pace, cron: Cron, zone: str, clocks: dict[str, Clock]) -> Pace:
    """The pace with the longest time between two starts as it really passes in `zone`. Raises UnknownZoneError.

    `clocks` keeps the clocks of zones.
    """
    clock = clocks.get(zone)
    if clock is None:
        clock = clocks[zone] = Clock(_zone(zone))
    if pace.nominal is None or not clock.changes:
        return pace
    minutes = minutes_of_day(cron)
    days = start_days(cron)
    longest = pace.nominal
    seen: set[tuple[object, ...]] = set()
    for change, minute in clock.changes:
        at = bisect_left(days, change)
        # Starts that are sure to enclose the change, with some more on each side for what is skipped.
        around = days[max(0, at - 3) : at + 4]
        if not around or around[0] > change or around[-1] < change:
            continue
        # Most years are alike.
        shape = (minute, *[(day - change, clock.offset(day)) for day in around])
        if shape not in seen:
            seen.add(shape)
            longest = max([longest, *_gaps(around, minutes, change, clock.place)])
    return pace._replace(longest=longest)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    shown = name if len(name) <= 40 else f"{name[:40]}..."
    try:
        ZoneInfo(_SURE)
    except (ZoneInfoNotFoundError, OSError):
        message = f"what {shown} is cannot be told: this machine has no time zones (pip install tzdata)"
        raise UnknownZoneError(message, certain=False) from None
    raise UnknownZoneError(f"there is no time zone {shown}; AWS takes names such as {_SURE}", certain=True)


def _changes(place: ZoneInfo) -> Iterator[int]:
    """The days, as counted by `day_number`, on which clocks are changed."""
    step = 28
    low = day_number(START, 1, 1)
    before = _offset(low, place)
    while low < day_number(START + CYCLE, 1, 1):
        after = _offset(low + step, place)
        if after != before:
            yield _first(lambda day, old=before: _offset(day + 1, place) != old, low, low + step)  # type: ignore[misc]
        low, before = low + step, after


def _minute(day: int, place: ZoneInfo) -> int:
    """The minute of a day at which the clock is changed."""
    old = _offset(day, place)
    return _first(lambda minute: _offset(day, place, minute + 1) != old, 0, 1440)


def _first(test: Callable[[int], bool], low: int, high: int) -> int:
    """The first number from `low` for which a test holds that holds for all after it, `high` if there is none."""
    while low < high:
        middle = (low + high) // 2
        if test(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _offset(day: int, place: ZoneInfo, minute: int = 0) -> timedelta:
    return place.utcoffset(_wall(day, minute).replace(tzinfo=place)) or timedelta()


def _gaps(days: Sequence[int], minutes: tuple[int, ...], change: int, place: ZoneInfo) -> Iterator[int]:
    """Seconds between starts on these days as they pass; only on the day of the change may each of them matter."""
    before: datetime | None = None
    for day in days:
        for minute in minutes if day == change else dict.fromkeys((minutes[0], minutes[-1])):
            wall = _wall(day, minute)
            instant = wall.replace(tzinfo=place).astimezone(UTC)
            if instant.astimezone(place).replace(tzinfo=None) != wall:
                continue
            if before is not None and (day == change or minute == minutes[0]):
                yield (instant - before) // _SECOND
            before = instant


def _wall(day: int, minute: int) -> datetime:
    return _EPOCH + timedelta(days=day - day_number(1970, 1, 1), minutes=minute)
