"""A plan switches point-in-time recovery off, and with it goes all that could be restored.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, every, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import ReplicaChange, TableChange


@rule(Severity.HIGH, production_only=True)
def pitr_turned_off(change: TableChange | ReplicaChange) -> Truth:
    from recoverable.recovery.losses import stays, switched_off  # noqa: PLC0415

    before, after, same = change.before, change.after, stays(change)
    if before is None or after is None:
        return same
    return every((switched_off(before.pitr, after.pitr), same))
