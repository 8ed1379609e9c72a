"""Backup vaults of a stack, logically air-gapped ones too, with their locks, policies and notifications.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-backupvault.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-logicallyairgappedbackupvault.html
"""

from __future__ import annotations

from recoverable.estate.backup import Lock, Vault
from recoverable.read.backup_lists import strings
from recoverable.read.cloudformation.identity import kept, pseudo_text, pseudo_value, subject_of
from recoverable.read.data import Fields, find, literal
from recoverable.read.policies import read_policy
from recoverable.text import Hole, Text, joined
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.data import Datum, Property
    from recoverable.source import Span

VAULT = "AWS::Backup::BackupVault"
AIR_GAPPED = "AWS::Backup::LogicallyAirGappedBackupVault"

#: The key that AWS Backup keeps in every account for those who name none.
_AWS_KEY = "alias/aws/backup"


def read_vault(evaluation: Evaluation, resource: Resource) -> Vault:
    """A vault of either kind."""
    settings = evaluation.properties(resource)
    at = resource.origin
    named = find(settings, at, "BackupVaultName")
    air_gapped = resource.type == AIR_GAPPED
    reason = f"{resource.logical_id} is made when the stack is deployed"
    symbols = {
        attribute: Text((Hole(reason, evaluation.stack.symbol(resource.logical_id, attribute)),))
        for attribute in ("Ref", "BackupVaultName", "BackupVaultArn")
    }
    name = named.datum.text() if named.datum is not None else symbols["Ref"]
    arn = joined(
        "arn:",
        pseudo_text(evaluation, "AWS::Partition", resource),
        ":backup:",
        pseudo_text(evaluation, "AWS::Region", resource),
        ":",
        pseudo_text(evaluation, "AWS::AccountId", resource),
        ":backup-vault:",
        name,
    )
    region = pseudo_value(evaluation, "AWS::Region", resource)
    return Vault(
        subject=subject_of(evaluation, resource, "vault", named.string(""), region),
        arn=arn,
        names=tuple(dict.fromkeys((name, arn, *symbols.values()))),
        air_gapped=air_gapped,
        lock=_built_in_lock(settings, at) if air_gapped else _lock(settings, at),
        key=_key(find(settings, at, "EncryptionKeyArn")),
        policy=_policy(find(settings, at, "AccessPolicy")),
        events=_events(settings, at),
        kept_on_delete=kept(evaluation, resource, "DeletionPolicy"),
        # AWS Backup deletes no vault that holds recovery points:
        # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html
        destroyed_with_contents=Value("destroyed with its contents", Known(False, at, defaulted=True)),
    )


def _lock(settings: Datum, at: Span) -> Value[Lock | None]:
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"""
    found = find(settings, at, "LockConfiguration")
    if found.datum is None:
        if found.open:
            return Value(found.name, Unknown(found.open, found.near))
        return Value(found.name, Known(None, found.near, defaulted=True))
    if not isinstance(found.datum.content, Fields):
        reason = found.datum.fields().open
        return Value(found.name, Unknown(reason, found.datum.origin, found.datum.notes))
    near = found.near
    grace = find(found.datum, near, "ChangeableForDays").optional_number()
    final: Known[str | None] | Unknown = Unknown("its days count from when the lock is put on", grace.origin)
    if isinstance(grace.state, Known) and grace.state.value is None:
        final = Known(None, grace.origin, defaulted=True)
    lock = Lock(
        min_days=find(found.datum, near, "MinRetentionDays").optional_number(),
        max_days=find(found.datum, near, "MaxRetentionDays").optional_number(),
        changeable_for=grace,
        final_on=Value("LockDate", final),
        origin=near,
    )
    return Value(found.name, Known(lock, near, notes=found.datum.notes))


def _built_in_lock(settings: Datum, at: Span) -> Value[Lock | None]:
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html"""
    lock = Lock(
        min_days=find(settings, at, "MinRetentionDays").optional_number(),
        max_days=find(settings, at, "MaxRetentionDays").optional_number(),
        changeable_for=Value("ChangeableForDays", Known(0, at, defaulted=True)),
        final_on=Value("LockDate", Unknown("it is final from the day the vault is made", at)),
        origin=at,
    )
    return Value("the lock of an air-gapped vault", Known(lock, at, defaulted=True))


def _key(found: Property) -> Value[Text | None]:
    if found.datum is not None and (literal(found.datum) or "").endswith(_AWS_KEY):
        return Value(found.name, Known(None, found.datum.origin, notes=found.datum.notes))
    return found.optional_text()


def _policy(found: Property) -> Value[Policy | None]:
    if found.datum is None:
        if found.open:
            return Value(found.name, Unknown(found.open, found.near))
        return Value(found.name, Known(None, found.near, defaulted=True))
    return Value(found.name, Known(read_policy(found.datum), found.near, notes=found.datum.notes))


def _events(settings: Datum, at: Span) -> Value[tuple[str, ...] | None]:
    found = find(settings, at, "Notifications")
    if found.datum is None:
        if found.open:
            return Value(found.name, Unknown(found.open, found.near))
        return Value(found.name, Known(None, found.near, defaulted=True))
    return strings(find(found.datum, found.near, "BackupVaultEvents")).map(lambda names: names)
