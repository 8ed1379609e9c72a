"""Restore testing is there, but takes no backup of a table.

https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import RestoreTestPlan


@rule(Severity.MEDIUM)
def restore_test_skips_dynamodb(test: RestoreTestPlan, estate: Estate) -> Truth:
    from recoverable.recovery.backups.untested import skips_tables  # noqa: PLC0415 (most runs see no restore testing)

    return skips_tables(test, estate)
