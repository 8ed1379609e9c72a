"""A Deny leaves out what comes to the same as what it denies.

https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, PolicyStatement


@rule(Severity.MEDIUM)
def denial_incomplete(statement: PolicyStatement, estate: Estate) -> Truth:
    if not statement.of_ours and statement.document.kind != "scp":
        return Truth(Answer.NO)
    from recoverable.recovery.statements.denial_gaps import forgets  # noqa: PLC0415

    return forgets(statement, estate)
