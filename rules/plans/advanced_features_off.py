"""Copies or cold storage are asked for where AWS Backup's advanced DynamoDB features are off.

https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
"""

from __future__ import annotations

from recoverable import Estate, PlanRule, Severity, Truth, rule


@rule(Severity.MEDIUM)
def advanced_features_off(plan_rule: PlanRule, estate: Estate) -> Truth:
    from recoverable.recovery.backups.advanced import features_off  # noqa: PLC0415 (most runs see no plan)

    return features_off(plan_rule, estate)
