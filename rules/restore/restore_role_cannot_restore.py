"""The restore role cannot restore the table.

https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, RestoreTestSelection


@rule(Severity.HIGH)
def restore_role_cannot_restore(selection: RestoreTestSelection, estate: Estate) -> Truth:
    from recoverable.recovery.role_faults import restore_role  # noqa: PLC0415

    return restore_role("restore-role-cannot-restore", selection, estate)
