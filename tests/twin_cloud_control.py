"""Resources of CloudFormation said again with the provider awscc, which has the same properties in snake case."""

from __future__ import annotations

from typing import Any

import twin_writing
from twin_writing import NoTwinError, Part, plain, quoted, snake

#: What is JSON text there: the properties that CloudFormation's schema leaves open.
DOCUMENTS = ("AssumeRolePolicyDocument", "KeyPolicy", "AccessPolicy", "PolicyDocument", "EventPattern", "Content")

OF_OWN_NAMES = {
    "AWS::Backup::BackupPlan",
    "AWS::Backup::BackupSelection",
    "AWS::Backup::BackupVault",
    "AWS::Backup::Framework",
    "AWS::Backup::LogicallyAirGappedBackupVault",
    "AWS::Backup::ReportPlan",
    "AWS::Backup::RestoreTestingPlan",
    "AWS::Backup::RestoreTestingSelection",
    "AWS::CloudWatch::Alarm",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::Events::Rule",
    "AWS::IAM::Group",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::User",
    "AWS::KMS::Alias",
    "AWS::KMS::Key",
    "AWS::Organizations::Policy",
}


class Writer(twin_writing.Writer):
    """Writes one file of Terraform for the provider awscc."""

    types = {name: "awscc_" + snake(name.removeprefix("AWS::").replace("::", "_")) for name in OF_OWN_NAMES}  # noqa: RUF012
    types |= {
        "AWS::DynamoDB::Table": "awscc_dynamodb_table",
        "AWS::DynamoDB::GlobalTable": "awscc_dynamodb_global_table",
    }
    types |= {"AWS::CloudWatch::Alarm": "awscc_cloudwatch_alarm"}
    refs = {  # noqa: RUF012
        "awscc_backup_backup_plan": "backup_plan_id",
        "awscc_backup_backup_vault": "backup_vault_name",
        "awscc_backup_logically_air_gapped_backup_vault": "backup_vault_name",
        "awscc_backup_restore_testing_plan": "restore_testing_plan_name",
        "awscc_dynamodb_table": "table_name",
        "awscc_dynamodb_global_table": "table_name",
        "awscc_iam_group": "group_name",
        "awscc_iam_managed_policy": "policy_arn",
        "awscc_iam_role": "role_name",
        "awscc_iam_user": "user_name",
        "awscc_kms_key": "key_id",
        "awscc_kms_alias": "alias_name",
    }
    arns = {  # noqa: RUF012
        "awscc_backup_backup_plan": "backup_plan_arn",
        "awscc_backup_backup_vault": "backup_vault_arn",
        "awscc_backup_logically_air_gapped_backup_vault": "backup_vault_arn",
    }

    def provider(self, region: str, account: str) -> None:
        self.block('provider "awscc"')
        if region:
            self.say("region", quoted(region))
        if account:
            role = quoted(f"arn:aws:iam::{account}:role/deploy")
            self.say("assume_role", f"{{ role_arn = {role} }}")
        self.end()


def write(writer: Writer, name: str, resource: Part) -> None:
    """One resource. Raises NoTwinError."""
    if "DeletionPolicy" in resource.value and "Table" in resource.value["Type"].value:
        raise NoTwinError("a stack that keeps what it loses")
    type_, _, called = writer.address(name).removesuffix("[0]").partition(".")
    properties = plain(resource.value.get("Properties", Part({}, resource.line)))
    if not isinstance(properties.value, dict):
        raise NoTwinError("properties")
    entries: dict[str, Any] = dict(properties.value)
    metadata = plain(resource.value.get("Metadata", Part({}, 0)).value.get("recoverable", Part({}, 0)))
    if metadata.value and "Tags" not in entries:
        said = [
            Part({"Key": Part(key if key == "restored-from" else f"recoverable:{key}", 0), "Value": value}, 0)
            for key, value in metadata.value.items()
            if key != "accept"
        ]
        entries["Tags"] = Part(said, 0)
    writer.block(f'resource "{type_}" "{called}"', resource.line)
    if "Condition" in resource.value:
        writer.say("count", f"{writer.condition(resource.value['Condition'].value)} ? 1 : 0")
    for key, value in entries.items():
        writer.say(snake(key), writer.shown(_renamed(value, key)), value)
    writer.end()


def _renamed(part: Part, key: str) -> Part:
    """A value with the keys in it in snake case; what is a document is JSON of it as it is."""
    if key in DOCUMENTS:
        return (
            part if isinstance(part.value, str) and part.tag != "!Sub" else part._replace(tag=f"jsonencode{part.tag}")
        )
    if part.tag == "!If":
        condition, first, second = part.value
        return part._replace(value=[condition, _renamed(first, key), _renamed(second, key)])
    if part.tag:
        return part
    if isinstance(part.value, dict):
        return part._replace(value={snake(name): _renamed(value, name) for name, value in part.value.items()})
    if isinstance(part.value, list):
        if any(item.tag == "!If" for item in part.value):
            raise NoTwinError("an item that may be there")
        return part._replace(value=[_renamed(item, "") for item in part.value])
    return part
