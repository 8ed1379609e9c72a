"""A name that several patterns have in common: for the new table of a restore, or for some backup or recovery point.

The patterns are IAM's: `*` is any text, `?` any one character.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from recoverable.text import Hole, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: What a table's name may be made of, and how long it may be:
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
SHORTEST, LONGEST = 3, 255

#: A character that stands for any that the patterns leave open.
_FILLER = "x"

#: So many states are looked at; patterns of policies need a few hundred.
_MOST_STATES = 20_000


def common_name(patterns: Iterable[str], *, also: frozenset[str] = frozenset(), longest: int = LONGEST) -> str | None:
    """The shortest name that fits all patterns and is made of characters that names may have; None if none is found.

    `also` are further characters that it may have. Of several shortest the first in order of the alphabet.
    """
    automata = [_Automaton(pattern) for pattern in dict.fromkeys(patterns)]
    allowed = NAME_CHARACTERS | also
    letters = sorted({letter for each in automata for letter in each.letters if letter in allowed} | {_FILLER})
    start = tuple(each.start for each in automata)
    if all(each.accepts(state) for each, state in zip(automata, start, strict=True)):
        return ""
    seen = {start}
    layer: list[tuple[tuple[int, ...], str]] = [(start, "")]
    while layer and len(seen) < _MOST_STATES and len(layer[0][1]) < longest:
        following: list[tuple[tuple[int, ...], str]] = []
        for states, text in layer:
            for letter in letters:
                after = tuple(each.after(state, letter) for each, state in zip(automata, states, strict=True))
                if not all(after) or after in seen:
                    continue
                if all(each.accepts(state) for each, state in zip(automata, after, strict=True)):
                    return text + letter
                seen.add(after)
                following.append((after, text + letter))
        layer = following
    return None


class _Automaton:
    """The places in a pattern that a text may have come to, as bits."""

    __slots__ = ("_any", "_last", "_on", "_stars", "letters", "start")

    def __init__(self, pattern: str) -> None:
        self._on: dict[str, int] = {}
        self._stars, self._any, at = 0, 0, 0
        for letter in pattern:
            if letter == "*":
                self._stars |= 1 << at
                continue
            if letter == "?":
                self._any |= 1 << at
            else:
                self._on[letter] = self._on.get(letter, 0) | 1 << at
            at += 1
        self._last = 1 << at
        self.letters = frozenset(self._on)
        self.start = 1

    def after(self, state: int, letter: str) -> int:
        return ((state & (self._on.get(letter, 0) | self._any)) << 1) | (state & self._stars)

    def accepts(self, state: int) -> bool:
        return bool(state & self._last)


class Alphabet:
    """Texts as plain strings: every hole is one character of its own, which equals nothing but itself."""

    __slots__ = ("_characters", "_holes")

    #: The private characters that holes are written as.
    _FIRST = 0xF0000

    def __init__(self) -> None:
        self._characters: dict[tuple[str, str], str] = {}
        self._holes: dict[str, Hole] = {}

    def written(self, text: Text) -> str | None:
        """The text as a string, None if a part of it is nothing that can be told from others."""
        pieces: list[str] = []
        for part in text.parts:
            if isinstance(part, str):
                pieces.append(part)
                continue
            key = (part.stands_for, part.parameter)
            if not any(key):
                return None
            character = self._characters.get(key)
            if character is None:
                character = self._characters[key] = chr(self._FIRST + len(self._characters))
                self._holes[character] = part
            pieces.append(character)
        return "".join(pieces)

    def read(self, text: str) -> Text:
        """The text that a string was written from."""
        parts: list[str | Hole] = []
        for letter in text:
            hole = self._holes.get(letter)
            if hole is not None:
                parts.append(hole)
            elif parts and isinstance(parts[-1], str):
                parts[-1] += letter
            else:
                parts.append(letter)
        return Text(tuple(parts))

    def characters(self) -> frozenset[str]:
        return frozenset(self._holes)


def longer_than(name: Sequence[str]) -> str:
    """A pattern of names that are longer than one."""
    return "?" * (len(name) + 1) + "*"
