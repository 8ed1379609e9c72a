"""What a function is given: its arguments as it takes them, and what happens when they are not so."""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.read.terraform.conversions import converted, is_wrong
from recoverable.read.terraform.kinds import ANY, STRING, SetOf, TooManyPartsError, Type, named, refused
from recoverable.read.terraform.operators import as_bool, as_number, as_text
from recoverable.text import Text
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.read.data import Content
    from recoverable.read.terraform.values import Files
    from recoverable.source import Span
    from recoverable.truth import Fact

#: A text longer than this is somebody's bomb.
MOST_CHARACTERS = 1_000_000

#: A list longer than this too.
MOST_ITEMS = 10_000

#: So many facts about arguments are passed on with what is made of them.
MOST_NOTES = 8


class StopError(Exception):
    """A function has no result: `content` says why not."""

    def __init__(self, content: Open) -> None:
        super().__init__(content.reason)
        self.content = content


def wrong(reason: str) -> StopError:
    """To be raised where Terraform itself would refuse."""
    return StopError(refused(reason))


def unknown(reason: str) -> StopError:
    """To be raised where the result cannot be told."""
    return StopError(Open(reason))


class Function(NamedTuple):
    """A function with the least and most number of arguments it takes; None is any number."""

    call: Callable[[Given], Content | Datum]
    least: int
    most: int | None


class Given:
    """A call: its arguments, the files that it may read, and its place. Its methods raise StopError."""

    __slots__ = ("arguments", "files", "name", "span")

    def __init__(self, name: str, files: Files, arguments: tuple[Datum, ...], span: Span) -> None:
        self.name = name
        self.files = files
        self.arguments = arguments
        self.span = span

    def __len__(self) -> int:
        return len(self.arguments)

    def datum(self, content: Content) -> Datum:
        """A part of the result."""
        return Datum(content, self.span)

    def misfit(self, at: int, wanted: str) -> StopError:
        """To be raised where an argument is not what the function takes."""
        content = self.arguments[at].content
        if isinstance(content, Open):
            return StopError(content if is_wrong(content) else Open(content.reason))
        return wrong(f"{self.name}() takes {wanted}, not {named(content)}")

    def template(self, at: int) -> Text:
        """An argument as a text, parts of which may not be known."""
        text = as_text(self.arguments[at])
        if isinstance(text, Open):
            raise self.misfit(at, "a text")
        return text

    def text(self, at: int) -> str:
        """An argument as a text that is wholly known."""
        return whole(self.template(at))

    def number(self, at: int) -> int | float:
        number = as_number(self.arguments[at])
        if isinstance(number, Open):
            raise StopError(number if is_wrong(number) else Open(number.reason))
        return number

    def integer(self, at: int) -> int:
        """An argument as a whole number of 64 bits."""
        number = self.number(at)
        if isinstance(number, float) or not -(2**63) <= number < 2**63:
            raise wrong(f"{self.name}() takes a whole number, not {number}")
        return number

    def flag(self, at: int) -> bool:
        held = as_bool(self.arguments[at])
        if isinstance(held, Open):
            raise StopError(held if is_wrong(held) else Open(held.reason))
        return held

    def items(self, at: int, wanted: str = "a list") -> Items:
        """An argument as a list, set or tuple, of which some items may not be known, or not even their number."""
        content = self.arguments[at].content
        if not isinstance(content, Items):
            raise self.misfit(at, wanted)
        return content

    def sequence(self, at: int) -> Items:
        """An argument as a list or tuple, but no set."""
        items = self.items(at)
        if isinstance(items, SetOf):
            raise self.misfit(at, "a list")
        return items

    def all_items(self, at: int) -> tuple[Datum, ...]:
        """The items of an argument, if these are all there are."""
        return all_of(self.items(at))

    def like_items(self, at: int) -> list[Datum]:
        """The items of an argument, converted to one type."""
        self.items(at)
        return list(self._listed(at, ANY))

    def texts(self, at: int) -> list[Datum]:
        """The items of an argument as texts; null and what is not known stays."""
        self.items(at, "a list of texts")
        return list(self._listed(at, STRING))

    def _listed(self, at: int, of: Type) -> tuple[Datum, ...]:
        content = converted(self.arguments[at], Type("list", (of,))).content
        if not isinstance(content, Items):
            raise StopError(content if isinstance(content, Open) else Open("a list was expected"))
        return all_of(content)

    def fields(self, at: int) -> Fields:
        content = self.arguments[at].content
        if not isinstance(content, Fields):
            raise self.misfit(at, "a map")
        return content


def whole(text: Text) -> str:
    """A text that is wholly known. Raises StopError."""
    known = text.literal()
    if known is None:
        holes = text.holes()
        failed = next((hole for hole in holes if hole.type == "wrong"), None)
        raise wrong(failed.reason) if failed else unknown(text.why_open())
    if len(known) > MOST_CHARACTERS:
        raise unknown("it makes too long a text")
    return known


def all_of(items: Items) -> tuple[Datum, ...]:
    """The items of a list, if these are all there are. Raises StopError."""
    members = tuple(items)
    failed = next((member.content for member in members if is_wrong(member.content)), None)
    if isinstance(failed, Open):
        raise StopError(failed)
    if items.open:
        raise unknown(items.open)
    return members


def plain(text: Text) -> str | Text:
    """A text as content: what is wholly known as a plain one."""
    known = text.literal()
    return text if known is None else known


def applied(name: str, function: Function, files: Files, arguments: tuple[Datum, ...], span: Span) -> Datum:
    """The result of a call; what Terraform would refuse, and what cannot be told, is content that says so."""
    if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
        return Datum(refused(f"{name}() does not take {len(arguments)} arguments"), span)
    failed = next((each for each in arguments if is_wrong(each.content)), None)
    if failed is not None:
        return failed._replace(origin=span)
    try:
        result = function.call(Given(name, files, arguments, span))
    except StopError as stop:
        return Datum(stop.content, span)
    except (TooManyPartsError, RecursionError):
        return Datum(Open("a value too large to work with"), span)
    made = result if isinstance(result, Datum) else Datum(result, span)
    if _too_large(made.content):
        return Datum(Open("it makes too long a text or list"), span)
    return Datum(made.content, span, _notes(made, arguments), made.encoded)


def _too_large(content: Content) -> bool:
    match content:
        case str():
            return len(content) > MOST_CHARACTERS
        case Text(parts):
            return (
                len(parts) > MOST_ITEMS or sum(len(part) for part in parts if isinstance(part, str)) > MOST_CHARACTERS
            )
        case Items():
            return len(content.unforced()) > MOST_ITEMS
        case _:
            return False


def _notes(made: Datum, arguments: tuple[Datum, ...]) -> tuple[Fact, ...]:
    if not made.notes and not any(argument.notes for argument in arguments):
        return ()
    every = (*made.notes, *(note for argument in arguments for note in argument.notes))
    return tuple(dict.fromkeys(every))[:MOST_NOTES]
