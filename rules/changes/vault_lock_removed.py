"""A plan takes the lock off a vault that stays.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, every, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import VaultChange


@rule(Severity.HIGH)
def vault_lock_removed(change: VaultChange) -> Truth:
    from recoverable.recovery.losses import stays  # noqa: PLC0415

    before, after, same = change.before, change.after, stays(change)
    if before is None or after is None:
        return same
    gone = after.lock.holds(lambda lock: lock is None, "there is no lock on it after the plan")
    had = before.lock.holds(lambda lock: lock is not None, "it has a lock now")
    return every((gone, had, same))
