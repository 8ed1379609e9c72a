"""Somebody may rewrite the vault's policy.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_rewrite_vault_policy(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-rewrite-vault-policy",
        (Act("disable-protection", "vault-policy", "it can rewrite the policy of a vault with backups of"),),
        principal,
        estate,
    )
