"""Types of variables: the defaults that they give to what a caller leaves out.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints#optional-object-type-attributes
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, literal
from recoverable.read.hcl import syntax

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.read.data import Pending
    from recoverable.read.hcl.syntax import Expression
    from recoverable.read.terraform.evaluate import Evaluation
    from recoverable.source import Span


class _Completed:
    """A member of a collection, completed when it is asked for."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Datum]) -> None:
        self._make = make
        self._made: Datum | None = None

    def force(self) -> Datum:
        if self._made is None:
            self._made = self._make()
        return self._made


def completed(evaluation: Evaluation, type_: Expression, datum: Datum) -> Datum:
    """A value with the defaults that its type gives to optional attributes, at any depth."""
    if not _may_complete(type_):
        return datum
    match type_, datum.content:
        case syntax.Call(name="object", arguments=(syntax.ObjectOf(items=written),)), Fields() as fields:
            return datum._replace(content=_object(evaluation, written, fields, datum.origin))
        case syntax.Call(name="map", arguments=(inner,)), Fields() as fields:
            entries: dict[str, tuple[Span, Datum | Pending]] = {
                key: (fields.place(key) or datum.origin, _later(evaluation, inner, fields, key))
                for key in fields.keys()  # noqa: SIM118 (it is no dictionary)
            }
            return datum._replace(content=Fields(entries, fields.open))
        case syntax.Call(name="list" | "set", arguments=(inner,)), Items() as items:
            members = tuple(completed(evaluation, inner, item) for item in items)
            return datum._replace(content=Items(members, items.open))
        case syntax.Call(name="tuple", arguments=(syntax.ListOf(items=types),)), Items() as items:
            listed = tuple(items)
            if len(types) != len(listed):
                return datum
            pairs = zip(types, listed, strict=True)
            return datum._replace(
                content=Items(tuple(completed(evaluation, one, item) for one, item in pairs), items.open)
            )
        case _:
            return datum


def _object(evaluation: Evaluation, written: tuple[syntax.ObjectItem, ...], fields: Fields, near: Span) -> Fields:
    entries: dict[str, tuple[Span, Datum | Pending]] = {}
    for item in written:
        key = literal(evaluation.value(item.key))
        if key is None:
            continue
        entries[key] = (fields.place(key) or near, _attribute(evaluation, fields, key, _optional(item.value), near))
    return _Object(entries, fields.open, fields)


class _Object(Fields):
    """An object whose members may be there or not: what its caller left open stays so."""

    __slots__ = ("_given",)

    def __init__(self, entries: dict[str, tuple[Span, Datum | Pending]], open_: str, given: Fields) -> None:
        super().__init__(entries, open_)
        self._given = given

    def get(self, key: str) -> Datum | None:
        if self.open and self._given.get(key) is None:
            return None
        return super().get(key)


def _member(
    evaluation: Evaluation, fields: Fields, key: str, type_: tuple[Expression, Expression | None], near: Span
) -> Datum:
    inner, default = type_
    found = fields.get(key)
    if found is None or (found.content is None and default is not None):
        found = Datum(None, near) if default is None else evaluation.value(default)
    return completed(evaluation, inner, found)


def _attribute(
    evaluation: Evaluation, fields: Fields, key: str, type_: tuple[Expression, Expression | None], near: Span
) -> Pending:
    return _Completed(lambda: _member(evaluation, fields, key, type_, near))


def _later(evaluation: Evaluation, type_: Expression, fields: Fields, key: str) -> Pending:
    place = fields.place(key) or type_.span

    def make() -> Datum:
        found = fields.get(key)
        return completed(evaluation, type_, found if found is not None else Datum(None, place))

    return _Completed(make)


def _optional(type_: Expression) -> tuple[Expression, Expression | None]:
    """The type of an attribute, and the default if it is optional and has one."""
    if isinstance(type_, syntax.Call) and type_.name == "optional" and type_.arguments:
        return type_.arguments[0], type_.arguments[1] if len(type_.arguments) > 1 else None
    return type_, None


def _may_complete(type_: Expression) -> bool:
    """Whether there is an object in a type."""
    match type_:
        case syntax.Call(name="object"):
            return True
        case syntax.Call(arguments=arguments):
            return any(map(_may_complete, arguments))
        case syntax.ListOf(items=items):
            return any(map(_may_complete, items))
        case _:
            return False
