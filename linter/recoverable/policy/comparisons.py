"""How condition operators compare a value of a policy with one of a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re

from recoverable.policy.patterns import EVERYTHING, arn_contains, glob, glob_contains, literal, lowered
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.policy.patterns import Glob
    from recoverable.text import Text


class Comparison(NamedTuple):
    """`wild`: stars and question marks of the policy's value are wildcards."""

    compare: Callable[[Glob, Text], Answer]
    wild: bool = False


def _text(pattern: Glob, value: Text) -> Answer:
    return glob_contains(pattern, glob(value, wild=False))


def _text_any_case(pattern: Glob, value: Text) -> Answer:
    return glob_contains(lowered(pattern), lowered(glob(value, wild=False)))


def _arn(pattern: Glob, value: Text) -> Answer:
    whole = value.literal()
    if whole is not None and whole.count(":") < 5 and pattern != EVERYTHING:
        return Answer.NO
    return arn_contains(pattern, glob(value, wild=False))


def _bool(pattern: Glob, value: Text) -> Answer:
    wanted, given = literal(lowered(pattern)), value.literal()
    if wanted is not None and wanted not in {"true", "false"}:
        return Answer.NO
    if wanted is None or given is None:
        return Answer.UNKNOWN
    return Answer.YES if given.lower() == wanted else Answer.NO


def _ordered(
    read: Callable[[str], float | None], test: Callable[[float, float], bool]
) -> Callable[[Glob, Text], Answer]:
    def compare(pattern: Glob, value: Text) -> Answer:
        wanted, given = literal(pattern), value.literal()
        mine = None if wanted is None else read(wanted)
        theirs = None if given is None else read(given)
        if (wanted is not None and mine is None) or (given is not None and theirs is None):
            return Answer.NO  # not a number, or not a date, is comparable with none
        if mine is None or theirs is None:
            return Answer.UNKNOWN
        return Answer.YES if test(theirs, mine) else Answer.NO

    return compare


def _address(pattern: Glob, value: Text) -> Answer:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress"""
    wanted, given = literal(pattern), value.literal()
    if wanted is not None and wanted in {"0.0.0.0/0", "::/0"} and given is None:
        return Answer.UNKNOWN
    from ipaddress import ip_address, ip_network  # noqa: PLC0415 (few policies have addresses, and it is slow to import)

    network = address = None
    try:
        network = None if wanted is None else ip_network(wanted.strip(), strict=False)
        address = None if given is None else ip_address(given.strip())
    except ValueError:
        return Answer.NO
    if network is None or address is None:
        return Answer.UNKNOWN
    return Answer.YES if address.version == network.version and address in network else Answer.NO


_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{0,40})?([eE][+-]?\d{1,2})?", re.ASCII)


def number(text: str) -> float | None:
    """A number as conditions have it, None for what is none."""
    return float(text) if _NUMBER.fullmatch(text.strip()) else None


_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?)?)?", re.ASCII
)


def moment(text: str) -> float | None:
    """A date as seconds since 1970: ISO 8601 as the W3C has it, or the seconds themselves; None for what is neither.

    https://www.w3.org/TR/NOTE-datetime
    """
    text = text.strip()
    found = _DATE.fullmatch(text.upper())
    if found is None:
        return number(text)
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    zone = found[8] or "Z"
    offset = 0
    if zone != "Z":
        offset = (int(zone[1:3]) * 60 + int(zone[-2:])) * (60 if zone[0] == "+" else -60)
    month, day = 1 if month is None else month, 1 if day is None else day
    longest = 30 + (month + month // 8) % 2 if month != 2 else 29 if _is_leap(year or 0) else 28
    if not (
        1 <= month <= 12 and 1 <= day <= longest and (hour or 0) <= 24 and (minute or 0) <= 59 and (second or 0) <= 60
    ):
        return None
    days = _days(year or 0, month, day)
    return days * 86_400 + (hour or 0) * 3_600 + (minute or 0) * 60 + (second or 0) + float(found[7] or 0) - offset


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970 of a day of the Gregorian calendar, counted from March so that the leap day is the last."""
    year -= month <= 2
    return year * 365 + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day - 719_469


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _equals(given: float, wanted: float) -> bool:
    return given == wanted


def _less(given: float, wanted: float) -> bool:
    return given < wanted


def _at_most(given: float, wanted: float) -> bool:
    return given <= wanted


def _greater(given: float, wanted: float) -> bool:
    return given > wanted


def _at_least(given: float, wanted: float) -> bool:
    return given >= wanted


def _family(name: str, read: Callable[[str], float | None]) -> dict[str, tuple[Comparison, bool]]:
    equal = Comparison(_ordered(read, _equals))
    return {
        f"{name}equals": (equal, False),
        f"{name}notequals": (equal, True),
        f"{name}lessthan": (Comparison(_ordered(read, _less)), False),
        f"{name}lessthanequals": (Comparison(_ordered(read, _at_most)), False),
        f"{name}greaterthan": (Comparison(_ordered(read, _greater)), False),
        f"{name}greaterthanequals": (Comparison(_ordered(read, _at_least)), False),
    }


#: By operator in lower case: how it compares, and whether it holds where nothing is equal.
COMPARISONS: dict[str, tuple[Comparison, bool]] = {
    "stringequals": (Comparison(_text), False),
    "stringnotequals": (Comparison(_text), True),
    "stringequalsignorecase": (Comparison(_text_any_case), False),
    "stringnotequalsignorecase": (Comparison(_text_any_case), True),
    "stringlike": (Comparison(_text, wild=True), False),
    "stringnotlike": (Comparison(_text, wild=True), True),
    "bool": (Comparison(_bool), False),
    "binaryequals": (Comparison(_text), False),
    "ipaddress": (Comparison(_address), False),
    "notipaddress": (Comparison(_address), True),
    "arnequals": (Comparison(_arn, wild=True), False),
    "arnlike": (Comparison(_arn, wild=True), False),
    "arnnotequals": (Comparison(_arn, wild=True), True),
    "arnnotlike": (Comparison(_arn, wild=True), True),
    **_family("numeric", number),
    **_family("date", moment),
}
