"""Expressions that are written out and read again are the same, and every place holds what stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from hcl_reading import cut, shown, whole
from recoverable.read.hcl import syntax
from recoverable.read.hcl.parse import parse_expression
from recoverable.read.hcl.syntax import Directive, Expression, Part
from recoverable.source import Span

NOWHERE = Span("", 0, 0, 0, 0)
NAMES = st.sampled_from(["a", "var", "local", "each", "x-y", "größe", "_", "if", "in", "a1"])
ATTRIBUTES = st.sampled_from(["b", "for", "id", "x_1", "true"])
OPERATORS = ["||", "&&", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%"]
LITERAL_TEXTS = st.text(st.sampled_from('ab é\U0001f600"\\$%{}~#\n\t/'), min_size=1, max_size=6)


def _parts(expressions: st.SearchStrategy[Expression]) -> st.SearchStrategy[tuple[Part, ...]]:
    """Parts of a template: never two literal ones in a row."""
    directives = st.builds(
        Directive,
        st.just("if"),
        expressions,
        st.tuples(LITERAL_TEXTS),
        st.tuples(LITERAL_TEXTS) | st.just(()),
        st.just(""),
        st.just(""),
        st.just(NOWHERE),
    ) | st.builds(
        Directive,
        st.just("for"),
        expressions,
        st.tuples(LITERAL_TEXTS),
        st.just(()),
        st.sampled_from(["", "k"]),
        st.just("v"),
        st.just(NOWHERE),
    )
    return st.lists(st.one_of(LITERAL_TEXTS, expressions, directives), max_size=4).map(_melded)


def _melded(parts: list[Part]) -> tuple[Part, ...]:
    made: list[Part] = []
    for part in parts:
        if isinstance(part, str) and made and isinstance(made[-1], str):
            made[-1] += part
        else:
            made.append(part)
    return tuple(made)


def _template(parts: tuple[Part, ...]) -> syntax.Template:
    wrapped = len(parts) == 1 and not isinstance(parts[0], str | Directive)
    return syntax.Template(parts, NOWHERE, wrapped)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    at = st.just(NOWHERE)
    several = st.lists(inner, max_size=3).map(tuple)
    keys = st.builds(lambda word: syntax.Template((word,), NOWHERE), NAMES) | inner
    items = st.builds(syntax.ObjectItem, keys, inner)
    steps = st.lists(ATTRIBUTES | inner, max_size=3).map(tuple)
    return st.one_of(
        _parts(inner).map(_template),
        st.builds(syntax.Attribute, inner, ATTRIBUTES, at),
        st.builds(syntax.Index, inner, inner, at),
        st.builds(syntax.Splat, inner, steps, st.just(True), at),
        st.builds(syntax.Splat, inner, st.lists(ATTRIBUTES, max_size=2).map(tuple), st.just(False), at),
        st.builds(syntax.Call, st.sampled_from(["f", "provider::a::b"]), several, st.just(False), at),
        st.builds(syntax.Unary, st.sampled_from("-!"), inner, at),
        st.builds(syntax.Binary, st.sampled_from(OPERATORS), inner, inner, at),
        st.builds(syntax.Conditional, inner, inner, inner, at),
        st.builds(syntax.ListOf, several, at),
        st.builds(syntax.ObjectOf, st.lists(items, max_size=3).map(tuple), at),
        st.builds(
            syntax.For, st.just(""), st.just("v"), inner, st.none(), inner, st.none() | inner, st.just(False), at
        ),
        st.builds(syntax.For, st.just("k"), st.just("v"), inner, inner, inner, st.none() | inner, st.booleans(), at),
    )


LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.builds(syntax.Literal, st.sampled_from([0, 1, 35, 2**70, 1.5, True, False, None]), st.just(NOWHERE)),
    st.builds(syntax.Name, NAMES, st.just(NOWHERE)),
    st.builds(syntax.Template, st.just(()) | st.tuples(LITERAL_TEXTS), st.just(NOWHERE)),
)
EXPRESSIONS = st.recursive(LEAVES, _larger, max_leaves=12)
BLANKS = st.sampled_from(["", " ", "\t ", " /* , } */ "])


def _written(expression: Expression, blank: str) -> str:
    """An expression as HCL, with brackets around every operand and blanks wherever they may be."""

    def of(each: Expression) -> str:
        return _written(each, blank)

    def operand(each: Expression) -> str:
        return f"({blank}{_written(each, blank)}{blank})"

    match expression:
        case syntax.Literal(value):
            return (
                {True: "true", False: "false", None: "null"}[value] if isinstance(value, bool | None) else repr(value)
            )
        case syntax.Template(parts):
            return '"' + "".join(_part_written(part, blank) for part in parts) + '"'
        case syntax.Name(name):
            return name
        case syntax.Attribute(target, name):
            return f"{operand(target)}{blank}.{blank}{name}"
        case syntax.Index(target, key):
            return f"{operand(target)}{blank}[{blank}{of(key)}{blank}]"
        case syntax.Splat(target, each, full):
            steps = "".join(f".{blank}{step}" if isinstance(step, str) else f"[{of(step)}]" for step in each)
            return f"{operand(target)}{'[*]' if full else '.*'}{steps}"
        case syntax.Call(name, arguments):
            return f"{name}{blank}({f',{blank}'.join(map(of, arguments))})"
        case syntax.Unary(operator, inner):
            return f"{operator}{blank}{operand(inner)}"
        case syntax.Binary(operator, left, right):
            return f"{operand(left)}{blank}{operator}{blank}{operand(right)}"
        case syntax.Conditional(condition, when_true, when_false):
            return f"{operand(condition)}{blank}?{blank}{operand(when_true)}{blank}:{blank}{operand(when_false)}"
        case syntax.ListOf(items):
            return f"[{blank}{f'{blank},{blank}'.join(map(of, items))}{blank}]"
        case syntax.ObjectOf(entries):
            listed = f",{blank}".join(
                f"{_key_written(each.key, blank)}{blank}={blank}{of(each.value)}" for each in entries
            )
            return f"{{{blank}{listed}{blank}}}"
        case syntax.For(key, value, collection, key_result, result, condition, grouped):
            names = f"{key}, {value}" if key else value
            where = f" if {of(condition)}" if condition is not None else ""
            if key_result is None:
                return f"[for {names} in {of(collection)} : {of(result)}{where}]"
            dots = "..." if grouped else ""
            return f"{{for {names} in {of(collection)} : {of(key_result)} => {of(result)}{dots}{where}}}"
        case _:
            raise AssertionError(expression)


def _key_written(key: Expression, blank: str) -> str:
    match key:
        case syntax.Template((str(word),)) if word.replace("-", "_").isidentifier() and word != "for":
            return word
        case _:
            return f"({_written(key, blank)})"


def _part_written(part: Part, blank: str) -> str:
    match part:
        case str():
            escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
            escaped = escaped.replace("${", "$${").replace("%{", "%%{")
            # At the end it would make an escape of what follows.
            last = escaped[-1]
            return escaped[:-1] + f"\\u{ord(last):04x}" if last in "$%" else escaped
        case Directive("if", subject, body, otherwise):
            inner = "".join(_part_written(each, blank) for each in body)
            other = "%{else}" + "".join(_part_written(each, blank) for each in otherwise) if otherwise else ""
            return f"%{{ if {_written(subject, blank)}{blank}}}{inner}{other}%{{{blank}endif }}"
        case Directive(_, subject, body, _, key, value):
            inner = "".join(_part_written(each, blank) for each in body)
            names = f"{key}, {value}" if key else value
            return f"%{{ for {names} in {_written(subject, blank)} }}{inner}%{{ endfor }}"
        case _:
            return f"${{{blank}{_written(part, blank)}{blank}}}"


def _bare(part: object) -> object:
    """The same without places."""
    if isinstance(part, Span):
        return NOWHERE
    if isinstance(part, tuple):
        fields = map(_bare, part)
        make: Callable[..., object] = type(part)
        return make(*fields) if hasattr(part, "_fields") else tuple(fields)
    return part


def _within(part: object) -> Iterator[Expression]:
    """An expression and all that are in it, keys and parts of splats aside, which cannot stand alone."""
    if isinstance(part, tuple) and hasattr(part, "span"):
        yield cast("Expression", part)
    if isinstance(part, tuple):
        for each in part:
            yield from _within(each)


@given(EXPRESSIONS, BLANKS)
def test_what_is_written_is_read_as_it_was(expression: Expression, blank: str) -> None:
    text = _written(expression, blank)

    assert _bare(parse_expression(text, "main.tf")) == expression


@given(EXPRESSIONS, BLANKS)
def test_what_stands_at_a_place_is_what_was_read_there(expression: Expression, blank: str) -> None:
    text = _written(expression, blank)
    for each in _within(parse_expression(text, "main.tf")):
        written = cut(text, each.span)
        if isinstance(each, Directive):
            assert written.startswith("%{")
        elif isinstance(each, syntax.Template) and not written.startswith('"'):
            assert each.parts == (written,)
        else:
            assert shown(parse_expression(written, "main.tf")) == shown(each)


@given(st.lists(EXPRESSIONS, max_size=4), BLANKS)
def test_arguments_and_blocks_are_found_around_any_expressions(expressions: list[Expression], blank: str) -> None:
    values = [_written(expression, blank) for expression in expressions]
    lines = "".join(f"  a{number} {blank}= {value} # {{\n" for number, value in enumerate(values))
    text = f'first = 1\nblock "label" {{\n{lines}  inner {{ x = [1] }}\n}}\nlast = 2\n'
    body = whole(text)
    [block] = body.blocks

    assert list(body.arguments) == ["first", "last"]
    assert [cut(text, argument.value_span) for argument in block.body.arguments.values()] == values
    assert [_bare(argument.expression()) for argument in block.body.arguments.values()] == expressions
    assert [inner.type for inner in block.body.blocks] == ["inner"]
