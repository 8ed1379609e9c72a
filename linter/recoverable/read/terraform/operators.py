"""Terraform's operators and conversions, on values that may not be known.

https://developer.hashicorp.com/terraform/language/expressions/operators
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open, kind_of, literal
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.source import Span


def as_bool(datum: Datum) -> bool | Open:
    """As Terraform converts to a boolean: the texts "true" and "false" count."""
    match datum.content:
        case bool(content):
            return content
        case Open() as open_:
            return open_
        case Text() as text if text.literal() is None:
            return Open(text.why_open())
    text = literal(datum)
    if text in ("true", "false"):
        return text == "true"
    return Open(f"true or false was expected, not {kind_of(datum.content)}")


def as_number(datum: Datum) -> int | float | Open:
    """As Terraform converts to a number: a text of digits counts."""
    match datum.content:
        case bool():
            return Open("a number was expected, not a boolean")
        case int(content) | float(content):
            return content
        case Open() as open_:
            return open_
        case str(content) if len(content) < 40:
            try:
                number = float(content)
            except ValueError:
                return Open(f"a number was expected, not {content}")
            return int(number) if number.is_integer() else number
    return Open(f"a number was expected, not {kind_of(datum.content)}")


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
        if isinstance(each, Open):
            return Datum(each, span)
    assert not isinstance(one, Open)
    assert not isinstance(two, Open)
    try:
        return Datum(_computed(operator, one, two), span)
    except (ZeroDivisionError, OverflowError):
        return Datum(Open("a number that cannot be worked out"), span)


def _computed(operator: str, one: int | float, two: int | float) -> int | float | bool | Open:
    match operator:
        case "<":
            return one < two
        case ">":
            return one > two
        case "<=":
            return one <= two
        case ">=":
            return one >= two
        case "+":
            result = one + two
        case "-":
            result = one - two
        case "*":
            result = one * two
        case "/":
            result = one // two if isinstance(one, int) and isinstance(two, int) and one % two == 0 else one / two
        case "%":
            import math  # noqa: PLC0415 (hardly anybody asks)

            result = int(math.fmod(one, two)) if isinstance(one, int) and isinstance(two, int) else math.fmod(one, two)
        case _:
            return Open(f"the operator {operator}")
    if isinstance(result, float) and result.is_integer():
        result = int(result)
    return result


def same(left: Datum, right: Datum) -> bool | Open:
    """Whether two values are equal as `==` has it: of one type and of one value; nothing is converted."""
    one, two = left.content, right.content
    for side in (one, two):
        if isinstance(side, Open):
            return side
    if isinstance(one, Fields) and isinstance(two, Fields):
        return _same_fields(one, two)
    if isinstance(one, Items) and isinstance(two, Items):
        return _same_items(one, two)
    if isinstance(one, str | Text) and isinstance(two, str | Text):
        texts = left.text(), right.text()
        known = texts[0].literal(), texts[1].literal()
        if known[0] is not None and known[1] is not None:
            return known[0] == known[1]
        if texts[0].identity() is not None and texts[0].identity() == texts[1].identity():
            return True
        return Open("; ".join(filter(None, (text.why_open() for text in texts))))
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if isinstance(one, int | float) and isinstance(two, int | float):
        return one == two
    return one is None and two is None


def _same_items(one: Items, two: Items) -> bool | Open:
    left, right = tuple(one), tuple(two)
    open_ = one.open or two.open
    if open_:
        return Open(open_)
    if len(left) != len(right):
        return False
    return _all([same(a, b) for a, b in zip(left, right, strict=True)])


def _same_fields(one: Fields, two: Fields) -> bool | Open:
    open_ = one.open or two.open
    if open_:
        return Open(open_)
    left, right = dict(one.items()), dict(two.items())
    if set(left) != set(right):
        return False
    return _all([same(left[key], right[key]) for key in left])


def _all(answers: list[bool | Open]) -> bool | Open:
    if any(answer is False for answer in answers):
        return False
    return next((answer for answer in answers if isinstance(answer, Open)), True)
