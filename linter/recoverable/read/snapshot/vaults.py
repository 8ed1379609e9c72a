"""Backup vaults of an account with their locks, policies and notifications.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupVaults.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable.estate.backup import Lock, Vault
from recoverable.read.backup_lists import strings
from recoverable.read.backup_vaults import built_in_lock
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import at, chosen, listed, told, word
from recoverable.read.snapshot.keys import customer_key
from recoverable.read.snapshot.policies import read_document
from recoverable.recovery.backups.evidence import DAY as _DAY
from recoverable.recovery.backups.evidence import seconds
from recoverable.text import Hole, Text, joined
from recoverable.truth import Fact
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.data import Datum
    from recoverable.read.snapshot.answers import Place

_AIR_GAPPED = {
    "BACKUP_VAULT": False,
    "LOGICALLY_AIR_GAPPED_BACKUP_VAULT": True,
    "RESTORE_ACCESS_BACKUP_VAULT": False,
}
#: A view of another account's vault, through which one may restore; there is nothing in it to protect.
_VIEW = "RESTORE_ACCESS_BACKUP_VAULT"


def read_vaults(place: Place) -> Iterator[Vault]:
    """Every vault, and one that stands for those that could not be listed."""
    seen: dict[str, Datum] = {}
    opened = time = ""
    for found in place.all("backup", "ListBackupVaults"):
        time = max(time, found.time)
        items, more = listed(found.body, "BackupVaultList")
        opened = opened or found.open or more
        for item in items:
            name = word(item, "BackupVaultName")
            if name:
                seen.setdefault(name, item)
            else:
                opened = opened or "ListBackupVaults answered with a vault without a name"
    for name, item in seen.items():
        if at(item, "VaultType").string("").known() != _VIEW:
            yield _vault(place, name, _described(place, name, item), time)
    if opened:
        yield _unlisted(place, opened)


def _described(place: Place, name: str, item: Datum) -> Datum:
    """The list tells all that we ask about; where it does not, the vault's own description does."""
    if at(item, "Locked").datum is not None:
        return item
    found = place.one(
        "backup", "DescribeBackupVault", place.arn("backup", f"backup-vault:{name}"), BackupVaultName=name
    )
    return found.body if found.known and not found.absent else item


def _vault(place: Place, name: str, item: Datum, time: str) -> Vault:
    arn = place.arn("backup", f"backup-vault:{name}")
    origin = place.call("ListBackupVaults", arn)
    kind = chosen(at(item, "VaultType"), "VaultType", _AIR_GAPPED)
    # Older answers have no type: there was one kind of vault then.
    air_gapped = kind.known() is True
    return Vault(
        subject=subject(place, "vault", arn, name, origin),
        arn=Text((arn,)),
        names=(Text((name,)), Text((arn,))),
        air_gapped=air_gapped,
        lock=_built_in_lock(item) if air_gapped else _lock(item, time),
        key=_key(place, item),
        policy=read_document(
            place.one("backup", "GetBackupVaultAccessPolicy", arn, BackupVaultName=name), "Policy", "AccessPolicy"
        ),
        events=_events(place, name, arn),
        kept_on_delete=None,
        # AWS Backup deletes no vault that holds recovery points:
        # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html
        destroyed_with_contents=Value("destroyed with its contents", Known(False, origin, defaulted=True)),
    )


def _lock(item: Datum, time: str) -> Value[Lock | None]:
    """A lock with a date is, or becomes, final; one without can be taken off by whoever may."""
    name = "LockConfiguration"
    locked = told(item, "Locked").boolean(default=False)
    if isinstance(locked.state, Unknown):
        return Value(name, locked.state)
    if not locked.state.value:
        return Value(name, Known(None, locked.origin, defaulted=True))
    date = at(item, "LockDate").optional_string()
    grace: Known[int | None] | Unknown
    if isinstance(date.state, Unknown):
        grace = date.state
    elif date.state.value is None:
        grace = Known(None, date.origin, defaulted=True)
    else:
        grace = Unknown("the days are not told, but the date is", date.origin)
    lock = Lock(
        min_days=at(item, "MinRetentionDays").optional_number(),
        max_days=at(item, "MaxRetentionDays").optional_number(),
        changeable_for=Value("ChangeableForDays", grace),
        final_on=date,
        origin=locked.origin or item.origin,
        days_left=_days_left(time, date.known()),
    )
    return Value(name, Known(lock, locked.origin))


def _days_left(time: str, date: str | None) -> int | None:
    """The whole days from when AWS was asked until the lock is final; None if it is, or is never."""
    left = seconds(time, date)
    return left // _DAY if left else None


def _built_in_lock(item: Datum) -> Value[Lock | None]:
    return built_in_lock(
        told(item, "MinRetentionDays").optional_number(),
        told(item, "MaxRetentionDays").optional_number(),
        "ChangeableForDays",
        item.origin,
    )


def _key(place: Place, item: Datum) -> Value[Text | None]:
    kind = at(item, "EncryptionKeyType").string("").known()
    found = told(item, "EncryptionKeyArn")
    if kind == "AWS_OWNED_KMS_KEY":
        said = Fact(f"EncryptionKeyType is {kind}")
        return Value("EncryptionKeyArn", Known(None, found.near, notes=(said,)))
    return customer_key(place, found)


def _events(place: Place, name: str, arn: str) -> Value[tuple[str, ...] | None]:
    found = place.one("backup", "GetBackupVaultNotifications", arn, BackupVaultName=name)
    if found.absent:
        return Value("Notifications", Known(None, found.origin, defaulted=True))
    return strings(told(found.body, "BackupVaultEvents")).map(lambda names: names)


def _unlisted(place: Place, reason: str) -> Vault:
    """What stands for vaults that could not be listed."""
    origin = place.call("ListBackupVaults")
    open_ = Unknown(reason, origin)
    arn = joined(place.arn("backup", "backup-vault:"), Hole(reason))
    return Vault(
        subject=subject(place, "vault", place.arn("backup", "backup-vault:*"), "", origin)._replace(
            name=Value("BackupVaultName", open_)
        ),
        arn=arn,
        names=(arn,),
        air_gapped=False,
        lock=Value("LockConfiguration", open_),
        key=Value("EncryptionKeyArn", open_),
        policy=Value("AccessPolicy", open_),
        events=Value("Notifications", open_),
        kept_on_delete=None,
        destroyed_with_contents=Value("destroyed with its contents", Known(False, origin, defaulted=True)),
    )
