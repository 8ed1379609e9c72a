"""Continuous backup in a plan, which gives DynamoDB tables no point-in-time recovery: that is the table's own setting.

https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
"""

from __future__ import annotations

from recoverable.recovery.backups.plan_scope import is_for_tables_alone
from recoverable.truth import Answer, Fact, Truth, every, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.backup import PlanRule

#: Days that a continuous backup is kept at most:
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery-retention-period.html
LONGEST = 35


def without_effect(rule: PlanRule, estate: Estate) -> Truth:
    """Whether a rule asks for continuous backups of tables alone, or with a lifecycle that these cannot have."""
    asked = rule.continuous.equals(True)
    if asked.answer is Answer.NO:
        return asked
    beyond = some((
        rule.lifecycle.delete_after.holds(lambda days: days is not None and days > LONGEST),
        rule.lifecycle.cold_after.holds(lambda days: days is not None),
    ))  # fmt: skip
    if beyond.answer is Answer.YES:
        beyond = beyond.because(Fact(f"continuous backups are kept for {LONGEST} days at most, and never cold"))
    found = every((asked, some((beyond, is_for_tables_alone(rule, estate)))))
    return found.pointing(*asked.facts) if found.answer is Answer.UNKNOWN else found
