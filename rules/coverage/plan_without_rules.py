"""A backup plan has no rule.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupPlanInput.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Plan


@rule(Severity.MEDIUM)
def plan_without_rules(plan: Plan) -> Truth:
    from recoverable.recovery.backups.idle_plans import has_no_rules  # noqa: PLC0415 (most runs see no plan)

    return has_no_rules(plan)
