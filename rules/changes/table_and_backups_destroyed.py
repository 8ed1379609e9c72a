"""One plan deletes a table and the vault that its backups are in.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import TableChange


@rule(Severity.HIGH, production_only=True)
def table_and_backups_destroyed(change: TableChange, estate: Estate) -> Truth:
    from recoverable.recovery.losses import destroyed_with_backups  # noqa: PLC0415

    return destroyed_with_backups(change, estate)
