"""A plan puts its backups into the default vault of the account.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import CopyAction, PlanRule


@rule(Severity.LOW)
def default_vault_used(part: PlanRule | CopyAction) -> Truth:
    from recoverable.recovery.backups.vault_use import is_default_vault  # noqa: PLC0415

    return is_default_vault(part)
