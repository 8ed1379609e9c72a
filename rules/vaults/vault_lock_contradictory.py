"""The values of a vault lock contradict each other, or are outside of what AWS Backup takes.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateLogicallyAirGappedBackupVault.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.HIGH)
def vault_lock_contradictory(vault: Vault) -> Truth:
    lock = vault.lock.known()
    if lock is None:
        return ~vault.lock.holds(lambda found: found is None, "it has no lock")
    from recoverable.recovery.backups.locks import contradictory  # noqa: PLC0415

    return contradictory(lock, air_gapped=vault.air_gapped)
