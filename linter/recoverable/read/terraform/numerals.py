"""Numbers as Terraform reads and writes them: decimals that are kept exactly.

https://developer.hashicorp.com/terraform/language/expressions/types#types
"""

from __future__ import annotations

import re

from recoverable.read.data import Open
from recoverable.read.terraform.kinds import refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

#: Terraform's numbers have 512 bits; beyond that it rounds, and larger texts of digits are somebody's bomb.
MOST_BITS = 512

_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")


def number_of(text: str) -> int | float | Open:
    """A decimal number from its text, whole ones as integers."""
    if not _NUMBER.fullmatch(text):
        return refused(f"a number was expected, not {text[:40]}")
    digits, _, exponent = text.lower().partition("e")
    if len(digits) > 160 or len(exponent) > 4:
        return Open("a number too large to work with")
    return settled(exact(text))


def exact(number: float | str) -> Decimal:
    """A number as the decimal that was written: 0.1 is a tenth."""
    from decimal import Decimal  # noqa: PLC0415 (most numbers are whole)

    return Decimal(number) if isinstance(number, int) else Decimal(str(number))


def settled(number: Decimal) -> int | float | Open:
    """A decimal as the number it is: whole ones as integers, the others as near as a float comes."""
    if not number.is_finite() or abs(number.adjusted()) > 150:
        return Open("a number too large or too small to work with") if number else 0
    whole = int(number)
    return whole if whole == number else float(number)


def number_text(number: float) -> str:
    """A number as Terraform writes it in a text: without an exponent."""
    if isinstance(number, int):
        return str(number) if number.bit_length() <= MOST_BITS else "a large number"
    shown = repr(number)
    return shown if "e" not in shown and not shown.endswith(".0") else format(exact(number).normalize(), "f")


def scientific(number: Decimal, precision: int) -> str:
    """With one digit before the point, and an exponent of at least two."""
    if not number:
        return format(number.scaleb(-number.adjusted()), f".{precision}f") + "e+00"
    mantissa, _, exponent = format(number, f".{precision}e").partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].rjust(2, '0')}"


def general(number: Decimal, precision: int | None) -> str:
    """As Go's `%g` has it: an exponent for what is very small, or has more digits than six or than are asked for."""
    if not number:
        return "0"
    if precision is not None:
        from decimal import Context  # noqa: PLC0415 (hardly anybody asks)

        number = Context(prec=max(precision, 1), Emax=999, Emin=-999).plus(number)
    _, digits, exponent = number.normalize().as_tuple()
    assert isinstance(exponent, int)
    point = len(digits) + exponent
    limit = 6 if precision is None else max(precision, 1)
    if precision is not None and limit > len(digits) >= point:
        limit = len(digits)
    if point - 1 < -4 or point - 1 >= limit:
        return ("-" if number < 0 else "") + scientific(abs(number), len(digits) - 1)
    return format(number, "f").rstrip("0").rstrip(".") if exponent < 0 else format(number, "f")
