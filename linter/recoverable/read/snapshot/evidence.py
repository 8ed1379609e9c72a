"""What has really happened to the backups of tables: recovery points, jobs, restores, on-demand backups.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRecoveryPointsByBackupVault.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRestoreJobs.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html
"""

from __future__ import annotations

from recoverable.estate.evidence import Job, NativeBackup, ProtectedResource, RecoveryPoint, RestoreJob
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import at, listed, told, word
from recoverable.typed import Generic, TypeVar
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recoverable.estate.backup import Vault
    from recoverable.read.data import Datum
    from recoverable.read.snapshot.answers import Found, Place

T = TypeVar("T")

_TABLES = "DynamoDB"


class _Heap(Generic[T]):
    """Things by the ARN of their table, and why there may be more; `by_thing` where that is about one table alone."""

    __slots__ = ("by_arn", "open", "seen")

    def __init__(self) -> None:
        self.by_arn: dict[str, list[T]] = {}
        self.open = ""
        self.seen = ""

    def take(self, found: Found, key: str, of: str, make: Callable[[Datum, Found], T]) -> None:
        """Take in the entries of a list; `of` is where an entry names its table."""
        items, opened = listed(found.body, key)
        self.open = self.open or found.open or opened
        self.seen = max(self.seen, found.time)
        for item in items:
            arn = word(item, of)
            if arn:
                self.by_arn.setdefault(arn, []).append(make(item, found))
            else:
                self.open = self.open or f"{found.origin.operation} answered with an entry without {of}"

    def of(self, arn: str) -> tuple[T, ...]:
        return tuple(self.by_arn.get(arn, ()))


def read_evidence(place: Place, tables: Iterable[str], vaults: Iterable[Vault]) -> Iterator[ProtectedResource]:
    """All that is known of the backups of each table of a Region, and of tables that are gone."""
    vaults = tuple(vaults)
    points = _points(place, vaults)
    jobs = _jobs(place, vaults)
    restores = _restores(place, vaults)
    native = _native(place)
    last = _last(place, vaults)
    there = dict.fromkeys(tables)
    gone = sorted({*points.by_arn, *native.by_arn, *last.by_arn} - {*there})
    seen = max((answer.time for answer in place.answers), default="")
    for arn in (*there, *gone):
        origin = place.call("ListProtectedResources", arn)
        yield ProtectedResource(
            subject=subject(place, "protected-resource", arn, arn.rpartition("/")[2], origin),
            table_created=_created(place, arn, still_there=arn in there),
            last_backup=_last_backup(last, arn, place),
            points=points.of(arn),
            jobs=jobs.of(arn),
            restores=restores.of(arn),
            native_backups=native.of(arn),
            seen=max(points.seen, restores.seen, native.seen, last.seen) or seen,
            points_open=points.open,
            jobs_open=jobs.open,
            restores_open=restores.open,
            native_open=native.open,
        )


def _created(place: Place, arn: str, *, still_there: bool) -> Value[str | None]:
    name = "CreationDateTime"
    if not still_there:
        return Value(name, Known(None, place.call("ListTables", arn)))
    found = place.one("dynamodb", "DescribeTable", arn, TableName=arn.rpartition("/")[2])
    return told(found.body, "Table", "CreationDateTime").optional_string()


def _last(place: Place, vaults: tuple[Vault, ...]) -> _Heap[Value[str]]:
    heap: _Heap[Value[str]] = _Heap()
    if not _needless(place, vaults, "ListProtectedResources"):
        for found in place.all("backup", "ListProtectedResources"):
            heap.take(found, "Results", "ResourceArn", lambda item, _: told(item, "LastBackupTime").string(""))
    return heap


def _last_backup(heap: _Heap[Value[str]], arn: str, place: Place) -> Value[str | None]:
    name = "LastBackupTime"
    origin = place.call("ListProtectedResources", arn)
    for one in heap.of(arn):
        if isinstance(one.state, Unknown):
            return Value(name, one.state)
        return Value(name, Known(one.state.value, origin))
    return Value(name, Unknown(heap.open, origin) if heap.open else Known(None, origin, defaulted=True))


def _points(place: Place, vaults: tuple[Vault, ...]) -> _Heap[RecoveryPoint]:
    heap: _Heap[RecoveryPoint] = _Heap()
    call = "ListRecoveryPointsByBackupVault"
    for vault in vaults:
        name = vault.subject.name.known()
        if name is None:
            heap.open = heap.open or vault.subject.name.fact().text
            continue

        def made(item: Datum, found: Found, name: str = name) -> RecoveryPoint:
            return _point(item, name, found)

        for found in place.all("backup", call, vault.subject.address, BackupVaultName=name):
            heap.take(found, "RecoveryPoints", "ResourceArn", made)
    return heap


def _point(item: Datum, vault: str, found: Found) -> RecoveryPoint:
    arn = word(item, "RecoveryPointArn")
    return RecoveryPoint(
        arn=arn,
        vault=vault,
        status=told(item, "Status").string(""),
        created=told(item, "CreationDate").string(""),
        restored=at(item, "LastRestoreTime").optional_string(),
        origin=found.origin._replace(resource=arn or found.origin.resource),
    )


def _jobs(place: Place, vaults: tuple[Vault, ...]) -> _Heap[Job]:
    heap: _Heap[Job] = _Heap()
    if not _needless(place, vaults, "ListBackupJobs"):
        for found in place.all("backup", "ListBackupJobs"):
            heap.take(found, "BackupJobs", "ResourceArn", _backup_job)
    if not _needless(place, vaults, "ListCopyJobs"):
        for found in place.all("backup", "ListCopyJobs"):
            heap.take(found, "CopyJobs", "ResourceArn", _copy_job)
    return heap


def _backup_job(item: Datum, found: Found) -> Job:
    return _job(item, "backup", "BackupVaultArn", found)


def _copy_job(item: Datum, found: Found) -> Job:
    return _job(item, "copy", "DestinationBackupVaultArn", found)


def _job(item: Datum, kind: str, vault: str, found: Found) -> Job:
    return Job(
        kind=kind,
        state=word(item, "State"),
        created=told(item, "CreationDate").string(""),
        message=at(item, "StatusMessage").string("").known() or "",
        vault=at(item, vault).string("").known() or "",
        origin=found.origin._replace(resource=word(item, "ResourceArn")),
    )


def _restores(place: Place, vaults: tuple[Vault, ...]) -> _Heap[RestoreJob]:
    heap: _Heap[RestoreJob] = _Heap()
    if _needless(place, vaults, "ListRestoreJobs"):
        return heap
    for found in place.all("backup", "ListRestoreJobs"):
        items, opened = listed(found.body, "RestoreJobs")
        heap.open = heap.open or found.open or opened
        heap.seen = max(heap.seen, found.time)
        for item in items:
            arn = at(item, "SourceResourceArn").string("").known() or ""
            if arn:
                heap.by_arn.setdefault(arn, []).append(_restore(item, found))
            elif at(item, "ResourceType").string(_TABLES).known() == _TABLES:
                # Jobs of some age do not say what they restored.
                heap.open = heap.open or "a restore job does not tell which table it restored"
    return heap


def _restore(item: Datum, found: Found) -> RestoreJob:
    return RestoreJob(
        status=told(item, "Status").string(""),
        created=told(item, "CreationDate").string(""),
        completed=at(item, "CompletionDate").optional_string(),
        validation=at(item, "ValidationStatus").optional_string(),
        message=at(item, "StatusMessage").string("").known() or "",
        origin=found.origin._replace(resource=word(item, "SourceResourceArn")),
    )


def _native(place: Place) -> _Heap[NativeBackup]:
    """On-demand backups; a Region without tables is not asked for any."""
    heap: _Heap[NativeBackup] = _Heap()
    for _, found in place.every("dynamodb", "ListBackups"):
        items, opened = listed(found.body, "BackupSummaries")
        heap.open = heap.open or found.open or opened
        heap.seen = max(heap.seen, found.time)
        for item in items:
            if at(item, "BackupType").string("USER").known() in ("USER", None):
                heap.by_arn.setdefault(word(item, "TableArn"), []).append(_native_backup(item, found))
    if not place.asked("dynamodb", "ListBackups"):
        heap.open = place.unread or "ListBackups was not asked"
    if heap.by_arn.pop("", None):
        heap.open = heap.open or "ListBackups answered with a backup without a table"
    return heap


def _native_backup(item: Datum, found: Found) -> NativeBackup:
    arn = word(item, "BackupArn")
    return NativeBackup(
        arn=arn,
        name=at(item, "BackupName").string("").known() or arn,
        status=told(item, "BackupStatus").string(""),
        created=told(item, "BackupCreationDateTime").string(""),
        origin=found.origin._replace(resource=arn),
    )


def _needless(place: Place, vaults: tuple[Vault, ...], call: str) -> bool:
    """Whether a call was not asked because there can be nothing: without a vault AWS Backup keeps nothing."""
    return not vaults and not place.asked("backup", call) and not place.unread
