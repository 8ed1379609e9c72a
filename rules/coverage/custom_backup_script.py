"""Code on a schedule makes backups of tables by itself.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_HowItWorks.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import ScheduledCode


@rule(Severity.MEDIUM)
def custom_backup_script(code: ScheduledCode, estate: Estate) -> Truth:
    from recoverable.recovery.backups.scripts import makes_backups  # noqa: PLC0415 (most runs see nothing on a schedule)

    return makes_backups(code, estate)
