"""Backups or copies are to be deleted less than 90 days after they are moved to cold storage.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
"""

from __future__ import annotations

from recoverable import CopyAction, PlanRule, Severity, Truth, rule


@rule(Severity.HIGH)
def cold_storage_too_short(kept: PlanRule | CopyAction) -> Truth:
    from recoverable.recovery.backups.retention import is_too_short_for_cold  # noqa: PLC0415 (most runs see no plan)

    return is_too_short_for_cold(kept.lifecycle)
