"""Regular expressions as Terraform has them (RE2), as programs that run in time linear in the text.

https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re

from recoverable.read.terraform.functions.arguments import unknown, wrong
from recoverable.read.terraform.functions.character_classes import CLASSES, LAST, NAMED, folded, inverted
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.terraform.functions.arguments import StopError
    from recoverable.read.terraform.functions.character_classes import Range

#: Longer programs than this, and classes of more ranges, are somebody's bomb.
LARGEST = 5_000
MOST_RANGES = 200

#: As often as RE2 lets something be repeated, and as deep as groups go here.
MOST_REPEATS = 1000
DEEPEST_GROUP = 100

# What an instruction does.
CHARACTER, SPLIT, JUMP, SAVE, ASSERT, MATCH = range(6)

_ESCAPES = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_REPEAT = re.compile(r"\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\}")
_GROUP = re.compile(r"\?P?<([A-Za-z0-9_]++)>")
_FLAGS = re.compile(r"\?([imsU]*+)(?:-([imsU]++))?([:)])")
_HEXADECIMAL = re.compile(r"x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})")
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")


class Instruction(NamedTuple):
    """One step of a program. CHARACTER takes one character of `ranges`; SPLIT goes on at `one`, or else at `other`;
    JUMP at `one`; SAVE notes the place in slot `one`; ASSERT looks at what `name` says; MATCH is the end.
    """

    does: int
    one: int = 0
    other: int = 0
    ranges: tuple[Range, ...] = ()
    name: str = ""


class Pattern(NamedTuple):
    """A program, and the names of its groups in order; unnamed ones are empty."""

    program: tuple[Instruction, ...]
    groups: tuple[str, ...]


class _Flags(NamedTuple):
    case: bool = False
    lines: bool = False
    dots: bool = False
    ungreedy: bool = False


# A piece of a program, with places relative to its start.
_Piece = list[Instruction]


def compiled(text: str) -> Pattern:
    """The program of a regular expression. Raises StopError for what is none, and for what cannot be told."""
    if len(text) > 2 * LARGEST:
        raise unknown("a regular expression too large to work with")
    reader = _Reader(text)
    piece = reader.alternatives(_Flags(), 0)
    if reader.at < len(text):
        raise reader.bad("a closing bracket without an opening one")
    program = (Instruction(SAVE, 0), *_moved(piece, 1), Instruction(SAVE, 1), Instruction(MATCH))
    return Pattern(program, tuple(reader.groups))


class _Reader:
    __slots__ = ("at", "groups", "repeats", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.groups: list[str] = []
        self.repeats = 1

    def bad(self, reason: str) -> StopError:
        return wrong(f"no regular expression: {reason}")

    def ahead(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def take(self, text: str) -> bool:
        if not self.ahead(text):
            return False
        self.at += len(text)
        return True

    def alternatives(self, flags: _Flags, depth: int) -> _Piece:
        if depth > DEEPEST_GROUP:
            raise unknown("a regular expression too deep to work with")
        pieces = [self.sequence(flags, depth)]
        while self.take("|"):
            pieces.append(self.sequence(flags, depth))
        *others, last = pieces
        end = sum(len(piece) + 2 for piece in others) + len(last)
        made: _Piece = []
        for piece in others:
            behind = len(made) + len(piece) + 2
            made.append(Instruction(SPLIT, len(made) + 1, behind))
            made += _moved(piece, len(made))
            made.append(Instruction(JUMP, end))
        return _sized(made + _moved(last, len(made)))

    def sequence(self, flags: _Flags, depth: int) -> _Piece:
        made: _Piece = []
        around = self.repeats
        while self.at < len(self.text) and not self.ahead("|") and not self.ahead(")"):
            self.repeats = 1
            if self.ahead("(?") and not _GROUP.match(self.text, self.at + 1):
                flags, piece = self.flagged(flags, depth)
            elif self.take("\\Q"):
                end = self.text.find("\\E", self.at)
                quoted = self.text[self.at : end if end >= 0 else len(self.text)]
                self.at = end + 2 if end >= 0 else len(self.text)
                for character in quoted[:-1]:
                    made += _moved([_one(((ord(character), ord(character)),), flags)], len(made))
                if not quoted:
                    self.repeats = around
                    continue
                piece = [_one(((ord(quoted[-1]), ord(quoted[-1])),), flags)]
            else:
                piece = self.atom(flags, depth)
            if piece is not None:
                made += _moved(self.repeated(piece, flags, self.repeats), len(made))
                _sized(made)
            around = self.repeats = max(around, self.repeats)
        self.repeats = around
        return made

    def flagged(self, flags: _Flags, depth: int) -> tuple[_Flags, _Piece | None]:
        """`(?i)` for what follows, or `(?i:...)` for what is in it."""
        found = _FLAGS.match(self.text, self.at + 1)
        if found is None or (found[3] == ")" and not found[1] and not found[2]):
            raise self.bad("a group that RE2 does not know")
        self.at = found.end()
        given = flags._replace(**{_NAMES[letter]: True for letter in found[1]})
        given = given._replace(**{_NAMES[letter]: False for letter in found[2] or ""})
        if found[3] == ")":
            return given, None
        piece = self.alternatives(given, depth + 1)
        if not self.take(")"):
            raise self.bad("a group that is not closed")
        return flags, piece

    def atom(self, flags: _Flags, depth: int) -> _Piece:
        character = self.text[self.at]
        match character:
            case "(":
                return self.group(flags, depth)
            case "[":
                return [_one(self.bracketed(flags), flags._replace(case=False))]
            case "*" | "+" | "?":
                raise self.bad("nothing to repeat")
        self.at += 1
        match character:
            case ".":
                anything: tuple[Range, ...] = ((0, LAST),) if flags.dots else ((0, 9), (11, LAST))
                return [Instruction(CHARACTER, ranges=anything)]
            case "^":
                return [Instruction(ASSERT, name="line start" if flags.lines else "start")]
            case "$":
                return [Instruction(ASSERT, name="line end" if flags.lines else "end")]
            case "\\":
                return [self.escaped(flags)]
            case _:
                return [_one(((ord(character), ord(character)),), flags)]

    def group(self, flags: _Flags, depth: int) -> _Piece:
        named = _GROUP.match(self.text, self.at + 1)
        self.at = named.end() if named else self.at + 1
        name = named[1] if named else ""
        if name and name in self.groups:
            # Terraform's versions differ in what they make of that.
            raise unknown(f"a regular expression with two groups {name}")
        self.groups.append(name)
        slot = 2 * len(self.groups)
        piece = self.alternatives(flags, depth + 1)
        if not self.take(")"):
            raise self.bad("a group that is not closed")
        return [Instruction(SAVE, slot), *_moved(piece, 1), Instruction(SAVE, slot + 1)]

    def escaped(self, flags: _Flags) -> Instruction:
        letter = self.text[self.at : self.at + 1]
        asserted = {"A": "start", "z": "end", "b": "word edge", "B": "no word edge"}.get(letter)
        if asserted:
            self.at += 1
            return Instruction(ASSERT, name=asserted)
        ranges = self.escaped_class(flags)
        if ranges is not None:
            return Instruction(CHARACTER, ranges=ranges)
        at = self.escaped_character()
        return _one(((at, at),), flags)

    def escaped_class(self, flags: _Flags) -> tuple[Range, ...] | None:
        """`\\d` and the like, behind the backslash."""
        letter = self.text[self.at : self.at + 1]
        if letter in ("p", "P"):
            raise unknown("a regular expression with classes of Unicode")
        if not letter or letter.lower() not in CLASSES:
            return None
        self.at += 1
        ranges = folded(CLASSES[letter.lower()]) if flags.case else CLASSES[letter.lower()]
        return ranges if letter.islower() else inverted(ranges)

    def escaped_character(self) -> int:
        """A single character, behind the backslash."""
        letter = self.text[self.at : self.at + 1]
        octal = _OCTAL.match(self.text, self.at)
        hexadecimal = _HEXADECIMAL.match(self.text, self.at)
        if octal:
            self.at = octal.end()
            return int(octal[0], 8)
        if hexadecimal:
            self.at = hexadecimal.end()
            at = int(hexadecimal[1] or hexadecimal[2], 16)
            if at > LAST:
                raise self.bad("a character that does not exist")
            return at
        self.at += 1
        if letter in _ESCAPES:
            return _ESCAPES[letter]
        if letter in _PUNCTUATION:
            return ord(letter)
        raise self.bad(f"the escape \\{letter}")

    def bracketed(self, flags: _Flags) -> tuple[Range, ...]:
        self.at += 1
        others = self.take("^")
        ranges = list(self.member(flags))
        while not self.take("]"):
            ranges += self.member(flags)
        if len(ranges) > MOST_RANGES:
            raise unknown("a regular expression too large to work with")
        kept = folded(tuple(ranges)) if flags.case else tuple(ranges)
        return inverted(kept) if others else kept

    def member(self, flags: _Flags) -> tuple[Range, ...]:
        """A character, range or class within brackets."""
        end = self.text.find(":]", self.at + 2) if self.ahead("[:") else -1
        if end >= 0:
            name = self.text[self.at + 2 : end]
            ranges = NAMED.get(name.removeprefix("^"))
            if ranges is None:
                raise self.bad(f"the class [:{name[:20]}:]")
            self.at = end + 2
            return inverted(ranges) if name.startswith("^") else ranges
        start = self.at
        if self.take("\\"):
            found = self.escaped_class(flags)
            if found is not None:
                return found
            self.at = start
        first = self.bound()
        if not self.ahead("-") or self.text.startswith("-]", self.at):
            return ((first, first),)
        self.at += 1
        last = self.bound()
        if last < first:
            raise self.bad("a range that goes the other way")
        return ((first, last),)

    def bound(self) -> int:
        """A single character within brackets."""
        if self.at >= len(self.text):
            raise self.bad("a class of characters that is not closed")
        if self.take("\\"):
            return self.escaped_character()
        self.at += 1
        return ord(self.text[self.at - 1])

    def repeated(self, piece: _Piece, flags: _Flags, within: int) -> _Piece:
        """A piece with the `*`, `+`, `?` or `{n,m}` that follow it; two of them in a row are refused, as in RE2.

        `within` is how often something in the piece is repeated already.
        """
        bounds = self.bounds()
        if bounds is None:
            return piece
        least, most = bounds
        greedy = self.take("?") == flags.ungreedy
        if self.bounds() is not None:
            raise self.bad("a repetition of a repetition")
        self.repeats = max(self.repeats, within * max(least, most or 1, 1))
        if self.repeats > MOST_REPEATS:
            raise self.bad("too many repetitions")
        made: _Piece = []
        for _ in range(least if most is not None else least - 1):
            made += _moved(piece, len(made))
            _sized(made)
        if most is None:
            return _sized(made + _moved(_loop(piece, greedy=greedy, once=least > 0), len(made)))
        # Each further one may be the last.
        end = len(made) + (most - least) * (len(piece) + 1)
        for _ in range(most - least):
            made.append(_split(len(made) + 1, end, greedy=greedy))
            made += _moved(piece, len(made))
            _sized(made)
        return made

    def bounds(self) -> tuple[int, int | None] | None:
        for mark, least, most in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self.take(mark):
                return least, most
        found = _REPEAT.match(self.text, self.at)
        if found is None:
            return None
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else None
        if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
            raise self.bad(f"the repetition {found[0]}")
        self.at = found.end()
        return least, most


_NAMES = {"i": "case", "m": "lines", "s": "dots", "U": "ungreedy"}


def _loop(piece: _Piece, *, greedy: bool, once: bool) -> _Piece:
    """A piece again and again. One that may take nothing is gone through before it is asked whether to go on."""
    size = len(piece)
    if not once and not _takes_nothing(piece):
        return [_split(1, size + 2, greedy=greedy), *_moved(piece, 1), Instruction(JUMP, 0)]
    again = [*piece, _split(0, size + 1, greedy=greedy)]
    return again if once else [_split(1, size + 2, greedy=greedy), *_moved(again, 1)]


def _takes_nothing(piece: _Piece) -> bool:
    """Whether there is a way through a piece without a character."""
    seen = {0}
    ways = [0]
    while ways:
        at = ways.pop()
        if at >= len(piece):
            return True
        step = piece[at]
        if step.does != CHARACTER:
            following = (step.one, step.other) if step.does == SPLIT else (step.one if step.does == JUMP else at + 1,)
            ways.extend(each for each in following if each not in seen)
            seen.update(following)
    return False


def _split(inside: int, behind: int, *, greedy: bool) -> Instruction:
    return Instruction(SPLIT, inside, behind) if greedy else Instruction(SPLIT, behind, inside)


def _moved(piece: _Piece, by: int) -> _Piece:
    if not by:
        return piece
    made = []
    for step in piece:
        if step.does == SPLIT:
            made.append(step._replace(one=step.one + by, other=step.other + by))
        elif step.does == JUMP:
            made.append(step._replace(one=step.one + by))
        else:
            made.append(step)
    return made


def _sized(piece: _Piece) -> _Piece:
    if len(piece) > LARGEST:
        raise unknown("a regular expression too large to work with")
    return piece


def _one(ranges: tuple[Range, ...], flags: _Flags) -> Instruction:
    return Instruction(CHARACTER, ranges=folded(ranges) if flags.case else ranges)
