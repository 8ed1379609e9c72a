"""A condition of a selection has a key that is no tag's.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Conditions.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Selection


@rule(Severity.HIGH)
def condition_key_without_prefix(selection: Selection) -> Truth:
    from recoverable.recovery.backups.selection_faults import keys_without_prefix  # noqa: PLC0415 (most runs see no selection)

    return keys_without_prefix(selection)
