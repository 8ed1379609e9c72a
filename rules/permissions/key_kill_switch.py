"""Somebody may schedule the deletion of the key.

https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.HIGH, critical=True)
def key_kill_switch(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "key-kill-switch",
        (
            Act("destroy-table", "kill-key", "it can schedule the deletion of the key of"),
            Act("destroy-backups", "kill-key", "it can schedule the deletion of the key of a vault with backups of"),
        ),
        principal,
        estate,
    )
