"""What has really happened to a table's backups: recovery points, jobs, restores, and backups that users made.

Only an account can tell; templates cannot. Times are ISO 8601 in UTC, as AWS gave them.
"""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.subject import Subject
    from recoverable.source import Origin
    from recoverable.value import Value


class RecoveryPoint(NamedTuple):
    """A backup that AWS Backup keeps. `status` is AWS's word: COMPLETED, AVAILABLE, EXPIRED, PARTIAL ...

    `vault` is the vault's name. `restored` is when somebody last restored it, None for never.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RecoveryPointByBackupVault.html
    """

    arn: str
    vault: str
    status: Value[str]
    created: Value[str]
    restored: Value[str | None]
    origin: Origin


class Job(NamedTuple):
    """A backup or copy job (`kind` is `backup` or `copy`) that did not do what it should: AWS's word is its `state`.

    `vault` is the ARN of the vault that it goes into. Jobs are kept for 30 days.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupJobs.html
    """

    kind: str
    state: str
    created: Value[str]
    message: str
    vault: str
    origin: Origin


class RestoreJob(NamedTuple):
    """A restore, of a restore test or of somebody who needed one. `completed` is None while it goes on.

    `validation` is what came of validating it, None where nobody did.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreJobsListMember.html
    """

    status: Value[str]
    created: Value[str]
    completed: Value[str | None]
    validation: Value[str | None]
    message: str
    origin: Origin


class NativeBackup(NamedTuple):
    """An on-demand backup of DynamoDB's own that a user or a script made.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BackupSummary.html
    """

    arn: str
    name: str
    status: Value[str]
    created: Value[str]
    origin: Origin


class ProtectedResource(NamedTuple):
    """A table, or one that is gone, with all that is known of its backups. `subject.address` is the table's ARN.

    `table_created` is when the table was made; None for a table that is not there any more. `last_backup` is when AWS
    Backup last backed it up, None for never. `points` lie in its own account and Region, `copies` elsewhere, as far as
    that was looked at. Of long lists the newest and oldest of each kind, and all that are out of order, are enough. The
    `..._open` fields say why there may be more. `seen` is when AWS was asked: ages count from there. `size_bytes` is
    how large the table is, as DynamoDB counts every few hours; None where that is not known.
    """

    subject: Subject
    table_created: Value[str | None]
    last_backup: Value[str | None]
    points: tuple[RecoveryPoint, ...]
    jobs: tuple[Job, ...]
    restores: tuple[RestoreJob, ...]
    native_backups: tuple[NativeBackup, ...]
    seen: str
    copies: tuple[RecoveryPoint, ...] = ()
    points_open: str = ""
    jobs_open: str = ""
    restores_open: str = ""
    native_open: str = ""
    size_bytes: int | None = None
