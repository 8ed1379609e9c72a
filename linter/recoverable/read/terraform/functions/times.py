"""Functions on times that are given; what time it is, is known only when Terraform runs.

https://developer.hashicorp.com/terraform/language/functions#date-and-time-functions
"""

from __future__ import annotations

import re

from recoverable.read.terraform.functions.arguments import Function, Given, unknown, wrong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from recoverable.read.data import Content

_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))"
)
_DURATION = re.compile(r"([0-9]*+)(?:\.([0-9]*+))?(ns|us|µs|μs|ms|s|m|h)")
_TOKEN = re.compile(r"''|'((?:[^']|'')*+)'|([A-Za-z])\2*+|([^A-Za-z']++)")

#: In nanoseconds.
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _time(text: str) -> tuple[datetime, int]:
    """A time as RFC 3339 has it, to the second, and the nanoseconds beyond."""
    from datetime import datetime, timedelta, timezone  # noqa: PLC0415 (few ask)

    found = _TIME.fullmatch(text)
    if found is None:
        raise wrong(f"{text[:40]} is no time such as 2006-01-02T15:04:05Z")
    offset = 0 if found[8] else (int(found[10]) * 60 + int(found[11])) * (-1 if found[9] == "-" else 1)
    try:
        zone = timezone(timedelta(minutes=offset))
        at = datetime(*(int(part) for part in found.groups()[:6]), tzinfo=zone)  # type: ignore[misc,arg-type]
    except ValueError:
        raise wrong(f"{text[:40]} is no time") from None
    return at, int((found[7] or "").ljust(9, "0"))


def format_date(given: Given) -> Content:
    pattern = given.text(0)
    at, _ = _time(given.text(1))
    made = []
    end = 0
    while end < len(pattern):
        found = _TOKEN.match(pattern, end)
        if found is None:
            raise wrong("formatdate() finds a quote that is not closed")
        end = found.end()
        if found[0] == "''":
            made.append("'")
        elif found[2]:
            made.append(_shown(found[0], at))
        else:
            made.append(found[3] if found[3] is not None else found[1].replace("''", "'"))
    return "".join(made)


def _shown(verb: str, at: datetime) -> str:
    hour = at.hour % 12 or 12
    offset = at.strftime("%z")
    made = {
        "YY": f"{at.year % 100:02}",
        "YYYY": f"{at.year:04}",
        "M": str(at.month),
        "MM": f"{at.month:02}",
        "MMM": _MONTHS[at.month - 1][:3],
        "MMMM": _MONTHS[at.month - 1],
        "D": str(at.day),
        "DD": f"{at.day:02}",
        "EEE": _DAYS[at.weekday()][:3],
        "EEEE": _DAYS[at.weekday()],
        "h": str(at.hour),
        "hh": f"{at.hour:02}",
        "H": str(hour),
        "HH": f"{hour:02}",
        "AA": "AM" if at.hour < 12 else "PM",
        "aa": "am" if at.hour < 12 else "pm",
        "m": str(at.minute),
        "mm": f"{at.minute:02}",
        "s": str(at.second),
        "ss": f"{at.second:02}",
        "Z": "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}",
        "ZZZ": "UTC" if offset == "+0000" else offset,
        "ZZZZ": offset,
        "ZZZZZ": f"{offset[:3]}:{offset[3:]}",
    }.get(verb)
    if made is None:
        raise wrong(f"formatdate() knows no {verb[:20]}")
    return made


def time_add(given: Given) -> Content:
    from datetime import timedelta  # noqa: PLC0415 (few ask)

    at, fraction = _time(given.text(0))
    fraction += _nanoseconds(given.text(1))
    try:
        later = at + timedelta(seconds=fraction // 10**9)
    except OverflowError:
        raise unknown("a time too far away") from None
    offset = later.strftime("%z")
    zone = "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}"
    return f"{later.year:04}-{later.month:02}-{later.day:02}T{later.hour:02}:{later.minute:02}:{later.second:02}{zone}"


def _nanoseconds(text: str) -> int:
    """A duration such as `1h30m`."""
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    total = 0
    end = 0
    while end < len(rest) or not rest:
        found = _DURATION.match(rest, end)
        if found is None or not (found[1] or found[2]):
            raise wrong(f"{text[:40]} is no duration such as 1h30m")
        if len(found[1]) > 18 or len(found[2] or "") > 18:
            raise unknown("a duration too long to work with")
        unit = _UNITS[found[3]]
        digits = found[2] or ""
        total += int(found[1] or 0) * unit + int(digits or 0) * unit // 10 ** len(digits)
        end = found.end()
    if total >= 2**63:
        raise wrong(f"{text[:40]} is too long a duration")
    return -total if text.startswith("-") else total


def time_compare(given: Given) -> Content:
    one, other = _time(given.text(0)), _time(given.text(1))
    return (one > other) - (one < other)


FUNCTIONS = {
    "formatdate": Function(format_date, 2, 2),
    "timeadd": Function(time_add, 2, 2),
    "timecmp": Function(time_compare, 2, 2),
}
