"""Neither a lock nor the policy of a vault keeps its recovery points from being deleted.

https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, every, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.MEDIUM)
def vault_deletion_not_denied(vault: Vault) -> Truth:
    unlocked = vault.lock.holds(lambda lock: lock is None)
    if unlocked.answer is Answer.NO:
        return unlocked
    policy = vault.policy.known()
    if policy is None:
        return every((vault.policy.holds(lambda written: written is None), unlocked))
    from recoverable.recovery.backups.vault_policies import deletion_allowed  # noqa: PLC0415

    return every((deletion_allowed(policy, vault), unlocked))
