"""A pattern has a star where AWS documents none.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Selection


@rule(Severity.LOW)
def wildcard_not_a_prefix(selection: Selection) -> Truth:
    from recoverable.recovery.backups.selection_faults import pattern_in_the_middle  # noqa: PLC0415 (most runs see no selection)

    return pattern_in_the_middle(selection)
