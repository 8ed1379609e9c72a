"""A restore testing plan has no selection, or its selection takes no backup.

https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import RestoreTestPlan, RestoreTestSelection


@rule(Severity.MEDIUM)
def restore_test_selects_nothing(test: RestoreTestPlan | RestoreTestSelection, estate: Estate) -> Truth:
    from recoverable.recovery.backups.untested import takes_nothing  # noqa: PLC0415 (most runs see no restore testing)

    return takes_nothing(test, estate)
