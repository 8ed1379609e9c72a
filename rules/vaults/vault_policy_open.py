"""The access policy of a vault lets in everyone.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.HIGH)
def vault_policy_open(vault: Vault) -> Truth:
    policy = vault.policy.known()
    if policy is None:
        return ~vault.policy.holds(lambda written: written is None, "it has no access policy")
    from recoverable.policy.exposure import open_to_everyone  # noqa: PLC0415

    return open_to_everyone(policy)
