"""Functions on texts. What is known of a text that is not wholly known stays, where the function leaves it in place.

https://developer.hashicorp.com/terraform/language/functions#string-functions
"""

from __future__ import annotations

from recoverable.read.data import Open
from recoverable.read.terraform.functions.arguments import (
    MOST_CHARACTERS,
    Function,
    Given,
    StopError,
    plain,
    unknown,
    whole,
    wrong,
)
from recoverable.read.terraform.kinds import STRING, ListOf
from recoverable.read.terraform.operators import as_text
from recoverable.text import Hole, Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.read.data import Content, Datum

#: What Go takes for white space.
_SPACE = (
    " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

#: Ranges of characters that stand for themselves: none of them joins with those beside it.
_SIMPLE = ((0x20, 0x7E), (0xA1, 0x2FF), (0x370, 0x482), (0x48A, 0x52F), (0x2010, 0x2027), (0x20A0, 0x20BF))
_SIMPLE_EAST = ((0x3041, 0x3096), (0x30A1, 0x30FF), (0x4E00, 0x9FFF))


def characters(text: str) -> list[str]:
    """The characters of a text as people count them. Raises StopError where that takes more than we know."""
    if "\r\n" in text:
        return [part for line in text.split("\r\n") for part in ("\r\n", *characters(line))][1:]
    if not text.isascii():
        for character in text:
            at = ord(character)
            if at >= 0x7F and not any(first <= at <= last for first, last in _SIMPLE + _SIMPLE_EAST):
                raise unknown("a text of characters that join with others")
    return list(text)


def _changed(text: Text, change: Callable[[str], str]) -> Content:
    """A text with each known part changed on its own; what is not known is no longer what it stood for."""
    return plain(
        joined(*(change(part) if isinstance(part, str) else Hole(part.reason, type=part.type) for part in text.parts))
    )


def _lowered(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join("i" if each == "\u0130" else each.lower() if len(each.lower()) == 1 else each for each in text)


def _raised(text: str) -> str:
    if text.isascii():
        return text.upper()
    return "".join(each.upper() if len(each.upper()) == 1 else each for each in text)


def lower(given: Given) -> Content:
    return _changed(given.template(0), _lowered)


def upper(given: Given) -> Content:
    return _changed(given.template(0), _raised)


def title(given: Given) -> Content:
    text = given.text(0)
    made = []
    inside = False
    for character in text:
        made.append(character if inside else _raised(character))
        inside = character == "_" or character.isalnum() or (not character.isascii() and not character.isspace())
    return "".join(made)


def chomp(given: Given) -> Content:
    return _ends_taken(given.template(0), None, lambda text: text.rstrip("\r\n"))


def trim(given: Given) -> Content:
    text, cut = given.template(0), given.text(1)
    return _ends_taken(text, lambda text: text.lstrip(cut), lambda text: text.rstrip(cut)) if cut else plain(text)


def trim_space(given: Given) -> Content:
    return _ends_taken(given.template(0), lambda text: text.lstrip(_SPACE), lambda text: text.rstrip(_SPACE))


def _ends_taken(text: Text, before: Callable[[str], str] | None, behind: Callable[[str], str]) -> Content:
    """A text with something taken off its ends. What is not known there must not let more be taken than can be told."""
    known = text.literal()
    if known is not None:
        return behind(before(known) if before else known)
    parts = list(text.parts)
    for at, beside, take in ((0, 1, before), (-1, -2, behind)):
        part = parts[at]
        if take is None:
            continue
        if isinstance(part, str):
            parts[at] = take(part)
            if not parts[at]:
                raise unknown(text.why_open())
            continue
        parts[at] = Hole(part.reason, type=part.type)
        neighbour = parts[beside] if len(parts) > 1 else ""
        if not isinstance(neighbour, str) or take(neighbour) != neighbour:
            raise unknown(text.why_open())
    return plain(joined(*parts))


def trim_prefix(given: Given) -> Content:
    text, prefix = given.template(0), given.text(1)
    if not _starts(text, prefix):
        return plain(text)
    return plain(Text(tuple(part for part in _without_start(text, len(prefix)) if part)))


def _without_start(text: Text, length: int) -> tuple[str | Hole, ...]:
    if not length:
        return text.parts
    first = text.parts[0]
    assert isinstance(first, str)
    return (first[length:], *text.parts[1:])


def trim_suffix(given: Given) -> Content:
    text, suffix = given.template(0), given.text(1)
    if not _ends(text, suffix) or not suffix:
        return plain(text)
    last = text.parts[-1]
    assert isinstance(last, str)
    return plain(Text(tuple(part for part in (*text.parts[:-1], last[: -len(suffix)]) if part)))


def starts_with(given: Given) -> Content:
    return _starts(given.template(0), given.text(1))


def ends_with(given: Given) -> Content:
    return _ends(given.template(0), given.text(1))


def _starts(text: Text, prefix: str) -> bool:
    first = text.parts[0] if text.parts else ""
    known = first if isinstance(first, str) else ""
    if known.startswith(prefix):
        return True
    if text.literal() is not None or not prefix.startswith(known):
        return False
    raise unknown(text.why_open())


def _ends(text: Text, suffix: str) -> bool:
    last = text.parts[-1] if text.parts else ""
    known = last if isinstance(last, str) else ""
    if known.endswith(suffix):
        return True
    if text.literal() is not None or not suffix.endswith(known):
        return False
    raise unknown(text.why_open())


def contains_text(given: Given) -> Content:
    text, wanted = given.template(0), given.text(1)
    if any(isinstance(part, str) and wanted in part for part in text.parts) or not wanted:
        return True
    whole(text)
    return False


def replace(given: Given) -> Content:
    """A pattern between slashes is a regular expression."""
    old = given.text(1)
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        from recoverable.read.terraform.functions.regexes import replaced  # noqa: PLC0415 (few have a pattern)

        return replaced(given.text(0), old[1:-1], given.text(2))
    text, new = given.text(0), given.template(2)
    if (text.count(old) + 1) * sum(len(part) for part in new.parts if isinstance(part, str)) > MOST_CHARACTERS:
        raise unknown("it makes too long a text")
    pieces = text.split(old) if old else ["", *text, ""]
    return plain(joined(*_between(pieces, new)))


def _between(pieces: list[str], separator: Text) -> list[str | Text]:
    made: list[str | Text] = []
    for piece in pieces:
        made += (separator, piece) if made else (piece,)
    return made


def split(given: Given) -> Content:
    """What stands before the first part that is not known is split; there may be more behind it."""
    separator, text = given.text(0), given.template(1)
    known = text.literal()
    if known is not None:
        pieces = known.split(separator) if separator else list(known)
        return ListOf(tuple(map(given.datum, pieces)), of=STRING)
    first = text.parts[0]
    if not separator or not isinstance(first, str):
        raise unknown(text.why_open())
    return ListOf(tuple(map(given.datum, first.split(separator)[:-1])), text.why_open(), STRING)


def join(given: Given) -> Content:
    separator = given.template(0)
    parts = []
    for at in range(1, len(given)):
        for member in given.texts(at):
            text = as_text(member)
            if isinstance(text, Open):
                raise StopError(text)
            parts.append(text)
    made: list[str | Text] = []
    for part in parts:
        made += (separator, part) if made else (part,)
    if sum(len(part.shown()) if isinstance(part, Text) else len(part) for part in made) > MOST_CHARACTERS:
        raise unknown("it makes too long a text")
    return plain(joined(*made))


def indent(given: Given) -> Content:
    spaces = given.integer(0)
    if spaces < 0:
        raise wrong("indent() takes a number of spaces that is not negative")
    # What is not known may have lines of its own.
    text = given.text(1)
    if "\n" not in text:
        return text
    if spaces * text.count("\n") > MOST_CHARACTERS:
        raise unknown("it makes too long a text")
    return text.replace("\n", "\n" + " " * spaces)


def reversed_text(given: Given) -> Content:
    return "".join(reversed(characters(given.text(0))))


def part_of(given: Given) -> Content:
    """A length of -1 is all that is left; an offset below zero counts from the end."""
    text = given.template(0)
    offset, length = given.integer(1), given.integer(2)
    if text.literal() is None:
        first = text.parts[0]
        # As much as is known before the first part that is not.
        if isinstance(first, str) and offset >= 0 and length >= 0 and offset + length <= len(characters(first)):
            return "".join(characters(first)[offset : offset + length])
        raise unknown(text.why_open())
    found = characters(whole(text))
    if offset < 0:
        offset += len(found)
        length = length or -1
    elif length == 0:
        return ""
    kept = found[max(offset, 0) :]
    return "".join(kept if length < 0 else kept[:length])


def length_of(text: Text) -> int:
    """The number of characters of a text."""
    return len(characters(whole(text)))


def sort(given: Given) -> Content:
    texts: list[Datum] = given.texts(0)
    if any(member.content is None for member in texts):
        raise wrong("sort() takes a list without null")
    if len(texts) == 1:
        return ListOf(tuple(texts))
    return ListOf(tuple(map(given.datum, sorted(whole(member.text()) for member in texts))), of=STRING)


FUNCTIONS = {
    "chomp": Function(chomp, 1, 1),
    "endswith": Function(ends_with, 2, 2),
    "indent": Function(indent, 2, 2),
    "join": Function(join, 2, None),
    "lower": Function(lower, 1, 1),
    "replace": Function(replace, 3, 3),
    "sort": Function(sort, 1, 1),
    "split": Function(split, 2, 2),
    "startswith": Function(starts_with, 2, 2),
    "strcontains": Function(contains_text, 2, 2),
    "strrev": Function(reversed_text, 1, 1),
    "substr": Function(part_of, 3, 3),
    "title": Function(title, 1, 1),
    "trim": Function(trim, 2, 2),
    "trimprefix": Function(trim_prefix, 2, 2),
    "trimspace": Function(trim_space, 1, 1),
    "trimsuffix": Function(trim_suffix, 2, 2),
    "upper": Function(upper, 1, 1),
}
