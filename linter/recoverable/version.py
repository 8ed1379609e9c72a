"""The versions of the program and of what it knows about AWS."""

from __future__ import annotations

from recoverable import __version__

#: When the facts about AWS (properties, defaults, limits) that the readers and rules rest on were last gathered.
AWS_DATA_DATE = "2026-11-01"


def line() -> str:
    """What `recoverable --version` prints."""
    return f"recoverable {__version__} (AWS data of {AWS_DATA_DATE})"
