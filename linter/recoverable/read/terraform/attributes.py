"""What others see of a resource or data source: what is written, what is only known when Terraform runs.

https://developer.hashicorp.com/terraform/language/expressions/references
"""

from __future__ import annotations

from recoverable.read.data import Datum, Open
from recoverable.read.terraform.blocks import Arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.terraform.instances import Instance

#: What `arn`, `id` and the like of a resource stand for, in the words that all readers share (`text.Hole`).
SYMBOLS = {
    "arn": "Arn", "id": "Ref", "name": "Ref", "key_id": "KeyId", "target_key_id": "TargetKeyId",
    "table_name": "Ref", "backup_plan_id": "Ref", "backup_plan_arn": "Arn",
    "backup_vault_name": "Ref", "backup_vault_arn": "Arn",
}  # fmt: skip

#: The types of resources by the names that all readers share.
TYPES = {
    "aws_dynamodb_table": "AWS::DynamoDB::Table",
    "aws_backup_vault": "AWS::Backup::BackupVault",
    "aws_backup_logically_air_gapped_vault": "AWS::Backup::LogicallyAirGappedBackupVault",
    "aws_backup_plan": "AWS::Backup::BackupPlan",
    "aws_kms_key": "AWS::KMS::Key",
    "aws_kms_alias": "AWS::KMS::Alias",
    "aws_iam_role": "AWS::IAM::Role",
    "awscc_dynamodb_table": "AWS::DynamoDB::Table",
    "awscc_dynamodb_global_table": "AWS::DynamoDB::GlobalTable",
    "awscc_backup_backup_vault": "AWS::Backup::BackupVault",
    "awscc_backup_logically_air_gapped_backup_vault": "AWS::Backup::LogicallyAirGappedBackupVault",
    "awscc_backup_backup_plan": "AWS::Backup::BackupPlan",
    "awscc_kms_key": "AWS::KMS::Key",
    "awscc_kms_alias": "AWS::KMS::Alias",
    "awscc_iam_role": "AWS::IAM::Role",
}

#: Resources whose `id` is what is written in another argument.
NAMED = {
    **dict.fromkeys(
        ("aws_dynamodb_table", "aws_backup_vault", "aws_iam_role", "aws_iam_user", "aws_iam_group"), "name"
    ),
    **dict.fromkeys(("awscc_dynamodb_table", "awscc_dynamodb_global_table"), "table_name"),
    **dict.fromkeys(
        ("awscc_backup_backup_vault", "awscc_backup_logically_air_gapped_backup_vault"), "backup_vault_name"
    ),
}


class Attributes(Arguments):
    """A resource as others see it: what is written, and what is known only after it is made."""

    __slots__ = ("_instance",)

    def __init__(self, instance: Instance) -> None:
        super().__init__({}, f"{instance.address} has attributes that are known only after it is made")
        self._instance = instance

    def get(self, key: str) -> Datum | None:
        instance = self._instance
        kind = instance.resource.type
        if instance.resource.address.startswith("data."):
            return _looked_up(instance, key)
        asked = NAMED.get(kind, key) if key == "id" else key
        written = instance.arguments.fields().get(asked)
        if written is not None:
            return written
        reason = f"{instance.address}.{key} is known only after it is made"
        return Datum(Open(reason, instance.symbol(key), type=TYPES.get(kind, kind)), instance.resource.span)


def _looked_up(instance: Instance, key: str) -> Datum:
    """An attribute of a data source. Those about the account and the Region have names that all readers share."""
    span = instance.resource.span
    match instance.resource.type, key:
        case "aws_caller_identity", "account_id" | "id":
            from recoverable.read.terraform.providers import account_of  # noqa: PLC0415 (it looks at this module)

            return account_of(instance)
        case "aws_region", "name" | "id" | "region":
            from recoverable.read.terraform.providers import region_of  # noqa: PLC0415 (it looks at this module)

            named = instance.arguments.fields().get("name")
            return region_of(instance) if named is None else named
        case "aws_partition", "partition" | "id":
            return Datum(Open("the partition is known when Terraform runs", "AWS::Partition"), span)
        case "aws_partition", "dns_suffix":
            return Datum(Open("the partition is known when Terraform runs", "AWS::URLSuffix"), span)
        case "aws_iam_policy_document", "json" | "minified_json":
            from recoverable.read.terraform.policy_documents import document  # noqa: PLC0415 (few ask)

            return document(instance)
    written = instance.arguments.fields().get(key)
    if written is not None:
        return written
    reason = f"{instance.address}.{key} is looked up when Terraform runs"
    return Datum(Open(reason, instance.symbol(key), type=instance.resource.type), span)
