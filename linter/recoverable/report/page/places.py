"""Facts and places on the page: what something follows from, and where that was read."""

from __future__ import annotations

from recoverable.report.page.markup import element
from recoverable.report.wording import raised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.report.page.markup import Markup
    from recoverable.source import Origin
    from recoverable.truth import Fact

#: More facts than these are counted, not shown.
MOST = 6


def place(origin: Origin | None) -> Markup | None:
    """Where something was read, as an editor would find it."""
    return None if origin is None else element("code", origin.start(), class_="place")


def reasons(facts: Iterable[Fact]) -> Markup | None:
    """A list of facts, each with its place."""
    all_facts = list(facts)
    if not all_facts:
        return None
    shown = [element("li", raised(fact.text), " " if fact.origin else None, place(fact.origin)) for fact in all_facts]
    more = len(all_facts) - MOST
    if more > 0:
        shown[MOST:] = [element("li", f"and {more} more (recoverable posture --explain, or --format json)")]
    return element("ul", shown, class_="reasons")
