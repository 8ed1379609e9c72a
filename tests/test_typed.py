"""The records of `recoverable.typed` against those of typing."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import Any

import pytest

from recoverable import typed


class Place(typed.NamedTuple):
    """A place."""

    path: str
    line: int
    column: int = 1

    def start(self) -> str:
        return f"{self.path}:{self.line}"


class Reference(typing.NamedTuple):
    """A place."""

    path: str
    line: int
    column: int = 1

    def start(self) -> str:
        return f"{self.path}:{self.line}"


T = typed.TypeVar("T")


class Boxed(typed.NamedTuple, typed.Generic[T]):
    item: T | None


class Wide(typed.NamedTuple):
    a: int
    b: int
    c: int
    d: int
    e: int
    f: int
    g: int
    h: int
    i: int
    j: int
    k: int
    m: int
    n: int
    o: int = 15


def both() -> tuple[Any, Any]:
    return Place, Reference


@pytest.mark.parametrize("name", ["_fields", "_field_defaults", "__match_args__", "__doc__", "__slots__"])
def test_a_record_describes_itself_as_those_of_typing_do(name: str) -> None:
    ours, theirs = both()

    assert getattr(ours, name) == getattr(theirs, name)
    assert ours.__annotations__.keys() == theirs.__annotations__.keys()


def test_a_record_is_a_tuple_with_names() -> None:
    place = Place("a.yaml", line=3)

    assert place == ("a.yaml", 3, 1) == (place.path, place.line, place.column)
    assert place.start() == "a.yaml:3"
    assert hash(place) == hash(("a.yaml", 3, 1))
    assert not hasattr(place, "__dict__")


def test_a_record_shows_changes_and_copies_itself_as_those_of_typing_do() -> None:
    ours, theirs = (each("a.yaml", 3) for each in both())

    assert repr(ours).replace("Place", "Reference") == repr(theirs)
    assert ours._replace(line=4) == theirs._replace(line=4)
    assert ours._asdict() == theirs._asdict()
    assert type(ours._make(("b", 1, 2))) is Place
    assert copy.deepcopy(ours) == ours
    assert pickle.loads(pickle.dumps(ours)) == ours


def test_a_field_that_there_is_not_cannot_be_replaced() -> None:
    with pytest.raises(ValueError, match="row"):
        Place("a.yaml", 3)._replace(row=1)  # type: ignore[call-arg]


@pytest.mark.parametrize("values", [(), ("a",), ("a", 1, 2, 3)])
def test_wrong_arguments_are_refused_in_the_words_of_typing(values: tuple[Any, ...]) -> None:
    messages = []
    for each in both():
        with pytest.raises(TypeError) as caught:
            each(*values)
        messages.append(str(caught.value).partition("__new__() ")[2])

    assert messages[0] == messages[1] != ""


def test_an_unknown_keyword_is_refused() -> None:
    with pytest.raises(TypeError, match="row"):
        Place("a", 1, row=2)  # type: ignore[call-arg]


def test_a_default_before_a_field_without_one_is_refused() -> None:
    with pytest.raises(TypeError, match="default"):
        exec("class Wrong(NamedTuple):\n    a: int = 1\n    b: int\n", {"NamedTuple": typed.NamedTuple})


def test_a_record_may_have_many_fields() -> None:
    wide = Wide(*range(13))

    assert (wide.a, wide.n, wide.o) == (0, 12, 15)


def test_a_record_may_be_generic() -> None:
    boxed: Boxed[int] = Boxed(1)

    assert boxed == (1,)
    assert isinstance(boxed, tuple)


def test_a_record_can_be_taken_apart_by_match() -> None:
    match Place("a", 1):
        case Place(path, line):
            found = (path, line)

    assert found == ("a", 1)
