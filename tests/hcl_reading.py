"""HCL for tests: read and shown again, in brackets that say what belongs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverable.read.hcl import syntax
from recoverable.read.hcl.parse import parse_expression
from recoverable.read.hcl.scan import read_hcl

if TYPE_CHECKING:
    from recoverable.read.hcl.syntax import Body, Expression, Part
    from recoverable.read.nodes import MalformedError
    from recoverable.source import Span


def whole(text: str) -> Body:
    """A body in which nothing is wrong, expressions included."""
    body, problems = with_problems(text)
    assert [problem.message for problem in problems] == []
    return body


def with_problems(text: str) -> tuple[Body, list[MalformedError]]:
    problems: list[MalformedError] = []
    body = read_hcl(text, "main.tf", problems)
    ask(body)
    return body, sorted(problems, key=lambda problem: problem.span)


def ask(body: Body) -> None:
    """Ask for every expression, so that its problems are told."""
    for argument in body.arguments.values():
        argument.expression()
    for block in body.blocks:
        ask(block.body)


def told(text: str) -> list[tuple[int, str]]:
    """The problems: line and message."""
    return [(problem.span.line, problem.message) for problem in with_problems(text)[1]]


def cut(text: str, span: Span) -> str:
    """What stands at a place."""
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: span.line - 1])) + span.column - 1
    end = sum(map(len, lines[: span.end_line - 1])) + span.end_column - 1
    return text[start:end]


def parsed(text: str) -> str:
    return shown(parse_expression(text, "main.tf"))


def shown(expression: Expression) -> str:
    """An expression with every operator in brackets."""
    match expression:
        case syntax.Literal(value):
            return (
                {True: "true", False: "false", None: "null"}[value] if isinstance(value, bool | None) else repr(value)
            )
        case syntax.Template(parts, _, wrapped):
            return ("wrapped" if wrapped else "") + "<" + "|".join(map(part_shown, parts)) + ">"
        case syntax.Name(name):
            return name
        case syntax.Attribute(target, name):
            return f"{shown(target)}.{name}"
        case syntax.Index(target, key):
            return f"{shown(target)}[{shown(key)}]"
        case syntax.Splat(target, each, full):
            steps = ", ".join(step if isinstance(step, str) else f"[{shown(step)}]" for step in each)
            return f"{shown(target)}{'[*]' if full else '.*'}({steps})"
        case syntax.Call(name, arguments, expanded):
            return f"{name}({', '.join(map(shown, arguments))}{'...' if expanded else ''})"
        case syntax.Unary(operator, operand):
            return f"({operator}{shown(operand)})"
        case syntax.Binary(operator, left, right):
            return f"({shown(left)} {operator} {shown(right)})"
        case syntax.Conditional(condition, when_true, when_false):
            return f"({shown(condition)} ? {shown(when_true)} : {shown(when_false)})"
        case syntax.ListOf(items):
            return f"[{', '.join(map(shown, items))}]"
        case syntax.ObjectOf(entries):
            return "{" + ", ".join(f"{shown(entry.key)} = {shown(entry.value)}" for entry in entries) + "}"
        case syntax.For():
            names = f"{expression.key}, {expression.value}" if expression.key else expression.value
            result = shown(expression.result) + ("..." if expression.grouped else "")
            if expression.key_result is not None:
                result = f"{shown(expression.key_result)} => {result}"
            where = f" if {shown(expression.condition)}" if expression.condition is not None else ""
            return f"for({names} in {shown(expression.collection)} : {result}{where})"
        case syntax.Unreadable(reason):
            return f"unreadable({reason})"


def part_shown(part: Part) -> str:
    match part:
        case str():
            return part
        case syntax.Directive("if", subject, body, otherwise):
            return f"if({shown(subject)} ? {'|'.join(map(part_shown, body))} : {'|'.join(map(part_shown, otherwise))})"
        case syntax.Directive(_, subject, body, _, key, value):
            names = f"{key}, {value}" if key else value
            return f"for({names} in {shown(subject)} : {'|'.join(map(part_shown, body))})"
        case _:
            return "${" + shown(part) + "}"


def worked_out(expression: Expression, names: dict[str, object]) -> object:
    """The value of the few kinds of expressions that the corpus of templates is made of."""
    match expression:
        case syntax.Literal(value):
            return value
        case syntax.Template(parts, _, wrapped):
            if wrapped and not isinstance(parts[0], str | syntax.Directive):
                return worked_out(parts[0], names)
            return "".join(text_of(part, names) for part in parts)
        case syntax.Name(name):
            return names[name]
        case syntax.Binary("==", left, right):
            return worked_out(left, names) == worked_out(right, names)
        case syntax.Binary("+", left, right):
            one, two = worked_out(left, names), worked_out(right, names)
            assert isinstance(one, int)
            assert isinstance(two, int)
            return one + two
        case syntax.Call("upper", (argument,)):
            return str(worked_out(argument, names)).upper()
        case syntax.ListOf(items):
            return [worked_out(item, names) for item in items]
        case syntax.ObjectOf(entries):
            return {worked_out(each.key, names): worked_out(each.value, names) for each in entries}
        case syntax.Attribute(target, name):
            held = worked_out(target, names)
            assert isinstance(held, dict)
            return held[name]
        case syntax.Index(target, key):
            listed, at = worked_out(target, names), worked_out(key, names)
            assert isinstance(listed, list)
            assert isinstance(at, int)
            return listed[at]
        case syntax.For(collection=collection, value=value, result=result):
            found = worked_out(collection, names)
            assert isinstance(found, list)
            return [worked_out(result, {**names, value: item}) for item in found]
        case _:
            raise AssertionError(expression)


def text_of(part: Part, names: dict[str, object]) -> str:
    match part:
        case str():
            return part
        case syntax.Directive("if", subject, body, otherwise):
            return "".join(text_of(each, names) for each in (body if worked_out(subject, names) else otherwise))
        case syntax.Directive(_, subject, body, _, key, value):
            found = worked_out(subject, names)
            assert isinstance(found, list)
            return "".join(
                text_of(each, {**names, value: item, **({key: index} if key else {})})
                for index, item in enumerate(found)
                for each in body
            )
        case _:
            found = worked_out(part, names)
            return str(found).lower() if isinstance(found, bool) else str(found)
