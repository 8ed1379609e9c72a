"""Somebody may delete the vault.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.LOW)
def may_delete_vault(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-delete-vault",
        (Act("disable-protection", "delete-vault", "it can delete a vault with backups of"),),
        principal,
        estate,
    )
