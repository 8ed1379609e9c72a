"""A plan takes the replica of a table in another Region away.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import ReplicaChange


@rule(Severity.MEDIUM, production_only=True)
def replica_removed(change: ReplicaChange) -> Truth:
    from recoverable.recovery.losses import meets  # noqa: PLC0415

    return meets(change, "destroy")
