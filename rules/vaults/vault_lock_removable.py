"""The lock of a vault can be taken off: governance mode, and no policy that keeps it on.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable import Answer, Fact, Severity, Truth, every, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.LOW)
def vault_lock_removable(vault: Vault) -> Truth:
    lock = vault.lock.known()
    if lock is None:
        return ~vault.lock.holds(lambda found: found is None, "it has no lock")
    if lock.final_on.known() is not None:
        return ~lock.final_on.holds(lambda date: date is not None)
    removable = lock.changeable_for.holds(lambda days: days is None)
    if removable.answer is Answer.NO:
        return removable
    from recoverable.recovery.backups.denials import unlocking_denied  # noqa: PLC0415

    guarded = unlocking_denied(vault)
    told = Fact("without it the lock is in governance mode: whoever IAM lets may take it off", lock.origin)
    return every((removable, ~guarded)).pointing(lock.changeable_for.fact()).because(told)
