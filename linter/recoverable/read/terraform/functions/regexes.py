"""`regex`, `regexall`, and `replace` with a pattern.

https://developer.hashicorp.com/terraform/language/functions/regex
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items
from recoverable.read.terraform.functions.arguments import (
    MOST_CHARACTERS,
    MOST_ITEMS,
    Function,
    Given,
    unknown,
    wrong,
)
from recoverable.read.terraform.functions.patterns import (
    ASSERT,
    JUMP,
    MATCH,
    SAVE,
    SPLIT,
    Pattern,
    compiled,
)
from recoverable.read.terraform.kinds import STRING, ListOf, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.data import Content, Pending
    from recoverable.source import Span

#: More steps than this are not taken to match one text.
MOST_STEPS = 500_000

#: Where a match and its groups start and end; -1 where a group has no part in it.
Places = tuple[int, ...]


class _Matcher:
    """Goes through a text once, along all ways through a program that are still possible, the preferred ones first."""

    __slots__ = ("pattern", "slots", "steps", "text")

    def __init__(self, pattern: Pattern, text: str) -> None:
        self.pattern = pattern
        self.text = text
        self.slots = 2 + 2 * len(pattern.groups)
        self.steps = 0

    def match(self, start: int) -> Places | None:
        """The first match at or behind `start`; of those that begin there, the one that is preferred."""
        program = self.pattern.program
        text = self.text
        best: Places | None = None
        ways: list[tuple[int, Places]] = []
        at = start
        while True:
            if best is None:
                # A match may begin here too; it comes after those that began before.
                ways = self.follow([*ways, (0, (-1,) * self.slots)], at)
            following: list[tuple[int, Places]] = []
            code = ord(text[at]) if at < len(text) else -1
            for place, saved in ways:
                step = program[place]
                if step.does == MATCH:
                    best = saved
                    break
                if any(first <= code <= last for first, last in step.ranges):
                    following.append((place + 1, saved))
            self.steps += len(ways)
            if self.steps > MOST_STEPS:
                raise unknown("a regular expression too slow to work with")
            if at >= len(text) or (best is not None and not following):
                return best
            at += 1
            ways = self.follow(following, at) if best is not None else following

    def follow(self, ways: list[tuple[int, Places]], at: int) -> list[tuple[int, Places]]:
        """The ways as far as they go without a character, each place once: what comes first is preferred."""
        program = self.pattern.program
        seen: set[int] = set()
        made: list[tuple[int, Places]] = []
        stack = ways[::-1]
        while stack:
            place, saved = stack.pop()
            if place in seen:
                continue
            seen.add(place)
            step = program[place]
            if step.does == SPLIT:
                stack.append((step.other, saved))
                stack.append((step.one, saved))
            elif step.does == JUMP:
                stack.append((step.one, saved))
            elif step.does == SAVE:
                stack.append((place + 1, (*saved[: step.one], at, *saved[step.one + 1 :])))
            elif step.does != ASSERT:
                made.append((place, saved))
            elif self.holds(step.name, at):
                stack.append((place + 1, saved))
        self.steps += len(seen)
        return made

    def holds(self, name: str, at: int) -> bool:
        text = self.text
        match name:
            case "start":
                return at == 0
            case "end":
                return at == len(text)
            case "line start":
                return at == 0 or text[at - 1] == "\n"
            case "line end":
                return at == len(text) or text[at] == "\n"
        edge = (at > 0 and _is_word(text[at - 1])) != (at < len(text) and _is_word(text[at]))
        return edge if name == "word edge" else not edge


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def matches(pattern: Pattern, text: str) -> Iterator[Places]:
    """All matches in order. An empty one does not count where another has just ended."""
    matcher = _Matcher(pattern, text)
    at = 0
    end = -1
    while at <= len(text):
        found = matcher.match(at)
        if found is None:
            return
        if found[1] > found[0] or found[0] != end:
            yield found
        end = found[1]
        at = end if end > at else at + 1


def regex(given: Given) -> Content | Datum:
    """The first match: a text, or its groups as a list, or as a map where they have names."""
    pattern, text = compiled(given.text(0)), given.text(1)
    _check_groups(pattern)
    found = _Matcher(pattern, text).match(0)
    if found is None:
        raise wrong("regex() finds no match")
    return _result(pattern, text, found, given.span)


def regex_all(given: Given) -> Content:
    pattern, text = compiled(given.text(0)), given.text(1)
    _check_groups(pattern)
    made = []
    for found in matches(pattern, text):
        made.append(_result(pattern, text, found, given.span))
        if len(made) > MOST_ITEMS:
            raise unknown("it makes too long a list")
    return ListOf(tuple(made), of=_type(pattern))


def _type(pattern: Pattern) -> Type:
    """The type of what each match is."""
    if not any(pattern.groups):
        return Type("tuple", (STRING,) * len(pattern.groups)) if pattern.groups else STRING
    names = tuple(sorted(pattern.groups))
    return Type("object", (STRING,) * len(names), names)


def _check_groups(pattern: Pattern) -> None:
    if any(pattern.groups) and not all(pattern.groups):
        raise wrong("no regular expression of Terraform: some of its groups have names, others have not")


def _result(pattern: Pattern, text: str, found: Places, span: Span) -> Datum:
    def group(at: int) -> Datum:
        start, end = found[2 * at], found[2 * at + 1]
        return Datum(None if start < 0 or end < 0 else text[start:end], span)

    if not pattern.groups:
        return group(0)
    members = tuple(group(at) for at in range(1, len(pattern.groups) + 1))
    if not pattern.groups[0]:
        return Datum(Items(members), span)
    entries: dict[str, tuple[Span, Datum | Pending]] = {
        name: (span, member) for name, member in zip(pattern.groups, members, strict=True)
    }
    return Datum(Fields(entries), span)


def replaced(text: str, expression: str, new: str) -> str:
    """A text with all matches replaced. `$1` and `${name}` in what replaces them are groups, `$$` is a dollar."""
    pattern = compiled(expression)
    template = list(_expansion(new, pattern))
    made: list[str] = []
    end = 0
    size = 0
    for found in matches(pattern, text):
        made.append(text[end : found[0]])
        made += [each if isinstance(each, str) else _of_group(text, found, each) for each in template]
        end = found[1]
        size += sum(map(len, made[-len(template) - 1 :]))
        if size > MOST_CHARACTERS:
            raise unknown("it makes too long a text")
    made.append(text[end:])
    return "".join(made)


def _of_group(text: str, found: Places, at: int) -> str:
    start, end = found[2 * at], found[2 * at + 1]
    return text[start:end] if start >= 0 <= end else ""


def _expansion(new: str, pattern: Pattern) -> Iterator[str | int]:
    """The parts of a replacement: texts, and numbers of groups."""
    first, *pieces = new.split("$")
    yield first
    skipped = False
    for at, piece in enumerate(pieces):
        if skipped:
            skipped = False
            yield piece
            continue
        if piece == "" and at + 1 < len(pieces):
            # Two dollars are one.
            skipped = True
            yield "$"
            continue
        braces = piece.startswith("{")
        rest = piece[1:] if braces else piece
        length = next((there for there, each in enumerate(rest) if not (each == "_" or each.isalnum())), len(rest))
        name = rest[:length]
        if not name or (braces and rest[length : length + 1] != "}"):
            yield "$" + piece
            continue
        group = _group_of(name, pattern)
        if group is not None:
            yield group
        yield rest[length + 1 :] if braces else rest[length:]


def _group_of(name: str, pattern: Pattern) -> int | None:
    """The number of a group; one that is not there is replaced by nothing."""
    if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0"):
        number = int(name) if len(name) < 9 else len(pattern.groups) + 1
        return number if number <= len(pattern.groups) else None
    return pattern.groups.index(name) + 1 if name in pattern.groups else None


FUNCTIONS = {
    "regex": Function(regex, 2, 2),
    "regexall": Function(regex_all, 2, 2),
}
