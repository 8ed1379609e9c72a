"""`format` and `formatlist`: verbs as in C's `printf`, for Terraform's values.

https://developer.hashicorp.com/terraform/language/functions/format
"""

from __future__ import annotations

import re

from recoverable.read.data import Datum, Items, Open
from recoverable.read.terraform.functions.arguments import Function, Given, StopError, plain, unknown, whole, wrong
from recoverable.read.terraform.functions.json_texts import encoded
from recoverable.read.terraform.functions.texts import characters
from recoverable.read.terraform.kinds import STRING, ListOf
from recoverable.read.terraform.numerals import exact, general, number_text, scientific
from recoverable.read.terraform.operators import as_bool, as_number, as_text
from recoverable.text import Hole, Text, joined
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

    from recoverable.read.data import Content

_VERB = re.compile(r"%(?:%|([0#\-+ ]*+)([1-9][0-9]*+)?(\.[0-9]*+)?(?:\[([1-9][0-9]*+)\])?([a-zA-Z]))")

#: Wider fields than this are somebody's bomb.
WIDEST = 10_000


class Verb(NamedTuple):
    """One verb; `width` and `precision` are None where they are not written."""

    raw: str
    flags: str
    width: int | None
    precision: int | None
    mode: str


def format_text(given: Given) -> Content:
    return plain(_formatted(given.text(0), given.arguments[1:]))


def format_list(given: Given) -> Content:
    """Lists are gone through side by side, everything else is used again for each of their items."""
    pattern = given.text(0)
    columns = [given.all_items(at) if _is_list(given.arguments[at]) else None for at in range(1, len(given))]
    lengths = {len(column) for column in columns if column is not None}
    if len(lengths) > 1:
        raise wrong("the lists that formatlist() takes are equally long")
    made = []
    for row in range(lengths.pop() if lengths else 1):
        pairs = zip(columns, given.arguments[1:], strict=True)
        made.append(
            given.datum(_cell(pattern, tuple(each if column is None else column[row] for column, each in pairs)))
        )
    return ListOf(tuple(made), of=STRING)


def _is_list(datum: Datum) -> bool:
    if isinstance(datum.content, Open):
        # Of one text or of a list of them: it cannot be told which.
        raise StopError(Open(datum.content.reason))
    return isinstance(datum.content, Items)


def _cell(pattern: str, arguments: tuple[Datum, ...]) -> Content:
    return plain(_formatted(pattern, arguments))


def _formatted(pattern: str, arguments: tuple[Datum, ...]) -> Text:
    parts: list[str | Text] = []
    following = 1
    highest = 0
    end = 0
    for found in _VERB.finditer(pattern):
        parts.append(_between(pattern, end, found.start()))
        end = found.end()
        if found[0] == "%%":
            parts.append("%")
            continue
        flags, width, precision, index, mode = found.groups()
        verb = Verb(found[0], flags or "", _size(width), _size(precision and (precision[1:] or "0")), mode)
        at = _size(index) or following
        highest = max(highest, at)
        following = at + 1
        if at > len(arguments):
            raise wrong(f"format() has no argument for {verb.raw}")
        parts.append(_shown(verb, arguments[at - 1]))
    parts.append(_between(pattern, end, len(pattern)))
    if highest < len(arguments):
        raise wrong("format() has more arguments than its text has verbs")
    return joined(*parts)


def _between(pattern: str, start: int, end: int) -> str:
    text = pattern[start:end]
    if "%" in text:
        raise wrong(f"{text[text.index('%') :][:20]} is no verb of format()")
    return text


def _size(digits: str | None) -> int | None:
    if digits is None:
        return None
    if len(digits) > 6 or int(digits) > WIDEST:
        raise unknown("it makes too long a text")
    return int(digits)


def _shown(verb: Verb, argument: Datum) -> str | Text:
    if argument.content is None:
        # Terraform does not know the type of a `null` that stands by itself.
        raise unknown("null in format()")
    match verb.mode:
        case "v":
            return _as_it_is(verb, argument)
        case "t":
            held = as_bool(argument)
            return _hole(held) if isinstance(held, Open) else "true" if held else "false"
        case "b" | "d" | "o" | "x" | "X":
            number = as_number(argument)
            return _hole(number) if isinstance(number, Open) else _whole_number(verb, number)
        case "e" | "E" | "f" | "g" | "G":
            number = as_number(argument)
            return _hole(number) if isinstance(number, Open) else _fraction(verb, exact(number))
        case "s" | "q":
            return _text(verb, argument)
        case _:
            raise wrong(f"{verb.raw} is no verb of format()")


def _hole(why: Open) -> Text:
    """What a value that is not known leaves in the text."""
    if why.type == "wrong":
        raise StopError(why)
    return Text((Hole(why.reason, why.stands_for, why.parameter, why.type),))


def _as_it_is(verb: Verb, argument: Datum) -> str | Text:
    content = argument.content
    if "#" not in verb.flags:
        match content:
            case Open() | Text() | str():
                return _text(verb._replace(mode="s", precision=None), argument)
            case bool():
                pass
            case int() | float():
                return _padded(verb, general(exact(content), None))
    return _padded(verb, whole(encoded(argument)))


def _text(verb: Verb, argument: Datum) -> str | Text:
    text = as_text(argument)
    if isinstance(text, Open):
        raise StopError(text)
    known = text.literal()
    if known is None:
        if verb.mode == "s" and verb.width is None and not verb.precision:
            return text
        raise unknown(text.why_open())
    if verb.precision:
        known = "".join(characters(known)[: verb.precision])
    if verb.mode == "q":
        known = whole(encoded(Datum(known, argument.origin)))
    return _padded(verb, known)


def _padded(verb: Verb, text: str) -> str:
    missing = 0 if verb.width is None else verb.width - len(characters(text))
    if missing <= 0:
        return text
    padding = ("0" if "0" in verb.flags else " ") * missing
    return text + padding if "-" in verb.flags else padding + text


def _whole_number(verb: Verb, number: float) -> str:
    """As Go prints whole numbers: signs and prefixes first, then as many zeros as are asked for."""
    if not isinstance(number, int):
        raise wrong(f"{verb.raw} takes a whole number, not {number_text(number)}")
    digits = format(abs(number), {"X": "X"}.get(verb.mode, verb.mode))
    prefix = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(verb.mode, "") if "#" in verb.flags else ""
    sign = "-" if number < 0 else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    if verb.precision is not None:
        if not verb.precision and not number:
            digits = ""
        digits = digits.rjust(verb.precision, "0")
    elif "0" in verb.flags and "-" not in verb.flags and verb.width:
        digits = digits.rjust(verb.width - len(sign + prefix), "0")
    return _filled(verb, sign + prefix + digits)


def _fraction(verb: Verb, number: Decimal) -> str:
    sign = "-" if number < 0 else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    if "#" in verb.flags or _is_tie(number, verb):
        raise unknown(f"{verb.raw} in format()")
    match verb.mode.lower():
        case "f":
            digits = format(abs(number), f".{6 if verb.precision is None else verb.precision}f")
        case "e":
            digits = scientific(abs(number), 6 if verb.precision is None else verb.precision)
        case _:
            digits = general(abs(number), verb.precision)
    digits = digits.upper() if verb.mode.isupper() else digits
    if "0" in verb.flags and "-" not in verb.flags and verb.width:
        digits = digits.rjust(verb.width - len(sign), "0")
    return _filled(verb, sign + digits)


def _is_tie(number: Decimal, verb: Verb) -> bool:
    """Whether rounding goes by what Terraform's binary number is above or below the decimal that was written."""
    if float(number) == number:
        return False
    precision = 6 if verb.precision is None and verb.mode.lower() != "g" else verb.precision
    if precision is None:
        return False
    _, digits, exponent = number.normalize().as_tuple()
    assert isinstance(exponent, int)
    kept = {"f": len(digits) + exponent + precision, "e": precision + 1}.get(verb.mode.lower(), max(precision, 1))
    return digits[-1] == 5 and len(digits) == kept + 1


def _filled(verb: Verb, text: str) -> str:
    width = verb.width or 0
    return text.ljust(width) if "-" in verb.flags else text.rjust(width)


FUNCTIONS = {
    "format": Function(format_text, 1, None),
    "formatlist": Function(format_list, 1, None),
}
