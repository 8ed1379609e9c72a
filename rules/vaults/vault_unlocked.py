"""A backup vault has no lock.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.MEDIUM)
def vault_unlocked(vault: Vault) -> Truth:
    return vault.lock.holds(lambda lock: lock is None)
