"""A statement allows actions for backups on all tables, vaults or plans there are.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, PolicyStatement


@rule(Severity.MEDIUM)
def backup_actions_on_everything(statement: PolicyStatement, estate: Estate) -> Truth:
    if not statement.of_ours:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.statement_faults import too_much  # noqa: PLC0415

    return too_much("backup-actions-on-everything", statement, estate)
