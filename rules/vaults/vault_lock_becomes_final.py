"""A vault gets a lock that nobody can ever take off again.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Truth, no, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.MEDIUM)
def vault_lock_becomes_final(vault: Vault, estate: Estate) -> Truth:
    lock = vault.lock.known()
    if vault.air_gapped:
        return no("it is logically air-gapped: its lock is final from the start, as that kind of vault promises")
    if lock is None:
        return ~vault.lock.holds(lambda found: found is None, "it has no lock")
    from recoverable.recovery.backups.locks import becomes_final  # noqa: PLC0415

    return becomes_final(vault, lock, estate)
