"""What must not be shown: the values that a plan or state marks as sensitive, and the same ones wherever they turn up.

https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: A secret of at least so many characters is looked for within other texts, too: providers put names into ARNs.
LONG = 6


class Secrets:
    """Texts that were marked as sensitive somewhere. Providers copy values unmarked: `tags` into `tags_all`."""

    __slots__ = ("_long", "_texts")

    def __init__(self) -> None:
        self._texts: set[str] = set()
        # By how they begin, so that thousands of them cost no more than one.
        self._long: dict[str, set[str]] = {}

    def add(self, value: object) -> None:
        """Remember all texts in a value."""
        waiting = [value]
        while waiting:
            part = waiting.pop()
            if isinstance(part, str) and part:
                self._texts.add(part)
                if len(part) >= LONG:
                    self._long.setdefault(part[:LONG], set()).add(part)
            elif isinstance(part, dict):
                waiting.extend(part.values())
            elif isinstance(part, list):
                waiting.extend(part)

    def within(self, text: str) -> bool:
        """Whether a text is a secret or holds one."""
        if text in self._texts:
            return True
        return bool(self._long) and any(
            text.startswith(secret, at)
            for at in range(len(text) - LONG + 1)
            for secret in self._long.get(text[at : at + LONG], ())
        )


def marked(value: object, marks: object) -> Iterator[object]:
    """The parts of a value that its marks (`after_sensitive` and the like) say are sensitive."""
    waiting = [(value, marks)]
    while waiting:
        part, mark = waiting.pop()
        if mark is True:
            yield part
        elif isinstance(part, dict) and isinstance(mark, dict):
            waiting.extend((part[key], inner) for key, inner in mark.items() if key in part)
        elif isinstance(part, list) and isinstance(mark, list):
            waiting.extend(zip(part, mark, strict=False))


def inner(marks: object, key: str | int) -> object:
    """The marks of a part: an attribute by its name, an item by its index."""
    if marks is True:
        return True
    if isinstance(key, str):
        return marks.get(key) if isinstance(marks, dict) else None
    return marks[key] if isinstance(marks, list) and key < len(marks) else None


def sensitive_paths(paths: object) -> object:
    """The marks that a raw state writes as a list of paths, as marks that mirror the value.

    A path is a list of steps; a step that cannot be followed makes all below it sensitive.
    """
    marks: dict[str, object] = {}
    for path in paths if isinstance(paths, list) else ():
        names = [_step(step) for step in path] if isinstance(path, list) else []
        if not names or not names[0]:
            return True
        _mark(marks, names)
    return marks


def _step(step: object) -> str:
    """The name of an attribute or the key of a mapping; empty for an index and for what is neither."""
    value = step.get("value") if isinstance(step, dict) else None
    inner_value = value.get("value") if isinstance(value, dict) else value
    return inner_value if isinstance(inner_value, str) else ""


def _mark(marks: dict[str, object], names: list[str]) -> None:
    here = marks
    for number, name in enumerate(names):
        if number + 1 == len(names) or not names[number + 1]:
            here[name] = True
            return
        below = here.setdefault(name, {})
        if not isinstance(below, dict):
            return
        here = below
