"""AWS Backup refuses a selection.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Selection


@rule(Severity.HIGH)
def selection_invalid(selection: Selection) -> Truth:
    from recoverable.recovery.backups.selection_faults import invalid  # noqa: PLC0415 (most runs see no selection)

    return invalid(selection)
