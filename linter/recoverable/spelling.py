"""What a misspelt name was probably meant to be."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, names: Iterable[str]) -> str:
    """The one of `names` that is most like `word`; empty when none is, or when it has 100 letters or more."""
    if len(word) >= 100:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 (10 ms, and only a mistake needs it)

    by_spelling = {_bare(name): name for name in names}
    close = get_close_matches(_bare(word), by_spelling, n=1, cutoff=0.6)
    return by_spelling[close[0]] if close else ""


def listed(names: Iterable[str], last: str = "or") -> str:
    """Names as a sentence has them: `a, b or c`."""
    every = list(names)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} {last} {every[-1]}" if every else ""


def _bare(name: str) -> str:
    return name.lower().replace("-", "_")
