"""Faults of a configuration, and their order."""

from __future__ import annotations

from recoverable.rule import Fault
from recoverable.spelling import listed, nearest
from recoverable.typed import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.source import Span


def config_fault(message: str, origin: Span, do: str) -> Fault:
    return Fault("config", message, origin, do)


def unknown_word(what: str, word: str, known: list[str], origin: Span) -> Fault:
    """A fault for a word that is none of `known`."""
    near = nearest(word, known)
    meant = f"did you mean `{near}`? " if near else ""
    return config_fault(f"unknown {what} `{short(word)}`", origin, f"{meant}there are {listed(sorted(known), 'and')}")


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Each fault once, in the order of the text."""
    return tuple(sorted(set(faults), key=lambda fault: (_place(fault), fault.message)))


def short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _place(fault: Fault) -> tuple[int, int]:
    origin: Any = fault.origin
    return origin.line, origin.column
