"""A boundary voids a grant to restore.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def boundary_voids_restore(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.role_faults import bounded  # noqa: PLC0415

    return bounded(principal, estate)
