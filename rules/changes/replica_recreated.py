"""A replica is deleted and made anew, without its history.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table#replica
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import ReplicaChange


@rule(Severity.HIGH, production_only=True)
def replica_recreated(change: ReplicaChange) -> Truth:
    return change.recreated.holds(bool, "the provider deletes it and makes it anew").because(*change.because)
