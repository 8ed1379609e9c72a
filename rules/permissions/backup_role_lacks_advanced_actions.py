"""The backup role lacks the actions of the advanced features.

https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Selection


@rule(Severity.HIGH)
def backup_role_lacks_advanced_actions(selection: Selection, estate: Estate) -> Truth:
    from recoverable.recovery.access.named_roles import role_of  # noqa: PLC0415

    role = role_of(selection.role, estate, "the selection")
    if isinstance(role, Truth):
        return Truth(Answer.NO)
    from recoverable.recovery.access.role_faults import backup_role  # noqa: PLC0415

    return backup_role("backup-role-lacks-advanced-actions", selection, role, estate)
