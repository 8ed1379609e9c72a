"""A selection names tables, and none of those that were read is meant.

https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Selection


@rule(Severity.MEDIUM)
def selection_matches_nothing(selection: Selection, estate: Estate) -> Truth:
    from recoverable.recovery.backups.selection_faults import selects_nothing  # noqa: PLC0415 (most runs see no selection)

    return selects_nothing(selection, estate)
