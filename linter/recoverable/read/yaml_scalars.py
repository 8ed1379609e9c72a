"""What YAML 1.1 makes of a scalar's text."""

from __future__ import annotations

import re

_TRUTHS = {
    form: value
    for word, value in {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}.items()
    for form in (word, word.title(), word.upper())
}
_NULLS = dict.fromkeys(("", "~", "null", "Null", "NULL"))
#: Plain scalars that are no text.
WORDS: dict[str, bool | None] = {**_TRUTHS, **_NULLS}
#: What a number begins with.
NUMBER_START = frozenset("0123456789+-.")

# Nobody writes longer numbers; converting them costs time quadratic in their length.
_NUMBER_LENGTH = 100
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*+(?::[0-5]?[0-9])*+)\Z")
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*+\.[0-9_]*+(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*+(?:[eE][-+][0-9]+)?"
    r"|[0-9][0-9_]*+(?::[0-5]?[0-9])++\.[0-9_]*+|\.(?:inf|Inf|INF))\Z|\.(?:nan|NaN|NAN)\Z"
)

Value = str | int | float | bool | None


def number(text: str) -> int | float | str:
    """The number that a plain scalar is, or its text: octal `0644`, `0x1F`, `1_000`, `1:30:00`, `.inf` and so on.

    Timestamps and, as in YAML 1.1, `1e3` and `0o17` are text.
    """
    if len(text) > _NUMBER_LENGTH:
        return text
    if _INTEGER.match(text):
        return _integer(text)
    if _FLOAT.match(text):
        return _float(text)
    return text


def standard(text: str, tag: str) -> tuple[Value, str]:
    """Text read as its standard tag (`!!int`) says, and the tag that is left to keep. ValueError if it cannot be."""
    match tag:
        case "!!str":
            return text, ""
        case "!!null" if text in _NULLS:
            return None, ""
        case "!!bool" if text in _TRUTHS:
            return _TRUTHS[text], ""
        case "!!int" if len(text) <= _NUMBER_LENGTH and _INTEGER.match(text):
            return _integer(text), ""
        case "!!float" if len(text) <= _NUMBER_LENGTH and (_FLOAT.match(text) or _INTEGER.match(text)):
            return _float(text), ""
        case "!!null" | "!!bool" | "!!int" | "!!float":
            raise ValueError(text)
        case _:
            return text, tag


def _integer(text: str) -> int:
    sign, digits = _signed(text)
    if ":" in digits:
        return sign * int(_sexagesimal(digits))
    if digits.startswith("0b"):
        return sign * int(digits[2:] or "0", 2)
    if digits.startswith("0x"):
        return sign * int(digits[2:] or "0", 16)
    if digits.startswith("0"):
        return sign * int(digits, 8)
    return sign * int(digits)


def _float(text: str) -> float:
    sign, digits = _signed(text)
    digits = digits.lower()
    if ":" in digits:
        return sign * _sexagesimal(digits)
    # Python reads "inf" and "nan" without the dot.
    return sign * float(digits[1:] if digits in (".inf", ".nan") else digits)


def _signed(text: str) -> tuple[int, str]:
    digits = text.replace("_", "")
    return (-1 if digits.startswith("-") else 1), digits.lstrip("+-")


def _sexagesimal(digits: str) -> int | float:
    total: int | float = 0
    for part in digits.split(":"):
        total = total * 60 + (float(part) if "." in part else int(part))
    return total
