"""Actions by the harm they do to tables and their backups.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from __future__ import annotations

from functools import cache

from recoverable.policy.actions import groups
from recoverable.typed import NamedTuple

#: End a table or a replica of it.
TABLE = ("dynamodb:DeleteTable", "dynamodb:DeleteTableReplica")

#: Make unreadable whatever a key has encrypted, for everybody.
KEY = ("kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:PutKeyPolicy", "kms:DeleteImportedKeyMaterial")

#: Take a backup policy off the accounts of an organization.
DETACHING = (
    "organizations:DetachPolicy",
    "organizations:UpdatePolicy",
    "organizations:DeletePolicy",
    "organizations:DisablePolicyType",
)

#: Actions on backups themselves, whose ARN goes on where that of their table ends.
ON_TABLE_BACKUPS = ("dynamodb:DeleteBackup", "dynamodb:RestoreTableFromBackup", "dynamodb:DescribeBackup")

#: Make backups, copy them, and restore from them.
MAKING = (
    "dynamodb:CreateBackup",
    "dynamodb:ExportTableToPointInTime",
    "dynamodb:RestoreTableFromAwsBackup",
    "dynamodb:RestoreTableFromBackup",
    "dynamodb:RestoreTableToPointInTime",
    "dynamodb:StartAwsBackupJob",
    "backup:CopyFromBackupVault",
    "backup:CopyIntoBackupVault",
    "backup:StartBackupJob",
    "backup:StartCopyJob",
    "backup:StartRestoreJob",
)

#: About no resource, or about tags, which are not only for backups.
_UNBOUND = (
    "backup-storage:DeleteObjects",
    "backup:StopBackupJob",
    "backup:UpdateRegionSettings",
    "backup:UpdateGlobalSettings",
    "dynamodb:UntagResource",
    "backup:UntagResource",
)


class Harm(NamedTuple):
    """Groups of actions. `destroy` ends backups, at once or by making them expire; `protection` takes away what keeps
    them; `stop` ends the making of further ones; `ending` is all three.

    `everything`, `backup` and `dynamodb` are what a wildcard for all actions, or for all of a service, lets happen.
    `bindable` are actions for backups that change something and could be bound to a table, a vault or a plan.
    """

    destroy: tuple[str, ...]
    protection: tuple[str, ...]
    stop: tuple[str, ...]
    ending: tuple[str, ...]
    everything: tuple[str, ...]
    backup: tuple[str, ...]
    dynamodb: tuple[str, ...]
    bindable: tuple[str, ...]


@cache
def harm() -> Harm:
    """The groups, as the data say."""
    known = groups()
    # What ends the last copy comes first in messages.
    first = ("backup:DeleteRecoveryPoint", "dynamodb:DeleteBackup")
    destroy = (*first, *(action for action in known["DESTROY"] if action not in first))
    ending = (*destroy, *known["PROTECTION"], *known["STOP"])
    return Harm(
        destroy=destroy,
        protection=known["PROTECTION"],
        stop=known["STOP"],
        ending=ending,
        everything=(*ending, *TABLE, *KEY),
        backup=tuple(action for action in ending if action.startswith("backup")),
        dynamodb=("dynamodb:DeleteBackup", *TABLE, "dynamodb:UpdateContinuousBackups"),
        bindable=(
            *(action for action in ending if action not in _UNBOUND and not action.startswith("organizations:")),
            *MAKING,
        ),
    )


def shown(actions: tuple[str, ...], most: int = 2) -> str:
    """Some actions by name, and how many more: for messages."""
    named = actions if len(actions) <= most + 1 else actions[:most]
    rest = len(actions) - len(named)
    if rest:
        return f"{', '.join(named)} and {rest} more"
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1]))) if named else "nothing"
