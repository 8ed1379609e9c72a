"""Tags stand beside a pattern that selects everything anyway.

https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Selection


@rule(Severity.MEDIUM)
def selection_tags_do_not_narrow(selection: Selection) -> Truth:
    from recoverable.recovery.backups.selection_faults import tags_do_not_narrow  # noqa: PLC0415 (most runs see no selection)

    return tags_do_not_narrow(selection)
