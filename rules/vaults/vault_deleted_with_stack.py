"""CloudFormation deletes the vault when its stack is deleted.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html
"""

from __future__ import annotations

from recoverable import Answer, Fact, Severity, Truth, no, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault


@rule(Severity.MEDIUM)
def vault_deleted_with_stack(vault: Vault) -> Truth:
    if vault.kept_on_delete is None:
        return no("it is in no stack")
    lost = ~vault.kept_on_delete.holds(lambda policy: policy in {"Retain", "RetainExceptOnCreate"})
    if lost.answer is Answer.YES:
        told = "AWS Backup refuses to delete a vault that is not empty: the deletion fails until somebody empties it"
        lost = lost.because(Fact(told))
    return lost
