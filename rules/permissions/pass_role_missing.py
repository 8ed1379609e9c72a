"""A grant to start jobs of AWS Backup lacks PassRole.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.HIGH)
def pass_role_missing(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.role_faults import falls_short  # noqa: PLC0415

    return falls_short("pass-role-missing", principal, estate)
