"""Backup vaults of a stack, logically air-gapped ones too, with their locks, policies and notifications.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-backupvault.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-logicallyairgappedbackupvault.html
"""

from __future__ import annotations

from recoverable.estate.backup import Vault
from recoverable.read.backup_lists import strings
from recoverable.read.backup_plans import pascal_case
from recoverable.read.backup_vaults import built_in_lock, key_of, left_out, lock_within, policy_within
from recoverable.read.cloudformation.identity import kept, pseudo_text, pseudo_value, subject_of
from recoverable.read.data import find
from recoverable.text import Hole, Text, joined
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import Lock
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.data import Datum
    from recoverable.source import Span

VAULT = "AWS::Backup::BackupVault"
AIR_GAPPED = "AWS::Backup::LogicallyAirGappedBackupVault"


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
        lock=_built_in_lock(settings, at)
        if air_gapped
        else lock_within(find(settings, at, "LockConfiguration"), pascal_case),
        key=key_of(find(settings, at, "EncryptionKeyArn")),
        policy=policy_within(find(settings, at, "AccessPolicy")),
        events=_events(settings, at),
        kept_on_delete=kept(evaluation, resource, "DeletionPolicy"),
        # AWS Backup deletes no vault that holds recovery points:
        # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html
        destroyed_with_contents=Value("destroyed with its contents", Known(False, at, defaulted=True)),
    )


def _built_in_lock(settings: Datum, at: Span) -> Value[Lock | None]:
    return built_in_lock(
        find(settings, at, "MinRetentionDays").optional_number(),
        find(settings, at, "MaxRetentionDays").optional_number(),
        "ChangeableForDays",
        at,
    )


def _events(settings: Datum, at: Span) -> Value[tuple[str, ...] | None]:
    found = find(settings, at, "Notifications")
    if found.datum is None:
        return left_out(found)
    return strings(find(found.datum, found.near, "BackupVaultEvents")).map(lambda names: names)
