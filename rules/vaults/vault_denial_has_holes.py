"""The policy of a vault denies that recovery points are deleted, and leaves a way around the denial.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.MEDIUM)
def vault_denial_has_holes(vault: Vault) -> Truth:
    policy = vault.policy.known()
    if policy is None:
        return ~vault.policy.holds(lambda written: written is None, "it has no access policy")
    from recoverable.recovery.backups.vault_policies import denial_has_holes  # noqa: PLC0415

    return denial_has_holes(policy, vault)
