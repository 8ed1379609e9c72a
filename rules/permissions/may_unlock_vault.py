"""Somebody may take the lock off the vault.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_unlock_vault(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-unlock-vault",
        (Act("disable-protection", "unlock-vault", "it can take the lock off a vault with backups of"),),
        principal,
        estate,
    )
