"""Functions on numbers.

https://developer.hashicorp.com/terraform/language/functions#numeric-functions
"""

from __future__ import annotations

from recoverable.read.data import Open
from recoverable.read.terraform.functions.arguments import Function, Given, StopError, unknown, wrong
from recoverable.read.terraform.kinds import NUMBER, ListOf
from recoverable.read.terraform.numerals import exact, settled
from recoverable.read.terraform.operators import as_number, binary
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Content, Datum

#: As many as `range` makes.
LONGEST_RANGE = 1024

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def absolute(given: Given) -> Content:
    return abs(given.number(0))


def ceil(given: Given) -> Content:
    number = given.number(0)
    return number if isinstance(number, int) else int(number) + (number > int(number))


def floor(given: Given) -> Content:
    number = given.number(0)
    return number if isinstance(number, int) else int(number) - (number < int(number))


def signum(given: Given) -> Content:
    number = given.integer(0)
    return (number > 0) - (number < 0)


def least(given: Given) -> Content:
    return min(given.number(at) for at in range(len(given)))


def greatest(given: Given) -> Content:
    return max(given.number(at) for at in range(len(given)))


def power(given: Given) -> Content:
    number, exponent = float(given.number(0)), float(given.number(1))
    try:
        result = number**exponent
    except (ZeroDivisionError, OverflowError):
        raise unknown("a number too large to work with") from None
    if isinstance(result, complex):
        raise wrong("pow() makes no number of these")
    return _rounded(result)


def _rounded(number: float) -> Content:
    """What was computed in floating point: of fractions, the last digit differs from machine to machine."""
    made = settled(exact(number))
    return Open("a fraction that is not known to its last digit") if isinstance(made, float) else made


def logarithm(given: Given) -> Content:
    import math  # noqa: PLC0415 (hardly anybody asks)

    number, base = given.number(0), given.number(1)
    if number < 0 or base < 0 or number == base == 1:
        raise wrong("log() makes no number of these")
    if number == 0 or base in (0, 1):
        raise unknown("a logarithm without end")
    return _rounded(math.log(float(number)) / math.log(float(base)))


def parse_integer(given: Given) -> Content:
    """Digits beyond 9 are letters; from base 37 on, small letters come before large ones."""
    if not isinstance(given.arguments[0].content, str | Text | Open):
        raise given.misfit(0, "a text")
    text, base = given.text(0), given.integer(1)
    if not 2 <= base <= 62:
        raise wrong("the base of parseint() is between 2 and 62")
    negative = text.startswith("-")
    digits = text[1:] if negative or text.startswith("+") else text
    if len(digits) > 150:
        raise unknown("a number too large to work with")
    if base <= 36:
        digits = digits.lower()
    values = [_DIGITS.find(digit) for digit in digits]
    if not values or any(not 0 <= value < base for value in values):
        raise wrong(f"{text[:40]} is no number of base {base}")
    number = 0
    for value in values:
        number = number * base + value
    return -number if negative else number


def numbers_between(given: Given) -> Content:
    bounds = [given.number(at) for at in range(len(given))]
    start, end = (0, bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[1])
    step = bounds[2] if len(bounds) == 3 else (-1 if end < start else 1)
    if step == 0:
        raise wrong("the step of range() is not zero")
    if (end - start) * step < 0:
        raise wrong("range() goes the other way")
    made: list[int | float] = []
    here: int | float = start
    while here < end if step > 0 else here > end:
        if len(made) == LONGEST_RANGE:
            raise wrong(f"range() makes no more than {LONGEST_RANGE} numbers")
        made.append(here)
        here = _sum(given, given.datum(here), given.datum(step))
    return ListOf(tuple(map(given.datum, made)), of=NUMBER)


def total(given: Given) -> Content:
    members = given.all_items(0)
    if not members:
        raise wrong("sum() takes a list that is not empty")
    here: int | float = 0
    for member in members:
        number = as_number(member)
        if isinstance(number, Open):
            raise StopError(number)
        here = _sum(given, given.datum(here), given.datum(number))
    return here


def _sum(given: Given, one: Datum, two: Datum) -> int | float:
    result = as_number(binary("+", one, two, given.span))
    if isinstance(result, Open):
        raise StopError(result)
    return result


FUNCTIONS = {
    "abs": Function(absolute, 1, 1),
    "ceil": Function(ceil, 1, 1),
    "floor": Function(floor, 1, 1),
    "log": Function(logarithm, 2, 2),
    "max": Function(greatest, 1, None),
    "min": Function(least, 1, None),
    "parseint": Function(parse_integer, 2, 2),
    "pow": Function(power, 2, 2),
    "range": Function(numbers_between, 1, 3),
    "signum": Function(signum, 1, 1),
    "sum": Function(total, 1, 1),
}
