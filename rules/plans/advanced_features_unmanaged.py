"""Copies or cold storage hang on a setting that nothing here manages.

https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
"""

from __future__ import annotations

from recoverable import Estate, Plan, Severity, Truth, rule


@rule(Severity.INFO)
def advanced_features_unmanaged(plan: Plan, estate: Estate) -> Truth:
    from recoverable.recovery.backups.advanced import features_unmanaged  # noqa: PLC0415 (most runs see no plan)

    return features_unmanaged(plan, estate)
