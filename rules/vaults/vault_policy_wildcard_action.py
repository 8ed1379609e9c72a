"""The access policy of a vault has a wildcard in an action, which AWS Backup does not support there.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.HIGH)
def vault_policy_wildcard_action(vault: Vault) -> Truth:
    policy = vault.policy.known()
    if policy is None:
        return ~vault.policy.holds(lambda written: written is None, "it has no access policy")
    from recoverable.recovery.backups.vault_policies import wildcard_action  # noqa: PLC0415

    return wildcard_action(policy)
