"""What has really happened to the backups of tables: recovery points, jobs, restores, on-demand backups.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRecoveryPointsByBackupVault.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRestoreJobs.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html
"""

from __future__ import annotations

from recoverable.estate.evidence import Job, NativeBackup, ProtectedResource, RecoveryPoint, RestoreJob
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import at, chosen, listed, told, word
from recoverable.typed import Generic, TypeVar, cast
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recoverable.estate.backup import Vault
    from recoverable.read.data import Datum
    from recoverable.read.snapshot.answers import Found, Place
    from recoverable.source import Call

T = TypeVar("T")

_TABLES = "DynamoDB"


def _themselves(*words: str) -> dict[str, str]:
    return {word: word for word in words}


#: What AWS says of a recovery point, a restore, its validation and an on-demand backup. Words that it may say one day
#: mean nothing that is known.
_POINT = _themselves("COMPLETED", "PARTIAL", "DELETING", "EXPIRED", "AVAILABLE", "STOPPED", "CREATING")
_RESTORE = _themselves("PENDING", "RUNNING", "COMPLETED", "ABORTED", "FAILED")
_VALIDATION = _themselves("FAILED", "SUCCESSFUL", "TIMED_OUT", "VALIDATING")
_KINDS = {"USER": True, "SYSTEM": False, "AWS_BACKUP": False}
_NATIVE = _themselves("CREATING", "DELETED", "AVAILABLE")


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
    """All that is known in a Region of the backups of each of its tables, and of tables that are gone or elsewhere."""
    vaults = tuple(vaults)
    points = _points(place, vaults)
    jobs = _jobs(place, vaults)
    restores = _restores(place, vaults)
    native = _native(place)
    last = _last(place, vaults)
    there = dict.fromkeys(tables)
    others = sorted({*points.by_arn, *native.by_arn, *last.by_arn} - {*there})
    seen = max((answer.time for answer in place.answers), default="")
    for arn in (*there, *others):
        origin = place.call("ListProtectedResources", arn)
        _, _, _, region, account, _ = f"{arn}:::::".split(":", 5)
        home = (account, region) == (place.account, place.region)
        who = subject(place, "protected-resource", arn, arn.rpartition("/")[2], origin, region=region)
        yield ProtectedResource(
            subject=who._replace(account=Value("AccountId", Known(account, origin))),
            table_created=_created(place, arn, still_there=arn in there, home=home),
            last_backup=_last_backup(last, arn, place),
            points=points.of(arn) if home else (),
            jobs=jobs.of(arn),
            restores=restores.of(arn),
            native_backups=native.of(arn),
            seen=max(points.seen, restores.seen, native.seen, last.seen) or seen,
            copies=() if home else points.of(arn),
            points_open=points.open,
            jobs_open=jobs.open,
            restores_open=restores.open,
            native_open=native.open,
            size_bytes=_size(place, arn) if arn in there else None,
        )


def gathered(found: Iterable[ProtectedResource]) -> tuple[ProtectedResource, ...]:
    """One for each table: what its own Region tells, with the copies that lie elsewhere."""
    by_arn: dict[str, list[ProtectedResource]] = {}
    for one in found:
        by_arn.setdefault(one.subject.address, []).append(one)
    return tuple(_as_one(several) for several in by_arn.values())


def _as_one(several: list[ProtectedResource]) -> ProtectedResource:
    at_home = [one for one in several if _is_home(one)]
    if len(several) == 1 and at_home:
        return several[0]
    copies = tuple(copy for one in several for copy in one.copies)
    if at_home:
        return at_home[0]._replace(copies=copies)
    first = several[0]
    reason = "its own account and Region were not looked at"
    open_ = Unknown(reason, first.subject.origin)
    return first._replace(
        table_created=Value("CreationDateTime", open_),
        last_backup=Value("LastBackupTime", open_),
        copies=copies,
        points_open=reason,
        jobs_open=reason,
        restores_open=reason,
        native_open=reason,
    )


def _is_home(one: ProtectedResource) -> bool:
    origin = cast("Call", one.subject.origin)
    return (origin.account, origin.region) == (one.subject.account.known(), one.subject.region.known())


def _created(place: Place, arn: str, *, still_there: bool, home: bool) -> Value[str | None]:
    name = "CreationDateTime"
    if not still_there:
        listing = place.all("dynamodb", "ListTables")[0]
        if not home or listing.open or not listing.known:
            reason = listing.open or "whether the table is still there was not asked"
            return Value(name, Unknown(reason, place.call("ListTables", arn)))
        return Value(name, Known(None, place.call("ListTables", arn)))
    found = place.one("dynamodb", "DescribeTable", arn, TableName=arn.rpartition("/")[2])
    return told(found.body, "Table", "CreationDateTime").optional_string()


def _size(place: Place, arn: str) -> int | None:
    found = place.one("dynamodb", "DescribeTable", arn, TableName=arn.rpartition("/")[2])
    return at(found.body, "Table", "TableSizeBytes").optional_number().known()


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
        status=chosen(told(item, "Status"), "Status", _POINT),
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
        status=chosen(told(item, "Status"), "Status", _RESTORE),
        created=told(item, "CreationDate").string(""),
        completed=at(item, "CompletionDate").optional_string(),
        validation=_validation(item),
        message=at(item, "StatusMessage").string("").known() or "",
        origin=found.origin._replace(resource=word(item, "SourceResourceArn")),
    )


def _validation(item: Datum) -> Value[str | None]:
    found = at(item, "ValidationStatus")
    if found.datum is None:
        return found.optional_string()
    return chosen(found, "ValidationStatus", _VALIDATION).map(lambda word: word)


def _native(place: Place) -> _Heap[NativeBackup]:
    """On-demand backups; a Region without tables is not asked for any."""
    heap: _Heap[NativeBackup] = _Heap()
    for _, found in place.every("dynamodb", "ListBackups"):
        items, opened = listed(found.body, "BackupSummaries")
        heap.open = heap.open or found.open or opened
        heap.seen = max(heap.seen, found.time)
        for item in items:
            kind = chosen(at(item, "BackupType"), "BackupType", _KINDS)
            if at(item, "BackupType").datum is not None and isinstance(kind.state, Unknown):
                heap.open = heap.open or kind.fact().text
            elif kind.known() is not False:
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
        status=chosen(told(item, "BackupStatus"), "BackupStatus", _NATIVE),
        created=told(item, "BackupCreationDateTime").string(""),
        origin=found.origin._replace(resource=arn),
    )


def _needless(place: Place, vaults: tuple[Vault, ...], call: str) -> bool:
    """Whether a call was not asked because there can be nothing: without a vault AWS Backup keeps nothing."""
    return not vaults and not place.asked("backup", call) and not place.unread
