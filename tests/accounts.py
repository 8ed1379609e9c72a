"""Snapshots of accounts for tests: what AWS answered, written short, and what the rules say of it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverable.config import Settings
from recoverable.pack import builtin, load
from recoverable.read.snapshot.envelope import Envelope
from recoverable.scan import Documents, Request, Setup, examine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recoverable.check import Report
    from recoverable.pack import Pack

ACCOUNT = "111122223333"
NOW = "2026-11-27T09:00:00Z"

#: Regions with their answers.
Regions = dict[str, list[dict[str, Any]]]


def answer(call: str, result: object = None, *, status: str = "ok", complete: bool = True, **parameters: Any) -> Any:
    """One answer; `call` is `dynamodb:ListTables`."""
    service, _, operation = call.partition(":")
    code = {"denied": "AccessDeniedException", "throttled": "ThrottlingException", "failed": "InternalServerError"}
    return {
        "service": service,
        "call": operation,
        "parameters": parameters,
        "time": NOW,
        "status": status,
        "error": {"code": code[status], "message": "no"} if status in code else None,
        "result": result,
        "complete": complete and status == "ok",
    }


def snapshot(
    regions: Mapping[str, Iterable[Any]], *, account: str = ACCOUNT, whole: Iterable[Any] = (), started: str = NOW
) -> Envelope:
    """A finished snapshot of one account."""
    files = {
        (account, region): {"schema": "urn:recoverable:snapshot:1", "version": 1, "answers": list(answers)}
        for region, answers in {**regions, "global": whole}.items()
    }
    named = [{"name": region, "status": "ok", "error": None} for region in regions]
    accounts = [{"id": account, "name": "test", "status": "ok", "error": None, "regions": named}]
    summary = {"version": 1, "started": started, "finished": started, "scope": {"accounts": accounts, "left_out": []}}
    return Envelope(f"snapshots/{account}", summary, files, {})


def stored(folder: Path) -> Envelope:
    """A snapshot of files."""
    files = {
        (path.parent.name, path.stem): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("accounts/*/*.json"))
    }
    return Envelope(folder.name, json.loads((folder / "snapshot.json").read_text(encoding="utf-8")), files, {})


def written(envelope: Envelope, folder: Path) -> Path:
    """The folder with the snapshot's files in it."""
    for (account, place), content in envelope.files.items():
        file = folder / "accounts" / account / f"{place}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")
    summary = {"schema": "urn:recoverable:snapshot:1", **envelope.summary}
    (folder / "snapshot.json").write_text(json.dumps(summary), encoding="utf-8")
    return folder


def judged(*snapshots: Envelope, settings: Settings | None = None, only: tuple[str, ...] = ()) -> Report:
    """What the built-in rules say of these accounts."""
    setup = Setup("", settings or Settings(), pack())
    return examine((), setup, Request(only=only), Documents(), snapshots=snapshots)


def found(report: Report) -> set[tuple[str, str]]:
    """Rule and last part of the ARN of every finding."""
    return {(finding.rule.name, short(finding.subject.title())) for finding in report.findings}


def undetermined(report: Report) -> set[tuple[str, str]]:
    return {(finding.rule.name, short(finding.subject.title())) for finding in report.undetermined}


def short(title: str) -> str:
    """`eu-west-1 table/orders` of an ARN and what follows it."""
    fields = title.split(":", 5)
    return f"{fields[3]} {fields[5]}" if len(fields) == 6 else title


@cache
def pack() -> Pack:
    return load(builtin())


def table(
    name: str,
    *,
    region: str = "eu-west-1",
    account: str = ACCOUNT,
    pitr: bool = True,
    protected: bool = True,
    tags: Mapping[str, str] | None = None,
    **more: Any,
) -> list[Any]:
    """The answers about one table, ListTables apart. `more` goes into its description."""
    arn = f"arn:aws:dynamodb:{region}:{account}:table/{name}"
    described = {
        "TableName": name,
        "TableArn": arn,
        "TableStatus": "ACTIVE",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "CreationDateTime": "2025-01-01T00:00:00Z",
        "DeletionProtectionEnabled": protected,
        **more,
    }
    recovery: dict[str, Any] = {"PointInTimeRecoveryStatus": "ENABLED" if pitr else "DISABLED"}
    if pitr:
        recovery["RecoveryPeriodInDays"] = 35
    listed = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    backups = {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}
    return [
        answer("dynamodb:DescribeTable", {"Table": described}, TableName=name),
        answer("dynamodb:DescribeContinuousBackups", {"ContinuousBackupsDescription": backups}, TableName=name),
        answer(
            "dynamodb:DescribeTimeToLive", {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}, TableName=name
        ),
        answer("dynamodb:GetResourcePolicy", status="absent", ResourceArn=arn),
        answer("dynamodb:ListTagsOfResource", {"Tags": listed}, ResourceArn=arn),
    ]


def plan(
    name: str,
    *selections: Mapping[str, Any],
    region: str = "eu-west-1",
    account: str = ACCOUNT,
    **rule: Any,
) -> list[Any]:
    """The answers about one plan with one rule, ListBackupPlans apart."""
    identity = f"plan-{name}-{region}"
    written = {"RuleName": "daily", "RuleId": "1", "TargetBackupVaultName": "backups", **rule}
    written.setdefault("ScheduleExpression", "cron(0 5 ? * * *)")
    written.setdefault("Lifecycle", {"DeleteAfterDays": 35})
    body = {"BackupPlanName": name, "Rules": [written]}
    arn = f"arn:aws:backup:{region}:{account}:backup-plan:{identity}"
    listed = [
        {"SelectionId": f"{identity}-{number}", "SelectionName": f"selection{number}", "BackupPlanId": identity}
        for number, _ in enumerate(selections)
    ]
    found = [
        answer(
            "backup:GetBackupPlan",
            {"BackupPlan": body, "BackupPlanId": identity, "BackupPlanArn": arn},
            BackupPlanId=identity,
        ),
        answer("backup:ListBackupSelections", {"BackupSelectionsList": listed}, BackupPlanId=identity),
    ]
    for at, selection in zip(listed, selections, strict=True):
        role = f"arn:aws:iam::{account}:role/backup"
        chosen = {"SelectionName": at["SelectionName"], "IamRoleArn": role, **selection}
        result = {"BackupSelection": chosen, "SelectionId": at["SelectionId"], "BackupPlanId": identity}
        found.append(answer("backup:GetBackupSelection", result, BackupPlanId=identity, SelectionId=at["SelectionId"]))
    return found


def region(
    tables: Mapping[str, list[Any]],
    plans: Mapping[str, list[Any]] | None = None,
    *more: Any,
    name: str = "eu-west-1",
) -> list[Any]:
    """The answers of a Region with these tables and plans, by name, and a vault called backups if there is a plan."""
    plans = plans or {}
    vaults = [
        {
            "BackupVaultName": "backups",
            "BackupVaultArn": f"arn:aws:backup:{name}:{ACCOUNT}:backup-vault:backups",
            "VaultType": "BACKUP_VAULT",
            "Locked": False,
            "EncryptionKeyArn": f"arn:aws:kms:{name}:{ACCOUNT}:alias/aws/backup",
        }
    ]
    listed = [{"BackupPlanId": f"plan-{plan}-{name}", "BackupPlanName": plan} for plan in plans]
    settings = {
        "ResourceTypeOptInPreference": {"DynamoDB": True},
        "ResourceTypeManagementPreference": {"DynamoDB": True},
    }
    given = {(one["service"], one["call"], json.dumps(one["parameters"], sort_keys=True)): one for one in more}
    usual = [
        answer("dynamodb:ListTables", {"TableNames": list(tables)}),
        answer("dynamodb:ListBackups", {"BackupSummaries": []}, BackupType="USER"),
        answer("application-autoscaling:DescribeScalableTargets", {"ScalableTargets": []}, ServiceNamespace="dynamodb"),
        answer("backup:ListBackupVaults", {"BackupVaultList": vaults if plans else []}),
        answer("backup:ListBackupPlans", {"BackupPlansList": listed}),
        answer("backup:DescribeRegionSettings", settings),
        answer("events:ListRules", {"Rules": []}),
        answer("scheduler:ListSchedules", {"Schedules": []}),
        *(each for answers in tables.values() for each in answers),
        *(each for answers in plans.values() for each in answers),
    ]
    if plans:
        usual += [
            answer("backup:GetBackupVaultAccessPolicy", status="absent", BackupVaultName="backups"),
            answer("backup:GetBackupVaultNotifications", status="absent", BackupVaultName="backups"),
            answer("backup:ListProtectedResources", {"Results": []}),
            answer(
                "backup:ListRecoveryPointsByBackupVault",
                {"RecoveryPoints": []},
                BackupVaultName="backups",
                ByResourceType="DynamoDB",
            ),
            answer("backup:ListBackupJobs", {"BackupJobs": []}, ByState="FAILED"),
            answer("backup:ListCopyJobs", {"CopyJobs": []}, ByState="FAILED"),
            answer("backup:ListRestoreJobs", {"RestoreJobs": []}, ByResourceType="DynamoDB"),
            answer("backup:ListRestoreTestingPlans", {"RestoreTestingPlans": []}),
            answer("cloudwatch:DescribeAlarms", {"MetricAlarms": []}),
        ]
    merged = {(one["service"], one["call"], json.dumps(one["parameters"], sort_keys=True)): one for one in usual}
    return list({**merged, **given}.values())
