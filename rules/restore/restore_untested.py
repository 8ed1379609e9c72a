"""Nobody tries whether the backups of a plan can be restored.

https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Plan


@rule(Severity.MEDIUM)
def restore_untested(plan: Plan, estate: Estate) -> Truth:
    from recoverable.recovery.backups.untested import is_untested  # noqa: PLC0415 (most runs see no plan)

    return is_untested(plan, estate)
