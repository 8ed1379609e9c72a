"""Somebody may read a table by restoring it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Restore.Tutorial.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def restore_bypasses_read_denial(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import reads_by_restoring  # noqa: PLC0415

    return reads_by_restoring(principal, estate)
