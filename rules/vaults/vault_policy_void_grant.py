"""The access policy of a vault grants other accounts what AWS Backup refuses them whatever it says.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.LOW)
def vault_policy_void_grant(vault: Vault) -> Truth:
    policy = vault.policy.known()
    if policy is None:
        return ~vault.policy.holds(lambda written: written is None, "it has no access policy")
    from recoverable.recovery.backups.vault_policies import void_grant  # noqa: PLC0415

    return void_grant(policy, vault)
