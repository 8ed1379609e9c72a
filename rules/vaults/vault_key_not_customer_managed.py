"""A vault from or into which backups are copied between accounts has a key that is not the customer's own.

https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
"""

from __future__ import annotations

from recoverable import Answer, Estate, Severity, Truth, every, no, rule, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.LOW)
def vault_key_not_customer_managed(vault: Vault, estate: Estate) -> Truth:
    if vault.air_gapped:
        return no("it is logically air-gapped, and shared with other accounts whatever its key")
    missing = vault.key.holds(lambda key: key is None, f"{vault.key.name} names no key of one's own")
    key = vault.key.known()
    if key is not None and len(key.parts) == 1 and any(not hole.stands_for for hole in key.holes()):
        # A parameter may name the key that AWS manages, too.
        missing = unknown(f"{vault.key.name} is not known: {key.why_open()}", vault.key.origin)
    if missing.answer is Answer.NO:
        return missing
    from recoverable.recovery.backups.vault_use import crosses_accounts  # noqa: PLC0415

    return every((missing, crosses_accounts(vault, estate)))
