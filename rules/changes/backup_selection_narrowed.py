"""A plan changes or deletes a selection, and tables that it selects are backed up no longer.

https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import SelectionChange


@rule(Severity.MEDIUM)
def backup_selection_narrowed(change: SelectionChange, estate: Estate) -> Truth:
    from recoverable.recovery.losses import narrowed  # noqa: PLC0415

    return narrowed(change, estate)
