"""What a table is for: which tables must come back, and which may be lost."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.truth import Fact


class TableClass(NamedTuple):
    """A class name (`production`, `lock`, `cache`, `rebuildable`, or one that the configuration names).

    `spared` classes are exempt from the rules for production tables, for the `reason` given.
    """

    name: str
    spared: bool
    reason: Fact | None = None


PRODUCTION = TableClass("production", spared=False)
