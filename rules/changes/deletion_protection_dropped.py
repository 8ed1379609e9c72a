"""A plan switches deletion protection off.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, every, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import ReplicaChange, TableChange


@rule(Severity.MEDIUM, production_only=True)
def deletion_protection_dropped(change: TableChange | ReplicaChange) -> Truth:
    from recoverable.recovery.losses import stays, switched_off  # noqa: PLC0415

    before, after, same = change.before, change.after, stays(change)
    if before is None or after is None:
        return same
    return every((switched_off(before.deletion_protection, after.deletion_protection), same))
