"""Resources of CloudFormation said again in Terraform: those that the examples of rules have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import twin_principals
from twin_writing import NoTwinError, Part, plain, quoted, snake

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_writing import Writer

RULE = {
    "RuleName": "rule_name",
    "TargetBackupVault": "target_vault_name",
    "TargetLogicallyAirGappedBackupVaultArn": "target_logically_air_gapped_backup_vault_arn",
    "ScheduleExpression": "schedule",
    "ScheduleExpressionTimezone": "schedule_expression_timezone",
    "StartWindowMinutes": "start_window",
    "CompletionWindowMinutes": "completion_window",
    "EnableContinuousBackup": "enable_continuous_backup",
}
LIFECYCLE = {
    "DeleteAfterDays": "delete_after",
    "MoveToColdStorageAfterDays": "cold_storage_after",
    "OptInToArchiveForSupportedResources": "opt_in_to_archive_for_supported_resources",
}
OPERATORS = {
    "StringEquals": "string_equals",
    "StringLike": "string_like",
    "StringNotEquals": "string_not_equals",
    "StringNotLike": "string_not_like",
}
LOCK = {
    "MinRetentionDays": "min_retention_days",
    "MaxRetentionDays": "max_retention_days",
    "ChangeableForDays": "changeable_for_days",
}

#: What stands on a vault in CloudFormation, and is a resource of its own in Terraform.
BESIDE = {
    "LockConfiguration": "aws_backup_vault_lock_configuration",
    "AccessPolicy": "aws_backup_vault_policy",
    "Notifications": "aws_backup_vault_notifications",
}

#: What is of no concern to any rule, or (`DeletionProtectionEnabled` ...) written by `tell`.
IDLE = {"BillingMode", "AttributeDefinitions", "ProvisionedThroughput", "GlobalSecondaryIndexes", "TableClass"}
TABLE = {
    "TableName": "name",
    "DeletionProtectionEnabled": "deletion_protection_enabled",
}
TABLE_BLOCKS = {
    "PointInTimeRecoverySpecification": (
        "point_in_time_recovery",
        {"PointInTimeRecoveryEnabled": "enabled", "RecoveryPeriodInDays": "recovery_period_in_days"},
    ),
    "SSESpecification": ("server_side_encryption", {"SSEEnabled": "enabled", "KMSMasterKeyId": "kms_key_arn"}),
    "TimeToLiveSpecification": ("ttl", {"Enabled": "enabled", "AttributeName": "attribute_name"}),
}


def write(writer: Writer, name: str, resource: Part) -> None:
    """One resource, and what is one of its own in Terraform. Raises NoTwinError."""
    if resource.value["Type"].value == "AWS::DynamoDB::Table" and "DeletionPolicy" in resource.value:
        raise NoTwinError("a stack that keeps what it loses")
    if resource.value["Type"].value == "Custom::AWS":
        _settings(writer, name, resource)
        return
    type_, _, called = writer.address(name).removesuffix("[0]").partition(".")
    properties = resource.value.get("Properties", Part({}, resource.line))
    if properties.tag or not isinstance(properties.value, dict):
        raise NoTwinError("properties")
    writer.block(f'resource "{type_}" "{called}"', resource.line)
    condition = writer.condition(resource.value["Condition"].value) if "Condition" in resource.value else ""
    if condition:
        writer.say("count", f"{condition} ? 1 : 0")
    metadata = resource.value.get("Metadata", Part({}, 0)).value.get("recoverable", Part({}, 0))
    WRITERS[type_](writer, called, properties, metadata)
    writer.end()
    twin_principals.beside(writer, type_, called, properties)
    for each, part in properties.value.items():
        if type_.endswith("_vault") and each in BESIDE:
            if condition:
                raise NoTwinError("something beside what is not always made")
            _put_on(writer, each, part, type_, called)
        if each == "ResourcePolicy":
            policy = plain(plain(part).value["PolicyDocument"])
            writer.block(f'resource "aws_dynamodb_resource_policy" "{called}"')
            writer.say("resource_arn", f"{type_}.{called}.arn")
            writer.say("policy", f"jsonencode({writer.shown(policy)})", policy)
            writer.end()


def _put_on(writer: Writer, name: str, part: Part, type_: str, called: str) -> None:
    condition = ""
    if part.tag == "!If":
        named, part, otherwise = part.value[0].value, part.value[1]._replace(line=part.line), part.value[2]
        if (otherwise.tag, otherwise.value) != ("!Ref", "AWS::NoValue"):
            raise NoTwinError("!If")
        condition = writer.condition(named)
        if writer.note(part.line):
            raise NoTwinError("a mark on what is not always there")
    plain(part)
    writer.block(f'resource "{BESIDE[name]}" "{called}"', part.line if name != "AccessPolicy" else 0)
    if condition:
        writer.say("count", f"{condition} ? 1 : 0")
    writer.say("backup_vault_name", f"{type_}.{called}.name")
    if name == "AccessPolicy":
        # What is text already is not encoded again.
        shown = writer.shown(part)
        writer.say("policy", shown if isinstance(part.value, str) else f"jsonencode({shown})", part)
    elif name == "LockConfiguration":
        if any(days.value == 0 for days in part.value.values()):
            raise NoTwinError("0, which Terraform takes for left out")
        writer.tell(LOCK, part)
    else:
        writer.tell({"SNSTopicArn": "sns_topic_arn", "BackupVaultEvents": "backup_vault_events"}, part)
    writer.end()


def _table(writer: Writer, called: str, properties: Part, metadata: Part) -> None:
    known = {*TABLE, *TABLE_BLOCKS, *IDLE, "Tags", "KeySchema", "StreamSpecification", "ResourcePolicy"}
    strange = set(properties.value) - known
    if strange:
        raise NoTwinError(f"{min(strange)} of a table")
    if "TableName" not in properties.value:
        writer.say("name", quoted(called))
    writer.tell(TABLE, properties)
    for key in plain(properties.value.get("KeySchema", Part([], 0))).value:
        if key.value["KeyType"].value == "HASH":
            writer.say("hash_key", writer.shown(key.value["AttributeName"]))
    if "StreamSpecification" in properties.value:
        stream = plain(properties.value["StreamSpecification"])
        writer.say("stream_enabled", "true", stream)
    for key, (block, names) in TABLE_BLOCKS.items():
        if key in properties.value:
            part = plain(properties.value[key])
            writer.block(block, part.line)
            writer.tell(names, part)
            if set(part.value) - set(names) - {"SSEType"}:
                raise NoTwinError(f"{key}: {sorted(part.value)}")
            writer.end()
    _tags(writer, properties, metadata)


def _tags(writer: Writer, properties: Part, metadata: Part) -> None:
    written = plain(properties.value.get("Tags", Part([], metadata.line)))
    tags = {each.value["Key"].value: each.value["Value"]._replace(line=0) for each in map(plain, written.value)}
    for key, value in plain(metadata).value.items():
        if key != "accept":
            tags[key if key == "restored-from" else f"recoverable:{key}"] = value
    if tags:
        writer.say("tags", writer.shown(Part(tags, written.line)), written)


def _plan(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    plan = plain(properties.value["BackupPlan"])
    writer.tell({"BackupPlanName": "name"}, plan)
    for rule in map(plain, plain(plan.value.get("BackupPlanRule", Part([], 0))).value):
        writer.block("rule", rule.line)
        writer.tell(RULE, rule)
        _lifecycle(writer, rule)
        for copy in plain(rule.value.get("CopyActions", Part([], 0))).value:
            writer.block("copy_action", copy.line)
            writer.tell({"DestinationBackupVaultArn": "destination_vault_arn"}, copy)
            _lifecycle(writer, copy)
            writer.end()
        writer.end()


def _lifecycle(writer: Writer, owner: Part) -> None:
    lifecycle = plain(owner.value.get("Lifecycle", Part({}, 0)))
    if lifecycle.value:
        writer.block("lifecycle", lifecycle.line)
        writer.tell(LIFECYCLE, lifecycle)
        writer.end()


def _selection(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    chosen = properties.value["BackupSelection"]
    writer.tell({"SelectionName": "name"}, chosen)
    writer.tell({"BackupPlanId": "plan_id"}, properties)
    writer.tell({"IamRoleArn": "iam_role_arn", "Resources": "resources", "NotResources": "not_resources"}, chosen)
    for tag in plain(chosen.value.get("ListOfTags", Part([], 0))).value:
        writer.block("selection_tag", tag.line)
        writer.tell({"ConditionType": "type", "ConditionKey": "key", "ConditionValue": "value"}, tag)
        writer.end()
    _conditions(
        writer, "condition", plain(chosen.value.get("Conditions", Part({}, 0))), "ConditionKey", "ConditionValue"
    )


def _conditions(writer: Writer, name: str, conditions: Part, key: str, value: str) -> None:
    if not conditions.value:
        return
    writer.block(name, conditions.line)
    for operator, tests in conditions.value.items():
        if operator not in OPERATORS:
            raise NoTwinError(operator)
        for test in plain(tests).value:
            writer.block(OPERATORS[operator], test.line)
            writer.tell({key: "key", value: "value"}, test)
            writer.end()
    writer.end()


def _vault(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    writer.tell({"BackupVaultName": "name", "EncryptionKeyArn": "kms_key_arn"}, properties)


def _air_gapped(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    writer.tell({"BackupVaultName": "name", "EncryptionKeyArn": "encryption_key_arn"}, properties)
    writer.tell(LOCK, properties)


def _test_plan(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    writer.tell({"RestoreTestingPlanName": "name", "ScheduleExpression": "schedule_expression"}, properties)
    chosen = properties.value["RecoveryPointSelection"]
    writer.block("recovery_point_selection", chosen.line)
    names = ("Algorithm", "IncludeVaults", "ExcludeVaults", "RecoveryPointTypes", "SelectionWindowDays")
    writer.tell({each: snake(each) for each in names}, chosen)
    writer.end()


def _test_selection(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    names = {
        "RestoreTestingSelectionName": "name",
        "RestoreTestingPlanName": "restore_testing_plan_name",
        "ProtectedResourceType": "protected_resource_type",
        "IamRoleArn": "iam_role_arn",
        "ProtectedResourceArns": "protected_resource_arns",
    }
    writer.tell(names, properties)
    found = properties.value.get("ProtectedResourceConditions", Part({}, 0))
    _conditions(writer, "protected_resource_conditions", found, "Key", "Value")


def _key(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    writer.tell({"MultiRegion": "multi_region", "Enabled": "is_enabled"}, properties)
    writer.tell({"PendingWindowInDays": "deletion_window_in_days"}, properties)
    if "KeyPolicy" in properties.value:
        policy = properties.value["KeyPolicy"]
        writer.say("policy", f"jsonencode({writer.shown(policy)})", policy)


def _event_rule(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    if "EventPattern" in properties.value:
        writer.say("event_pattern", f"jsonencode({writer.shown(properties.value['EventPattern'])})")
    writer.tell({"Name": "name", "ScheduleExpression": "schedule_expression", "State": "state"}, properties)


def _alarm(writer: Writer, called: str, properties: Part, _metadata: Part) -> None:
    writer.say("alarm_name", quoted(called))
    names = ("Namespace", "MetricName", "ComparisonOperator", "EvaluationPeriods", "Threshold")
    writer.tell({each: snake(each) for each in names}, properties)


def _organization_policy(writer: Writer, _called: str, properties: Part, _metadata: Part) -> None:
    if "TargetIds" in properties.value:
        raise NoTwinError("TargetIds")
    writer.tell({"Name": "name", "Type": "type"}, properties)
    content = properties.value["Content"]
    writer.say("content", f"jsonencode({writer.shown(content)})", content)


def _topic(writer: Writer, called: str, _properties: Part, _metadata: Part) -> None:
    writer.say("name", quoted(called))


def _settings(writer: Writer, name: str, resource: Part) -> None:
    """A call of UpdateRegionSettings by a custom resource, for which Terraform has a type."""
    call = resource.value["Properties"].value["Create"]
    text = call.value if isinstance(call.value, str) else ""
    writer.block(f'resource "aws_backup_region_settings" "{snake(name)}"', resource.line)
    opted = re.search(r'ResourceTypeOptInPreference":\{"DynamoDB":(\w+)', text)
    managed = re.search(r'ResourceTypeManagementPreference":\{"DynamoDB":("?)(\$\{)?(\w+)', text)
    if not opted and not managed:
        raise NoTwinError("a custom resource")
    writer.say("resource_type_opt_in_preference", f"{{ DynamoDB = {opted[1] if opted else 'true'} }}")
    if managed:
        value = f"var.{snake(managed[3])}" if managed[2] else managed[3]
        writer.say("resource_type_management_preference", f"{{ DynamoDB = {value} }}")
    writer.end()


WRITERS: dict[str, Callable[[Writer, str, Part, Part], None]] = {
    "aws_backup_logically_air_gapped_vault": _air_gapped,
    "aws_backup_plan": _plan,
    "aws_backup_restore_testing_plan": _test_plan,
    "aws_backup_restore_testing_selection": _test_selection,
    "aws_backup_selection": _selection,
    "aws_backup_vault": _vault,
    "aws_cloudwatch_event_rule": _event_rule,
    "aws_cloudwatch_metric_alarm": _alarm,
    "aws_dynamodb_table": _table,
    "aws_kms_key": _key,
    "aws_organizations_policy": _organization_policy,
    "aws_sns_topic": _topic,
    **twin_principals.WRITERS,
}
