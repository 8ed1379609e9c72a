"""The restore role cannot restore the table.

https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, RestoreTestSelection


@rule(Severity.HIGH)
def restore_role_cannot_restore(selection: RestoreTestSelection, estate: Estate) -> Truth:
    if selection.resource_type.equals("DynamoDB").answer is Answer.NO:
        return Truth(Answer.NO)
    from recoverable.recovery.access.named_roles import role_of  # noqa: PLC0415

    role = role_of(selection.role, estate, "the restore test")
    if isinstance(role, Truth):
        return role
    from recoverable.recovery.access.role_faults import restore_role  # noqa: PLC0415

    return restore_role("restore-role-cannot-restore", selection, role, estate)
