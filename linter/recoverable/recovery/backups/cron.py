"""Schedule expressions as AWS writes them: `cron(...)` with six fields, and `rate(...)`.

The dialect is that of EventBridge, to which AWS Backup refers:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
It is held to cases in `fixtures/schedules/`. Why it is read here and not by a library: docs/decisions/schedules.md.
"""

from __future__ import annotations

import re

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
FIRST_YEAR, LAST_YEAR = 1970, 2199

#: No expression that means anything comes near this length.
LONGEST = 512


class Field(NamedTuple):
    """What one of the six fields may hold; `names` stand for `low`, `low + 1` and so on."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


MINUTE = Field("minutes", 0, 59)
HOUR = Field("hours", 0, 23)
DAY = Field("day-of-month", 1, 31)
MONTH = Field("month", 1, 12, MONTHS)
WEEKDAY = Field("day-of-week", 1, 7, DAYS)
YEAR = Field("year", FIRST_YEAR, LAST_YEAR)
FIELDS = (MINUTE, HOUR, DAY, MONTH, WEEKDAY, YEAR)


class ScheduleError(ValueError):
    """An expression that is no schedule: `field` is the one that is wrong (empty: the whole), `reason` says how."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


class Cron(NamedTuple):
    """When a cron expression starts. Values are ascending; 1 is Sunday. `doubt` says what AWS does not document of it.

    `days`: days of the month; `last_day`: the last one, too; `near`: the weekday (Monday to Friday) nearest to each of
    these days, in the same month. `weekdays`: every such day; `last_weekdays`: the last such day of the month; `nth`:
    weekday and the how-maniest. Where the expression leaves the day of the month or of the week open (`?`) the
    fields for it are empty; `every_day` says that no field narrows the day at all.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: tuple[int, ...]
    years: tuple[int, ...]
    days: tuple[int, ...] = ()
    last_day: bool = False
    near: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    last_weekdays: tuple[int, ...] = ()
    nth: tuple[int, int] | None = None
    every_day: bool = False
    doubt: str = ""

    def any_year(self) -> bool:
        """Whether the schedule goes on for good."""
        return len(self.years) == LAST_YEAR - FIRST_YEAR + 1


class Rate(NamedTuple):
    """A start every so many seconds. AWS Backup's API documents cron expressions alone, which is the `doubt`."""

    seconds: int
    doubt: str


def parse(expression: str) -> Cron | Rate:
    """What a schedule expression means. Raises ScheduleError."""
    text = expression.strip()
    if not text:
        raise ScheduleError("it is empty")
    if len(text) > LONGEST:
        raise ScheduleError(f"it has more than {LONGEST} characters")
    kind, bracket, rest = text.partition("(")
    if bracket and not rest.endswith(")"):
        raise ScheduleError("the closing bracket is missing")
    match kind.strip() if bracket else "":
        case "cron":
            return _cron(rest[:-1].split())
        case "rate":
            return _rate(rest[:-1])
        case "at":
            raise ScheduleError("at(...) starts once; AWS Backup takes cron(...)")
        case "":
            if bracket:
                raise ScheduleError("cron is missing before the bracket")
            doubt = "AWS shows schedules without cron(...) around them in one page and with it in all others"
            return _cron(text.split())._replace(doubt=doubt)
        case other:
            shown = other if len(other) <= 20 else f"{other[:20]}..."
            raise ScheduleError(f"{shown}(...) is no kind of schedule; AWS Backup takes cron(...)")


def _rate(inside: str) -> Rate:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html"""
    found = re.fullmatch(r"\s*([0-9]{1,9})\s+(minute|hour|day)(s?)\s*", inside)
    if found is None:
        raise ScheduleError("rate(...) takes a number and minutes, hours or days, such as rate(12 hours)")
    number, unit, plural = int(found[1]), found[2], bool(found[3])
    if number == 0:
        raise ScheduleError("rate(...) takes a number above 0")
    if plural == (number == 1):
        raise ScheduleError(f"AWS wants {unit} after 1 and {unit}s after any other number")
    doubt = "AWS Backup documents cron expressions alone, and its API has turned rate(...) down"
    return Rate(number * {"minute": 60, "hour": 3600, "day": 86_400}[unit], doubt)


def _cron(fields: list[str]) -> Cron:
    if len(fields) != len(FIELDS):
        names = ", ".join(field.name for field in FIELDS)
        hint = "; this is Unix cron, without the year" if len(fields) == 5 else ""
        raise ScheduleError(f"a cron expression has six fields ({names}), and this one has {len(fields)}{hint}")
    doubts: list[str] = []
    if any(field.endswith(",") for field in fields):
        # EventBridge has let it pass: https://github.com/aws/aws-sdk/issues/161
        doubts.append("AWS does not document a comma at the end of a field")
    minutes, hours, day, month, weekday, year = (field.removesuffix(",") or "," for field in fields)
    if day == "?" and weekday == "?":
        raise ScheduleError("day-of-month and day-of-week cannot both be ?")
    if "?" not in (day, weekday):
        raise ScheduleError("one of day-of-month and day-of-week must be ?", "day-of-week")
    cron = Cron(
        minutes=_values(MINUTE, minutes, doubts),
        hours=_values(HOUR, hours, doubts),
        months=_values(MONTH, month, doubts),
        years=_values(YEAR, year, doubts),
        every_day="*" in (day, weekday),
    )
    found = (
        cron if cron.every_day else _by_day(cron, day, doubts) if weekday == "?" else _by_week(cron, weekday, doubts)
    )
    return found._replace(doubt="; ".join(dict.fromkeys(doubts)))


def _by_day(cron: Cron, text: str, doubts: list[str]) -> Cron:
    days: set[int] = set()
    near: set[int] = set()
    last = False
    for item in _items(DAY, text):
        nearest = re.fullmatch(r"([0-9]{1,2})W", item, re.IGNORECASE)
        if item.upper() == "L":
            last = True
        elif nearest is not None:
            near.add(_number(DAY, nearest[1]))
        elif re.fullmatch(r"L-[0-9]+|LW|WL", item, re.IGNORECASE):
            doubts.append(f"AWS does not document {item} for day-of-month")
            last = True
        elif "W" in item.upper() or "L" in item.upper():
            raise ScheduleError(f"{_short(item)} is no day: W stands after a day (15W), L alone", DAY.name)
        else:
            days.update(_range(DAY, item, doubts))
    if near and (days or last or len(near) > 1):
        doubts.append("AWS does not document a W in a list")
    return cron._replace(days=tuple(sorted(days)), last_day=last, near=tuple(sorted(near)))


def _by_week(cron: Cron, text: str, doubts: list[str]) -> Cron:
    items = list(_items(WEEKDAY, text))
    if any("#" in item for item in items):
        if len(items) > 1:
            raise ScheduleError("with # there can be one expression only", WEEKDAY.name)
        day, _, number = items[0].partition("#")
        if not re.fullmatch("[1-5]", number):
            raise ScheduleError(f"after # stands which one of the month, 1 to 5, not {_short(number)}", WEEKDAY.name)
        return cron._replace(nth=(_number(WEEKDAY, day), int(number)))
    days: set[int] = set()
    last: set[int] = set()
    for item in items:
        if item.upper() == "L":
            days.add(WEEKDAY.high)
        elif len(item) > 1 and item[-1] in "Ll":
            last.add(_number(WEEKDAY, item[:-1]))
        else:
            if "/" in item:
                doubts.append("AWS does not list / for day-of-week")
            days.update(_range(WEEKDAY, item, doubts))
    if last and (days or len(last) > 1):
        doubts.append("AWS does not document a last weekday in a list")
    return cron._replace(weekdays=tuple(sorted(days)), last_weekdays=tuple(sorted(last)))


def _values(field: Field, text: str, doubts: list[str]) -> tuple[int, ...]:
    if text == "*":
        return tuple(range(field.low, field.high + 1))
    found: set[int] = set()
    for item in _items(field, text):
        found.update(_range(field, item, doubts))
    return tuple(sorted(found))


def _items(field: Field, text: str) -> Iterator[str]:
    for item in text.split(","):
        if not item:
            raise ScheduleError("there is nothing between two commas", field.name)
        yield item


def _range(field: Field, item: str, doubts: list[str]) -> range | tuple[int, ...]:
    """The values of one item: `*`, a value, `a-b`, and any of these with `/step`."""
    span, slash, step_text = item.partition("/")
    if "?" in item:
        where = "stands alone" if field in (DAY, WEEKDAY) else "is for day-of-month and day-of-week alone"
        raise ScheduleError(f"? {where}", field.name)
    step = 1
    if slash:
        if not re.fullmatch(r"[0-9]{1,4}", step_text) or int(step_text) == 0:
            raise ScheduleError(f"after / stands a number above 0, not {_short(step_text) or 'nothing'}", field.name)
        step = int(step_text)
        if step > field.high:
            raise ScheduleError(f"a step of {step} is longer than the field, which ends at {field.high}", field.name)
    if span == "*":
        return range(field.low, field.high + 1, step)
    first, dash, last = span.partition("-")
    low = _number(field, first)
    high = _number(field, last) if dash else field.high if slash else low
    if low > high:
        # AWS's own example is 20-2 in the hours: those from 20 on, and those until 2.
        if field is not HOUR:
            doubts.append(f"AWS does not document a range that runs backwards in {field.name} ({_short(span)})")
        whole = [*range(low, field.high + 1), *range(field.low, high + 1)]
        return tuple(whole[::step])
    return range(low, high + 1, step)


def _number(field: Field, text: str) -> int:
    if text.upper() in field.names:
        return field.low + field.names.index(text.upper())
    if not re.fullmatch(r"[0-9]{1,4}", text):
        known = f" or {field.names[0]} to {field.names[-1]}" if field.names else ""
        shown = _short(text) or "nothing"
        raise ScheduleError(f"{shown} is no value; there are {field.low} to {field.high}{known}", field.name)
    value = int(text)
    if not field.low <= value <= field.high:
        hint = "; Sunday is 1" if field is WEEKDAY and value == 0 else ""
        raise ScheduleError(f"{value} is out of range; there are {field.low} to {field.high}{hint}", field.name)
    return value


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}..."
