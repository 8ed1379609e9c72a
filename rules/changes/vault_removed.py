"""A plan deletes a backup vault.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html
"""

from __future__ import annotations

from recoverable import Fact, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import VaultChange


@rule(Severity.HIGH)
def vault_removed(change: VaultChange) -> Truth:
    from recoverable.recovery.losses import meets  # noqa: PLC0415

    found = meets(change, "destroy", "replace")
    emptied = change.before.destroyed_with_contents if change.before is not None else None
    if emptied is not None and emptied.known():
        return found.because(Fact("its recovery points are deleted with it (force_destroy)", emptied.origin))
    return found
