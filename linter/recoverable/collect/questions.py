"""What is asked first, and what follows from an answer. Nothing here calls AWS.

What follows depends on the answer alone, not on when it came: so a run that was broken off goes on to the same end.
"""

from __future__ import annotations

import json
from datetime import timedelta

from recoverable.collect.calls import calls
from recoverable.collect.records import TABLES, TABLES_OF_ALL
from recoverable.collect.times import moment, stamp
from recoverable.typed import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from recoverable.collect.calls import Call

#: How long AWS Backup tells of jobs, and how far back restores are asked for.
JOB_DAYS, RESTORE_DAYS = 30, 366

_FAILED_BACKUPS = ("ABORTED", "EXPIRED", "FAILED", "PARTIAL")
_FAILED_COPIES = ("FAILED", "PARTIAL")

#: Which kinds of policy guard the accounts of an organization.
_GUARDRAILS = ("RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY")

#: Schedules whose input is about tables or backups, and worth reading: they call these services themselves.
#: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
UNIVERSAL = ("aws-sdk:dynamodb:", "aws-sdk:backup:")


class Place(NamedTuple):
    """Where a question is asked: an account, and a Region or `global`. `started` is when the snapshot was begun."""

    account: str
    region: str
    started: str


class Question(NamedTuple):
    """One call with its parameters, times among them as texts."""

    call: Call
    parameters: Mapping[str, Any]

    def key(self) -> tuple[str, str, str]:
        """What tells it from others, and by what answers are sorted."""
        return self.call.service, self.call.operation, json.dumps(self.parameters, sort_keys=True)


def _ask(name: str, **parameters: object) -> Question:
    return Question(calls()[name], parameters)


def identity() -> Question:
    return _ask("sts:GetCallerIdentity")


def in_account() -> Iterator[Question]:
    """What an account is asked once, when it is known whose it is."""
    yield _ask("account:ListRegions")
    kinds = ["AWSManagedPolicy", "Group", "LocalManagedPolicy", "Role", "User"]
    yield _ask("iam:GetAccountAuthorizationDetails", Filter=kinds)
    yield _ask("organizations:DescribeOrganization")


def in_organization() -> Iterator[Question]:
    """What the management account, or one that it delegates to, is asked once."""
    yield _ask("organizations:ListAccounts")
    for kind in _GUARDRAILS:
        yield _ask("organizations:ListPolicies", Filter=kind)


def in_region(*, recorded: bool = False) -> Iterator[Question]:
    """What every Region is asked. If these have nothing to tell, there is nothing more to ask.

    `recorded`: AWS Config is asked for its tables before DynamoDB is.
    """
    yield _ask("config:SelectResourceConfig", Expression=TABLES) if recorded else tables()
    yield _ask("backup:ListBackupVaults")
    yield _ask("backup:ListBackupPlans")


def tables() -> Question:
    return _ask("dynamodb:ListTables")


def of_aggregator(name: str) -> Question:
    return _ask("config:SelectAggregateResourceConfig", ConfigurationAggregatorName=name, Expression=TABLES_OF_ALL)


def described(name: str) -> tuple[Question, Question]:
    """The questions about a table that a record of AWS Config answers."""
    return (
        _ask("dynamodb:DescribeTable", TableName=name),
        _ask("dynamodb:DescribeContinuousBackups", TableName=name),
    )


def regions_otherwise() -> Question:
    return _ask("ec2:DescribeRegions", AllRegions=True)


def tags_of_table(name: str, place: Place, partition: str) -> Question:
    return _ask("dynamodb:ListTagsOfResource", ResourceArn=_table_arn(name, place, partition))


def tags_of_account(account: str) -> Question:
    return _ask("organizations:ListTagsForResource", ResourceId=account)


def parents(child: str) -> Question:
    return _ask("organizations:ListParents", ChildId=child)


def following(place: Place, partition: str, question: Question, result: Mapping[str, Any]) -> Iterator[Question]:
    """What to ask after an answer, or after a page of one."""
    match question.call.name():
        case "dynamodb:ListTables":
            names = result.get("TableNames", ())
            yield from about_tables(place, partition, names)
            if names:
                yield from beside_tables()
        case "dynamodb:DescribeTable":
            yield from _about_key(place, result.get("Table", {}).get("SSEDescription", {}).get("KMSMasterKeyArn"))
        case "kms:DescribeKey":
            key = result.get("KeyMetadata", {})
            if key.get("KeyManager") == "CUSTOMER" and key.get("AWSAccountId") == place.account:
                yield _ask("kms:GetKeyPolicy", KeyId=question.parameters["KeyId"], PolicyName="default")
                yield _ask("kms:ListAliases")
        case "events:ListRules":
            for rule in result.get("Rules", ()):
                if rule.get("ScheduleExpression"):
                    yield _ask("events:ListTargetsByRule", Rule=rule["Name"])
        case "scheduler:ListSchedules":
            for schedule in result.get("Schedules", ()):
                if any(service in str(schedule.get("Target", {}).get("Arn")) for service in UNIVERSAL):
                    yield _ask("scheduler:GetSchedule", GroupName=schedule["GroupName"], Name=schedule["Name"])
        case "organizations:DescribeOrganization":
            yield _ask("organizations:DescribeEffectivePolicy", PolicyType="BACKUP_POLICY")
            yield _ask("backup:DescribeGlobalSettings")
        case "organizations:ListAccounts":
            for account in result.get("Accounts", ()):
                if not account.get("Paths"):
                    yield parents(account["Id"])
        case "organizations:ListParents":
            for parent in result.get("Parents", ()):
                if parent.get("Type") == "ORGANIZATIONAL_UNIT":
                    yield parents(parent["Id"])
        case "organizations:ListPolicies":
            for policy in result.get("Policies", ()):
                yield _ask("organizations:DescribePolicy", PolicyId=policy["Id"])
                yield _ask("organizations:ListTargetsForPolicy", PolicyId=policy["Id"])
        case _:
            yield from _about_backups(place, question, result)


def about_tables(place: Place, partition: str, names: Iterable[str]) -> Iterator[Question]:
    """What is asked about each of these tables."""
    for name in names:
        yield _ask("dynamodb:DescribeTable", TableName=name)
        yield _ask("dynamodb:DescribeContinuousBackups", TableName=name)
        yield _ask("dynamodb:DescribeTimeToLive", TableName=name)
        yield _ask("dynamodb:GetResourcePolicy", ResourceArn=_table_arn(name, place, partition))


def beside_tables() -> Iterator[Question]:
    """What is asked once where there are tables."""
    yield _ask("resourcegroupstaggingapi:GetResources", ResourceTypeFilters=["dynamodb:table"])
    yield _ask("dynamodb:ListBackups", BackupType="USER")
    yield _ask("application-autoscaling:DescribeScalableTargets", ServiceNamespace="dynamodb")
    yield _ask("events:ListRules")
    yield _ask("scheduler:ListSchedules")
    yield _ask("backup:DescribeRegionSettings")


def _table_arn(name: str, place: Place, partition: str) -> str:
    return f"arn:{partition}:dynamodb:{place.region}:{place.account}:table/{name}"


def _about_key(place: Place, arn: object) -> Iterator[Question]:
    """Keys of other accounts are asked for too; those of other Regions are none of ours."""
    match str(arn or "").split(":"):
        case ["arn", _, "kms", place.region, _, rest] if rest.startswith("key/"):
            yield _ask("kms:DescribeKey", KeyId=arn)


def _about_backups(place: Place, question: Question, result: Mapping[str, Any]) -> Iterator[Question]:
    match question.call.name():
        case "backup:ListBackupVaults":
            for vault in result.get("BackupVaultList", ()):
                name = vault["BackupVaultName"]
                yield _ask("backup:GetBackupVaultAccessPolicy", BackupVaultName=name)
                yield _ask("backup:GetBackupVaultNotifications", BackupVaultName=name)
                if vault.get("NumberOfRecoveryPoints") != 0:
                    yield _ask(
                        "backup:ListRecoveryPointsByBackupVault", BackupVaultName=name, ByResourceType="DynamoDB"
                    )
                yield from _about_key(place, vault.get("EncryptionKeyArn"))
            if result.get("BackupVaultList"):
                yield from _about_jobs(place)
        case "backup:ListBackupPlans":
            for plan in result.get("BackupPlansList", ()):
                yield _ask("backup:GetBackupPlan", BackupPlanId=plan["BackupPlanId"])
                yield _ask("backup:ListBackupSelections", BackupPlanId=plan["BackupPlanId"])
            if result.get("BackupPlansList"):
                yield _ask("backup:DescribeRegionSettings")
                yield _ask("backup:ListFrameworks")
                yield _ask("backup:ListReportPlans")
                yield _ask("events:ListRules")
                yield _ask("cloudwatch:DescribeAlarms", AlarmTypes=["MetricAlarm"])
        case "backup:ListBackupSelections":
            for each in result.get("BackupSelectionsList", ()):
                plan = question.parameters["BackupPlanId"]
                yield _ask("backup:GetBackupSelection", BackupPlanId=plan, SelectionId=each["SelectionId"])
        case "backup:ListRestoreTestingPlans":
            for plan in result.get("RestoreTestingPlans", ()):
                name = plan["RestoreTestingPlanName"]
                yield _ask("backup:GetRestoreTestingPlan", RestoreTestingPlanName=name)
                yield _ask("backup:ListRestoreTestingSelections", RestoreTestingPlanName=name)
        case "backup:ListRestoreTestingSelections":
            for each in result.get("RestoreTestingSelections", ()):
                yield _ask(
                    "backup:GetRestoreTestingSelection",
                    RestoreTestingPlanName=question.parameters["RestoreTestingPlanName"],
                    RestoreTestingSelectionName=each["RestoreTestingSelectionName"],
                )
        case "backup:ListFrameworks":
            for each in result.get("Frameworks", ()):
                yield _ask("backup:DescribeFramework", FrameworkName=each["FrameworkName"])


def _about_jobs(place: Place) -> Iterator[Question]:
    """Where there is a vault. Times are counted back from the day on which the snapshot was begun."""
    started = moment(place.started).replace(hour=0, minute=0, second=0, microsecond=0)
    recently = stamp(started - timedelta(days=JOB_DAYS))
    for state in _FAILED_BACKUPS:
        yield _ask("backup:ListBackupJobs", ByCreatedAfter=recently, ByResourceType="DynamoDB", ByState=state)
    for state in _FAILED_COPIES:
        yield _ask("backup:ListCopyJobs", ByCreatedAfter=recently, ByResourceType="DynamoDB", ByState=state)
    long_ago = stamp(started - timedelta(days=RESTORE_DAYS))
    yield _ask("backup:ListRestoreJobs", ByCreatedAfter=long_ago, ByResourceType="DynamoDB")
    yield _ask("backup:ListProtectedResources")
    yield _ask("backup:ListRestoreTestingPlans")
