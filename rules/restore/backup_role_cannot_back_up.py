"""The backup role cannot back up the table.

https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Selection


@rule(Severity.HIGH)
def backup_role_cannot_back_up(selection: Selection, estate: Estate) -> Truth:
    from recoverable.recovery.access.named_roles import role_of  # noqa: PLC0415

    role = role_of(selection.role, estate, "the selection")
    if isinstance(role, Truth):
        return role
    from recoverable.recovery.access.role_faults import backup_role  # noqa: PLC0415

    return backup_role("backup-role-cannot-back-up", selection, role, estate)
