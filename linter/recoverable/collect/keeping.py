"""What of an answer is kept: the entries that something needs, and nothing that could be a secret."""

from __future__ import annotations

from recoverable.collect.questions import UNIVERSAL
from recoverable.typed import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Entry = dict[str, Any]

#: Fields that are never kept, by call: what other services are sent may hold anything.
_DROPPED = {
    "organizations:DescribeOrganization": ("MasterAccountEmail",),
    "organizations:ListAccounts": ("Email",),
    "events:ListTargetsByRule": (
        "AppSyncParameters", "BatchParameters", "EcsParameters", "HttpParameters", "Input", "InputPath",
        "InputTransformer", "KinesisParameters", "RedshiftDataParameters", "RunCommandParameters",
        "SageMakerPipelineParameters", "SqsParameters",
    ),
    "backup:ListRestoreJobs": ("Metadata",),
}  # fmt: skip

_OF_A_TARGET = ("Arn", "Input", "RoleArn")


def clean(call: str, page: Entry) -> Entry:
    """A page without what could be a secret, and without what botocore says about the transport."""
    page = {name: value for name, value in page.items() if name != "ResponseMetadata"}
    dropped = _DROPPED.get(call)
    if dropped:
        return {name: _without(value, dropped) for name, value in page.items()}
    if call == "scheduler:GetSchedule":
        target = page.get("Target", {})
        page["Target"] = {name: target[name] for name in _OF_A_TARGET if name in target}
        if not any(service in str(target.get("Arn")) for service in UNIVERSAL):
            page["Target"].pop("Input", None)
    if call == "iam:GetAccountAuthorizationDetails":
        for policy in page.get("Policies", ()):
            versions = policy.get("PolicyVersionList", ())
            policy["PolicyVersionList"] = [version for version in versions if version.get("IsDefaultVersion")]
    return page


def _without(value: Any, names: tuple[str, ...]) -> Any:  # noqa: ANN401
    match value:
        case list():
            return [_without(inner, names) for inner in value]
        case dict():
            return {name: inner for name, inner in value.items() if name not in names}
    return value


def kept(call: str, entries: list[Entry]) -> list[Entry]:
    """The entries of a list that are kept, in their order. What is kept of some pages is kept of all: it may be asked
    again and again while pages arrive."""
    keep = _KEEP.get(call)
    return entries if keep is None else list(keep(entries))


def _protected_tables(entries: list[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if entry.get("ResourceType") == "DynamoDB")


def _customers_aliases(entries: list[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if not str(entry.get("AliasName")).startswith("alias/aws/"))


def _backup_alarms(entries: list[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if entry.get("Namespace") == "AWS/Backup")


def _policies_in_use(entries: list[Entry]) -> Iterator[Entry]:
    """Entries of all four lists come here; those that are policies of AWS have its word for an account."""
    for entry in entries:
        of_aws = ":iam::aws:policy/" in str(entry.get("Arn"))
        if not of_aws or entry.get("AttachmentCount") or entry.get("PermissionsBoundaryUsageCount"):
            yield entry


def _ends(table: str, born: str, well: tuple[str, ...], state: str, maker: Callable[[Entry], object]
          ) -> Callable[[list[Entry]], list[Entry]]:  # fmt: skip
    """Keeps of each table the newest of each maker and the oldest of all that went well, and all others."""

    def keep(entries: list[Entry]) -> list[Entry]:
        newest: dict[object, Entry] = {}
        oldest: dict[object, Entry] = {}
        for entry in entries:
            if entry.get(state) not in well:
                continue
            time, name = _age(entry, born), entry.get(table)
            first, last = (name, maker(entry)), name
            if first not in newest or time > _age(newest[first], born):
                newest[first] = entry
            if last not in oldest or time < _age(oldest[last], born):
                oldest[last] = entry
        chosen = {id(entry) for entry in (*newest.values(), *oldest.values())}
        return [entry for entry in entries if id(entry) in chosen or entry.get(state) not in well]

    return keep


_KEEP: dict[str, Callable[[list[Any]], Any]] = {
    "backup:ListProtectedResources": _protected_tables,
    "backup:ListRecoveryPointsByBackupVault": _ends(
        "ResourceArn", "CreationDate", ("AVAILABLE", "COMPLETED"), "Status",
        lambda point: (point.get("CreatedBy") or {}).get("BackupRuleId"),
    ),
    "cloudwatch:DescribeAlarms": _backup_alarms,
    "dynamodb:ListBackups": _ends(
        "TableName", "BackupCreationDateTime", ("AVAILABLE",), "BackupStatus", lambda _: None
    ),
    "iam:GetAccountAuthorizationDetails": _policies_in_use,
    "kms:ListAliases": _customers_aliases,
}  # fmt: skip


def _age(entry: Entry, born: str) -> str:
    """To compare times by: a fraction of a second is no earlier than none."""
    return str(entry.get(born)).rstrip("Z")
