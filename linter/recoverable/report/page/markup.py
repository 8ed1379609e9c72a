"""HTML in which nothing but tags that this program wrote is a tag."""

from __future__ import annotations

from html import escape

from recoverable.report.characters import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Part = str | int | None | Iterable["Part"]


class Markup(str):
    """Text that is HTML already; every other text is escaped where it is put into an element."""

    __slots__ = ()


#: Elements after which a line ends, so that two pages can be compared; no browser shows the difference.
_LINES = frozenset(("div", "h1", "h2", "h3", "head", "li", "p", "section", "tr"))

#: Elements without content, of HTML and of SVG, where they must be closed all the same.
_VOID = frozenset(("input", "meta"))
_DRAWN = frozenset(("line", "path", "rect", "use"))


def element(name: str, /, *content: Part, **attributes: str | float | bool | None) -> Markup:
    """An element. Of attribute names the underscores become hyphens, but for one at the end; False and None are left
    out, True stands without a value.
    """
    opening = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        shown = key.rstrip("_").replace("_", "-")
        opening.append(shown if value is True else f'{shown}="{safe(str(value))}"')
    start = f"<{' '.join(opening)}>"
    if name in _DRAWN:
        return Markup(f"{start[:-1]}/>")
    if name in _VOID:
        return Markup(start)
    end = "\n" if name in _LINES else ""
    return Markup(f"{start}{inside(content)}</{name}>{end}")


def inside(content: Part) -> Markup:
    """The content of an element, one part after the other."""
    if isinstance(content, Markup):
        return content
    if content is None:
        return Markup("")
    if isinstance(content, str | int):
        return Markup(safe(str(content)))
    return Markup("".join(map(inside, content)))


def safe(text: str) -> str:
    """Text that a browser shows as it is: no tag, no control character, nothing that turns the direction of writing."""
    return escape(printable(text))


def hidden(text: str) -> Markup:
    """Words for those who hear the page."""
    return element("span", text, class_="heard")
