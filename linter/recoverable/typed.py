"""What the program takes from `typing`, without what that costs a start: 5 ms for it, 0.2 ms for each `NamedTuple`.

A hundred records are most of what a run over one template would wait for. Type checkers see `typing` itself, and the
records made here behave as its own do; `docs/decisions/speed.md` has the numbers. A module that defines records needs
`from __future__ import annotations`.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING or sys.implementation.name != "cpython":
    from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast, overload
else:
    from collections import _tuplegetter
    from types import FunctionType

    Any = object

    class Generic:
        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls

    class Protocol(Generic):
        __slots__ = ()

    def TypeVar(name, *_, **__):  # noqa: N802
        return name

    def cast(_, value):
        return value

    def overload(function):
        return function

    _new = tuple.__new__

    #: The code of a constructor, by the number of fields: compiled with this module, and given the fields' names later.
    _CONSTRUCTORS = tuple(
        each.__code__
        for each in (
            lambda _cls: _new(_cls, ()),
            lambda _cls, a: _new(_cls, (a,)),
            lambda _cls, a, b: _new(_cls, (a, b)),
            lambda _cls, a, b, c: _new(_cls, (a, b, c)),
            lambda _cls, a, b, c, d: _new(_cls, (a, b, c, d)),
            lambda _cls, a, b, c, d, e: _new(_cls, (a, b, c, d, e)),
            lambda _cls, a, b, c, d, e, f: _new(_cls, (a, b, c, d, e, f)),
            lambda _cls, a, b, c, d, e, f, g: _new(_cls, (a, b, c, d, e, f, g)),
            lambda _cls, a, b, c, d, e, f, g, h: _new(_cls, (a, b, c, d, e, f, g, h)),
            lambda _cls, a, b, c, d, e, f, g, h, i: _new(_cls, (a, b, c, d, e, f, g, h, i)),
            lambda _cls, a, b, c, d, e, f, g, h, i, j: _new(_cls, (a, b, c, d, e, f, g, h, i, j)),
            lambda _cls, a, b, c, d, e, f, g, h, i, j, k: _new(_cls, (a, b, c, d, e, f, g, h, i, j, k)),
            lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m: _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m)),
        )
    )

    def _constructor(name, fields, defaults):
        if len(fields) < len(_CONSTRUCTORS):
            code = _CONSTRUCTORS[len(fields)]
        else:
            names = ", ".join(fields)
            code = eval(f"lambda _cls, {names}: _new(_cls, ({names}))").__code__
        made = FunctionType(code.replace(co_varnames=("_cls", *fields)), globals(), "__new__", defaults)
        made.__qualname__ = f"{name}.__new__"
        return made

    class _Record(tuple):
        """What all records can do."""

        __slots__ = ()

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, /, **changes):
            made = _new(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"{type(self).__name__} has no field {', '.join(changes)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({shown})"

        def __getnewargs__(self):
            return tuple(self)

    class _Making(type):
        """Makes a record of a class body; what it makes is an ordinary class, whose subclasses are so too."""

        def __new__(cls, name, bases, body):
            if "__annotations__" not in body and any(key.startswith("__annotate") for key in body):
                raise TypeError(f"{name}: a module with records needs `from __future__ import annotations`")
            fields = tuple(body.get("__annotations__", ()))
            defaults = tuple(body[field] for field in fields if field in body)
            if any(field in body for field in fields[: len(fields) - len(defaults)]):
                raise TypeError(f"{name}: a field without a default follows one that has a default")
            for index, field in enumerate(fields):
                body[field] = _tuplegetter(index, "")
            body["__new__"] = _constructor(name, fields, defaults)
            body["_fields"] = body["__match_args__"] = fields
            body["_field_defaults"] = dict(zip(fields[len(fields) - len(defaults) :], defaults, strict=True))
            body.setdefault("__slots__", ())
            return type(name, tuple(_Record if base is _MADE else base for base in bases), body)

    _MADE = type.__new__(_Making, "NamedTuple", (), {})

    class _NamedTuple:
        def __mro_entries__(self, _):
            return (_MADE,)

    NamedTuple = _NamedTuple()

__all__ = ["Any", "Generic", "NamedTuple", "Protocol", "TypeVar", "cast", "overload"]
