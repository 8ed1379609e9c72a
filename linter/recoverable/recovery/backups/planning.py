"""Whether anything at all is planned that backs up tables, which most templates answer with no."""

from __future__ import annotations

from recoverable.truth import Answer, Fact, Truth, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate, Table

#: How it is said that a table is backed up by nothing.
NOTHING = "no backup plan selects it"


def nothing_planned(table: Table, estate: Estate) -> Truth | None:
    """That no plan selects the table, where no plan selects anything; None where that must be looked into."""
    if estate.selections.entries or estate.declared.external:
        return None
    origin = table.subject.origin
    if estate.selections.incomplete:
        return unknown(f"{NOTHING} in what was read, but {estate.selections.incomplete}", origin)
    return Truth(Answer.YES, (Fact(NOTHING, origin), Fact("there is no backup selection in what was read")))
