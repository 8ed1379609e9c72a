"""HCL expressions into syntax, operators by precedence.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#expressions
"""

from __future__ import annotations

import re

from recoverable.read.hcl.lexer import END, HEREDOC_TOKEN, LINE_BREAK, NAME_TOKEN, NUMBER, SYMBOL, TEXT, Lexer
from recoverable.read.hcl.places import Places
from recoverable.read.hcl.syntax import (
    Attribute,
    Binary,
    Call,
    Conditional,
    For,
    Index,
    ListOf,
    Literal,
    Name,
    ObjectItem,
    ObjectOf,
    Splat,
    Template,
    Unary,
)
from recoverable.read.hcl.templates import read_heredoc, read_quoted, read_template, unescaped
from recoverable.read.refusals import DEPTH_LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.hcl.syntax import Expression

_WELL_FORMED = r"([0-9]++)(?:\.([0-9]++))?(?:[eE]([+-]?[0-9]++))?"

#: Binding power; operators of one line bind alike, and from the left.
_PRECEDENCE = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!="), 3),
    **dict.fromkeys(("<", ">", "<=", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}
WORDS = {"true": True, "false": False, "null": None}
#: Converting more digits takes time with the square of their number.
MOST_DIGITS = 1000


class Parser(Lexer):
    """Reads one expression."""

    __slots__ = ()

    def whole(self, *, flowing: bool) -> Expression:
        """All there is, as one expression. Raises MalformedError."""
        self.flowing = flowing
        self.advance()
        expression = self.expression()
        if self.kind != END:
            raise self.unexpected("the end of the expression")
        return expression

    def expression(self, floor: int = 0) -> Expression:
        """An expression whose operators bind at least as strongly as `floor`; a conditional binds least."""
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise self.deep()
        start = self.start
        left = self.term()
        while self.kind == SYMBOL:
            operator = self.value
            power = _PRECEDENCE.get(operator)
            if power is None or power < floor:
                break
            height = self.height
            self.advance()
            right = self.expression(power + 1)
            self.grown(height)
            left = Binary(operator, left, right, self.span(start, self.previous))
        if floor == 0 and self.kind == SYMBOL and self.value == "?":
            height = self.height
            self.advance()
            when_true = self.expression()
            height = max(height, self.height)
            self.take(":", '":" and what holds otherwise')
            when_false = self.expression()
            self.grown(height)
            left = Conditional(left, when_true, when_false, self.span(start, self.previous))
        self.depth -= 1
        return left

    def grown(self, height: int) -> None:
        """The tree that was read last, and one of this height, are now under one node."""
        self.height = max(self.height, height) + 1
        if self.height > DEPTH_LIMIT:
            raise self.deep()

    def term(self) -> Expression:
        """An operand, with the attributes and indexes behind it."""
        start, kind, value = self.start, self.kind, self.value
        self.height = 1
        expression: Expression
        if kind == NAME_TOKEN:
            self.advance()
            if self.kind == SYMBOL and self.value in ("(", "::"):
                expression = self.call(value, start)
            elif value in WORDS:
                expression = Literal(WORDS[value], self.span(start, self.previous))
            else:
                if not value.isascii() and not value.replace("-", "_").isidentifier():
                    raise self.odd_name(value, start)
                expression = Name(value, self.span(start, self.previous))
        elif kind == TEXT:
            self.advance()
            expression = Template((value,) if value else (), self.span(start, self.previous))
        elif kind == NUMBER:
            self.advance()
            expression = Literal(self.number(value, start), self.span(start, self.previous))
        elif kind == SYMBOL:
            match value:
                case "(":
                    expression = self.parenthesis()
                case "[":
                    expression = self.list()
                case "{":
                    expression = self.object()
                case '"':
                    expression = read_quoted(self)
                case "-" | "!":
                    return self.unary(value, start)
                case _:
                    raise self.unexpected("a value")
        elif kind == HEREDOC_TOKEN:
            expression = read_heredoc(self)
        else:
            raise self.unexpected("a value")
        while self.kind == SYMBOL and self.value in (".", "["):
            expression = self.step(expression, start)
        return expression

    def unary(self, operator: str, start: int) -> Expression:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise self.deep()
        self.advance()
        operand = self.term()
        self.depth -= 1
        self.grown(0)
        return Unary(operator, operand, self.span(start, self.previous))

    def parenthesis(self) -> Expression:
        flowing = self.enter()
        expression = self.expression()
        self.leave(")", flowing, "this parenthesis")
        return expression

    # Attributes, indexes and splats.

    def step(self, target: Expression, start: int) -> Expression:
        """One step from `target`, which began at `start`: the next token is a dot or a bracket."""
        height = self.height
        if self.value == "[":
            flowing = self.enter()
            if self.at("*"):
                self.advance()
                self.leave("]", flowing, "the splat")
                return self.splat(target, start, height, full=True)
            key = self.expression()
            self.leave("]", flowing, "the index")
            self.grown(height)
            return Index(target, key, self.span(start, self.previous))
        self.advance()
        if self.at("*"):
            self.advance()
            return self.splat(target, start, height, full=False)
        named = self.attribute()
        self.height = height
        self.grown(0)
        span = self.span(start, self.previous)
        return Attribute(target, named, span) if isinstance(named, str) else Index(target, named, span)

    def attribute(self) -> str | Literal:
        """What stands behind a dot: a name, or as in old configurations an index."""
        start, value = self.start, self.value
        if self.kind == NAME_TOKEN:
            self.advance()
            return value
        if self.kind == NUMBER:
            if not value.isdecimal():
                raise self.wrong(
                    f'".{value}" is no attribute and no index', start, self.end, "Indexes are written [0][1]."
                )
            self.advance()
            return Literal(self.number(value, start), self.span(start, self.previous))
        raise self.unexpected("the name of an attribute")

    def splat(self, target: Expression, start: int, height: int, *, full: bool) -> Splat:
        """What follows a splat, for each of its items. Behind `[*]` that is everything, another splat as well."""
        each: list[str | Expression] = []
        highest = height
        while self.kind == SYMBOL and (self.value == "." or (full and self.value == "[")):
            here = self.start
            if self.value == "[":
                flowing = self.enter()
                if self.at("*"):
                    self.advance()
                    self.leave("]", flowing, "the splat")
                    self.deepen()
                    each.append(self.splat(Name("*", self.span(here, self.previous)), here, 1, full=True))
                    self.depth -= 1
                else:
                    each.append(self.expression())
                    self.leave("]", flowing, "the index")
                highest = max(highest, self.height)
                continue
            self.advance()
            if not self.at("*"):
                each.append(self.attribute())
                continue
            if not full:
                raise self.wrong(
                    '".*" behind ".*"', self.start, self.end, "Write [*] instead, which takes any number of them."
                )
            self.advance()
            self.deepen()
            each.append(self.splat(Name("*", self.span(here, self.previous)), here, 1, full=False))
            self.depth -= 1
            highest = max(highest, self.height)
        self.height = highest
        self.grown(0)
        return Splat(target, tuple(each), full, self.span(start, self.previous))

    def deepen(self) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise self.deep()

    # Calls, lists, objects and `for`.

    def call(self, name: str, start: int) -> Call:
        while self.at("::"):
            self.advance()
            name += "::" + self.word("the name of a function")
        if not self.at("("):
            raise self.unexpected('"(" behind the name of a function')
        flowing = self.enter()
        arguments: list[Expression] = []
        highest, expanded = 0, False
        while not self.at(")"):
            arguments.append(self.expression())
            highest = max(highest, self.height)
            if self.at("..."):
                self.advance()
                expanded = True
                break
            if not self.at(","):
                break
            self.advance()
        self.leave(")", flowing, f"the call of {name}, or a comma")
        self.height = highest
        self.grown(0)
        return Call(name, tuple(arguments), expanded, self.span(start, self.previous))

    def list(self) -> Expression:
        start = self.start
        flowing = self.enter()
        if self.kind == NAME_TOKEN and self.value == "for":
            return self.for_(start, flowing, "]")
        items: list[Expression] = []
        highest = 0
        while not self.at("]"):
            items.append(self.expression())
            highest = max(highest, self.height)
            if not self.at(","):
                break
            self.advance()
        self.leave("]", flowing, "the list, or a comma")
        self.height = highest
        self.grown(0)
        return ListOf(tuple(items), self.span(start, self.previous))

    def object(self) -> Expression:
        start = self.start
        flowing, self.flowing = self.flowing, False
        self.advance()
        self.blank_lines()
        if self.kind == NAME_TOKEN and self.value == "for":
            self.flowing = True
            return self.for_(start, flowing, "}")
        items: list[ObjectItem] = []
        highest = 0
        while not self.at("}"):
            key = self.key()
            highest = max(highest, self.height)
            if not (self.at("=") or self.at(":")):
                raise self.unexpected('"=" behind the key')
            self.advance()
            items.append(ObjectItem(key, self.expression()))
            highest = max(highest, self.height)
            if self.kind == LINE_BREAK or self.at(","):
                self.advance()
                self.blank_lines()
                continue
            break
        self.leave("}", flowing, "the object, or a comma or new line")
        self.height = highest
        self.grown(0)
        return ObjectOf(tuple(items), self.span(start, self.previous))

    def blank_lines(self) -> None:
        while self.kind == LINE_BREAK:
            self.advance()

    def key(self) -> Expression:
        start = self.start
        if self.kind == NAME_TOKEN:
            word, end = self.value, self.end
            self.advance()
            if self.at("=") or self.at(":"):
                return Template((word,), self.span(start, end))
            self.resume(start, flowing=False)
        return self.expression()

    def for_(self, start: int, flowing: bool, closer: str) -> For:
        """A `for` expression: the next token is its `for`."""
        self.advance()
        key, value = "", self.word("a name for the items")
        if self.at(","):
            self.advance()
            key, value = value, self.word("a name for the values")
        if self.kind != NAME_TOKEN or self.value != "in":
            raise self.unexpected('"in" and a collection')
        self.advance()
        collection = self.expression()
        highest = self.height
        self.take(":", '":" and the result')
        key_result, result, condition = None, self.expression(), None
        highest = max(highest, self.height)
        if closer == "}":
            if not self.at("=>"):
                raise self.unexpected('"=>" and a value')
            self.advance()
            key_result, result = result, self.expression()
            highest = max(highest, self.height)
        grouped = closer == "}" and self.at("...")
        if grouped:
            self.advance()
        if self.kind == NAME_TOKEN and self.value == "if":
            self.advance()
            condition = self.expression()
            highest = max(highest, self.height)
        self.leave(closer, flowing, "the for expression")
        self.height = highest
        self.grown(0)
        return For(key, value, collection, key_result, result, condition, grouped, self.span(start, self.previous))

    def number(self, digits: str, start: int) -> int | float:
        if len(digits) <= MOST_DIGITS and digits.isdecimal():
            return int(digits)
        found = re.fullmatch(_WELL_FORMED, digits)
        if found is None:
            raise self.wrong(f'"{digits[:40]}" is no number', start, start + len(digits))
        whole, fraction, exponent = found.groups()
        if fraction is None and exponent is None:
            return float(whole)
        value = float(digits)
        # There is one kind of number in HCL: 1.0 and 1e0 are 1.
        if value.is_integer() and abs(value) < 2**53:
            return int(value)
        return value


def parse_expression(text: str, path: str) -> Expression:
    """An expression that stands alone; it may go over several lines. Raises MalformedError."""
    return Parser(Places(text, path), 0, len(text)).whole(flowing=True)


def parse_template(text: str, path: str) -> Template:
    """A template that stands alone, as in a file for `templatefile`. Raises MalformedError."""
    return read_template(Parser(Places(text, path), 0, len(text)))


__all__ = ["Parser", "parse_expression", "parse_template", "unescaped"]
