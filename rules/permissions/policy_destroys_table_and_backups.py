"""A single policy allows to destroy a table and every backup of it.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, PolicyDocument


@rule(Severity.HIGH, critical=True)
def policy_destroys_table_and_backups(document: PolicyDocument, estate: Estate) -> Truth:
    if not document.gives or document.of_aws:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.destruction import policy_destroys_all  # noqa: PLC0415

    return policy_destroys_all(document, estate)
