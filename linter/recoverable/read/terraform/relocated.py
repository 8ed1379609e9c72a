"""Syntax that is to be shown at another place than its own text's: inside of JSON, or of a module that is not here."""

from __future__ import annotations

from recoverable.read.hcl.syntax import Argument, Block, Body
from recoverable.source import Span
from recoverable.typed import Any, TypeVar, cast

T = TypeVar("T")


def relocated(syntax: T, span: Span) -> T:
    """The same syntax, all of it at `span`."""
    return cast("T", _moved(syntax, span))


def _moved(part: object, span: Span) -> object:
    match part:
        case Span():
            return span
        case Argument(name=name, expression=expression):
            return Argument(name, span, span, lambda: relocated(expression(), span))
        case Block(type=type_, labels=labels, body=body):
            return Block(type_, labels, relocated(body, span), span, span)
        case Body(arguments=arguments, blocks=blocks, open=open_):
            moved = {name: relocated(argument, span) for name, argument in arguments.items()}
            return Body(moved, tuple(relocated(block, span) for block in blocks), open_)
        case tuple() if hasattr(part, "_fields"):
            make: Any = type(part)
            return make(*[_moved(each, span) for each in part])
        case tuple():
            members: tuple[object, ...] = part
            return tuple([_moved(each, span) for each in members])
        case dict():
            return {key: _moved(value, span) for key, value in part.items()}
        case _:
            return part
