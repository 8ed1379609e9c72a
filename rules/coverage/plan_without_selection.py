"""A backup plan has nothing to back up.

https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Plan


@rule(Severity.MEDIUM)
def plan_without_selection(plan: Plan, estate: Estate) -> Truth:
    from recoverable.recovery.backups.idle_plans import has_no_selection  # noqa: PLC0415 (most runs see no plan)

    return has_no_selection(plan, estate)
