"""The resource policy of a table lets in everyone."""

from __future__ import annotations

from recoverable import Replica, Severity, Table, Truth, rule
from recoverable.policy.exposure import open_to_everyone


@rule(Severity.HIGH)
def table_policy_open(table: Table | Replica) -> Truth:
    policy = table.policy.known()
    if policy is None:
        return ~table.policy.holds(lambda written: written is None, "it has no resource policy")
    return open_to_everyone(policy)
