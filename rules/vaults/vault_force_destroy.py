"""Whoever destroys the vault with Terraform deletes every recovery point in it.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_vault#force_destroy
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.MEDIUM)
def vault_force_destroy(vault: Vault) -> Truth:
    return vault.destroyed_with_contents.equals(True)
