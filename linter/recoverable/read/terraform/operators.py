"""Terraform's operators and conversions of single values, on values that may not be known.

https://developer.hashicorp.com/terraform/language/expressions/operators
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open, literal
from recoverable.read.terraform.kinds import DEEPEST, MOST_PARTS, WRONG, ListOf, MapOf, SetOf, named, refused
from recoverable.read.terraform.numerals import MOST_BITS, exact, number_of, number_text, settled
from recoverable.text import Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

    from recoverable.read.data import Content
    from recoverable.source import Span


def as_bool(datum: Datum) -> bool | Open:
    """As Terraform converts to a boolean: the texts "true" and "false" count, "1" and "0" too."""
    match datum.content:
        case bool(content):
            return content
        case Open() as open_:
            return open_
        case Text() as text if text.literal() is None:
            return Open(text.why_open())
        case str() | Text():
            told = {"true": True, "1": True, "false": False, "0": False}.get(literal(datum) or "")
            if told is not None:
                return told
    return refused(f"true or false was expected, not {named(datum.content)}")


def as_number(datum: Datum) -> int | float | Open:
    """As Terraform converts to a number: a text of digits counts."""
    match datum.content:
        case bool():
            return refused("a number was expected, not a boolean")
        case int() | float() as content:
            return content
        case Open() as open_:
            return open_
        case Text() as text if text.literal() is None:
            return Open(text.why_open())
        case str() | Text():
            return number_of(literal(datum) or "")
    return refused(f"a number was expected, not {named(datum.content)}")


def as_text(datum: Datum) -> Text | Open:
    """As Terraform converts to a text: numbers and booleans count. What is not known is a text that is one hole."""
    match datum.content:
        case bool(content):
            return joined("true" if content else "false")
        case int() | float() as content:
            return joined(number_text(content))
        case str() | Text():
            return datum.text()
        case Open(type=kind) as open_:
            return open_ if kind == WRONG else datum.text()
    return refused(f"a text was expected, not {named(datum.content)}")


def negated(operator: str, operand: Datum, span: Span) -> Datum:
    """`!` and unary `-`."""
    if operator == "!":
        held = as_bool(operand)
        return Datum(held if isinstance(held, Open) else not held, span)
    number = as_number(operand)
    return Datum(number if isinstance(number, Open) else -number, span)


def binary(operator: str, left: Datum, right: Datum, span: Span) -> Datum:
    """Arithmetic and comparison of numbers."""
    one, two = as_number(left), as_number(right)
    for each in (one, two):
        if isinstance(each, Open) and each.type == WRONG:
            return Datum(each, span)
    if isinstance(one, Open) or isinstance(two, Open):
        reason = one.reason if isinstance(one, Open) else two.reason if isinstance(two, Open) else ""
        return Datum(Open(reason), span)
    return Datum(_computed(operator, one, two), span)


def _computed(operator: str, one: float, two: float) -> int | float | bool | Open:
    match operator:
        case "<":
            return one < two
        case ">":
            return one > two
        case "<=":
            return one <= two
        case ">=":
            return one >= two
        case "/" if two == 0:
            return refused("a division by zero")
        case "%" if two == 0:
            return one
        case "+" | "-" | "*" if isinstance(one, int) and isinstance(two, int):
            result = one + two if operator == "+" else one - two if operator == "-" else one * two
            return result if result.bit_length() <= MOST_BITS else Open("a number too large to work with")
        case "/" if isinstance(one, int) and isinstance(two, int) and one % two == 0:
            return one // two
        case "+" | "-" | "*" | "/" | "%":
            return _with_fractions(operator, exact(one), exact(two))
        case _:
            return Open(f"the operator {operator}")


def _with_fractions(operator: str, one: Decimal, two: Decimal) -> int | float | Open:
    from decimal import Context, Decimal, Overflow  # noqa: PLC0415 (most numbers are whole)

    context = Context(prec=200, Emax=400, Emin=-400)
    try:
        match operator:
            case "+":
                result = context.add(one, two)
            case "-":
                result = context.subtract(one, two)
            case "*":
                result = context.multiply(one, two)
            case "/":
                result = context.divide(one, two)
            case _:
                # Rounded towards zero: the remainder has the sign of what is divided.
                whole = context.divide(one, two).to_integral_value(rounding="ROUND_DOWN")
                result = context.subtract(one, context.multiply(whole, two))
    except Overflow:
        result = Decimal("inf")
    return settled(result)


def same(left: Datum, right: Datum) -> bool | Open:
    """Whether two values are equal as `==` has it: of one type and of one value; nothing is converted.

    Texts that are not wholly known are told apart by what is known of them.
    """
    return _Comparison().same(left, right, 0)


class _Comparison:
    """One comparison; parts that are used in many places are compared once."""

    __slots__ = ("kept", "told")

    def __init__(self) -> None:
        self.told: dict[tuple[int, int], bool | Open] = {}
        # What is compared must outlive the comparison: its identity stands for it.
        self.kept: list[Content] = []

    def same(self, left: Datum, right: Datum, depth: int) -> bool | Open:
        one, two = left.content, right.content
        for side in (one, two):
            if isinstance(side, Open):
                return _same_unknown(one, two) or side
        if isinstance(one, bool) or isinstance(two, bool):
            return one is two
        if isinstance(one, int | float) and isinstance(two, int | float):
            return one == two
        if isinstance(one, str | Text) and isinstance(two, str | Text):
            return same_text(left.text(), right.text())
        if isinstance(one, Fields) and isinstance(two, Fields):
            return self._same_parts(one, two, depth)
        if isinstance(one, Items) and isinstance(two, Items):
            return self._same_parts(one, two, depth)
        return one is None and two is None

    def _same_parts(self, one: Fields | Items, two: Fields | Items, depth: int) -> bool | Open:
        if depth > DEEPEST or len(self.kept) > MOST_PARTS:
            return Open("values that are too large to compare")
        key = (id(one), id(two))
        told = self.told.get(key)
        if told is None:
            self.kept += (one, two)
            told = self.told[key] = self._compared(one, two, depth)
        return told

    def _compared(self, one: Fields | Items, two: Fields | Items, depth: int) -> bool | Open:
        open_ = one.open or two.open
        if isinstance(one, Items) and isinstance(two, Items):
            left, right = tuple(one), tuple(two)
            if open_:
                return Open(open_)
            alike = len(left) == len(right)
            pairs = list(zip(left, right, strict=alike))
        else:
            assert isinstance(one, Fields)
            assert isinstance(two, Fields)
            first, second = dict(one.items()), dict(two.items())
            if open_:
                return Open(open_)
            alike = set(first) == set(second)
            pairs = [(first[key], second[key]) for key in first] if alike else []
        if not alike:
            return False
        answers = [self.same(*pair, depth + 1) for pair in pairs]
        unsure = next((answer for answer in answers if isinstance(answer, Open)), True)
        if False in answers and not (isinstance(unsure, Open) and unsure.type == WRONG):
            return False
        if unsure is True and _form(one) != _form(two):
            # A tuple is never equal to a list; but a list is not always known as one.
            forms = {_form(one), _form(two)}
            return False if forms == {"list", "set"} else Open("whether the two are of one type")
        return unsure


def _form(content: Fields | Items) -> str:
    match content:
        case ListOf():
            return "list"
        case SetOf():
            return "set"
        case MapOf():
            return "map"
        case _:
            return ""


def _same_unknown(one: Content, two: Content) -> bool:
    """Whether two values that are not known are one and the same."""
    if not isinstance(one, Open) or not isinstance(two, Open) or WRONG in (one.type, two.type):
        return False
    return (one.stands_for, one.parameter) == (two.stands_for, two.parameter) != ("", "")


def same_text(one: Text, two: Text) -> bool | Open:
    """Whether two texts are equal, as far as what is known of them tells."""
    known = one.literal(), two.literal()
    if known[0] is not None and known[1] is not None:
        return known[0] == known[1]
    if one.identity() is not None and one.identity() == two.identity():
        return True
    starts = _end(one, 0), _end(two, 0)
    ends = _end(one, -1), _end(two, -1)
    if not starts[0].startswith(starts[1]) and not starts[1].startswith(starts[0]):
        return False
    if not ends[0].endswith(ends[1]) and not ends[1].endswith(ends[0]):
        return False
    for whole, part in ((known[0], two), (known[1], one)):
        if whole is not None and len(whole) < sum(len(piece) for piece in part.parts if isinstance(piece, str)):
            return False
    return Open("; ".join(dict.fromkeys(filter(None, (one.why_open(), two.why_open())))))


def _end(text: Text, at: int) -> str:
    """What is known of one end of a text."""
    piece = text.parts[at] if text.parts else ""
    return piece if isinstance(piece, str) else ""
