"""What each call answers about a world, before it is cut into pages."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from aws_stub.wire import Asked
from aws_stub.world import THEN, Answer, Json, Refused, Region, World


def _table(world: World, asked: Asked, name: str = "") -> Json:
    name = name or asked.parameters["TableName"]
    found = world.region(asked).tables.get(name.rpartition("/")[2])
    if found is None:
        continuous = asked.operation == "DescribeContinuousBackups"
        code = "TableNotFoundException" if continuous else "ResourceNotFoundException"
        raise Refused(code, f"Requested resource not found: Table: {name} not found")
    return found


def _table_policy(world: World, asked: Asked) -> Json:
    policy = _table(world, asked, asked.parameters["ResourceArn"])["Policy"]
    if policy is None:
        raise Refused("PolicyNotFoundException", "Resource-based policy not found for the provided ResourceArn")
    return {"Policy": json.dumps(policy), "RevisionId": "1700000000000"}


def _tags_of_table(world: World, asked: Asked) -> Json:
    tags = _table(world, asked, asked.parameters["ResourceArn"])["Tags"]
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _backups(world: World, asked: Asked) -> Json:
    kind = asked.parameters.get("BackupType", "USER")
    made = world.region(asked).backups
    return {"BackupSummaries": [backup for backup in made if kind in ("ALL", backup["BackupType"])]}


def _tagged(world: World, asked: Asked) -> Json:
    """Untagged resources are left out, as by AWS."""
    tables = [
        {
            "ResourceARN": table["Table"]["TableArn"],
            "Tags": [{"Key": key, "Value": value} for key, value in table["Tags"].items()],
        }
        for table in world.region(asked).tables.values()
        if table["Tags"]
    ]
    return {"ResourceTagMappingList": tables}


def _records(world: World, asked: Asked, account: str, name: str) -> list[str]:
    """What AWS Config has of the tables of a place, in its own spelling, if it records there."""
    region = world.account(account).region(name)
    if not region.recorded:
        return []
    return [json.dumps(_record(region, table, asked.operation.startswith("SelectAggregate")), default=_config_time)
            for table in region.tables.values() if table["Table"]["TableName"] not in region.unrecorded]  # fmt: skip


def _config_time(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _record(region: Region, table: Json, of_all: bool) -> Json:
    names = {"SSEDescription": "ssedescription", "SSEType": "ssetype", "KMSMasterKeyArn": "kmsmasterKeyArn"}

    def spelled(value: Any) -> Any:  # noqa: ANN401
        match value:
            case dict():
                return {names.get(key, key[0].lower() + key[1:]): spelled(inner) for key, inner in value.items()}
            case list():
                return [spelled(inner) for inner in value]
        return value

    described = {name: value for name, value in table["Table"].items() if name != "DeletionProtectionEnabled"}
    status = table["Recovery"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    backups = {
        "continuousBackupsStatus": "ENABLED",
        "pointInTimeRecoveryDescription": {"pointInTimeRecoveryStatus": status},
    }
    return {
        **({"accountId": region.account, "awsRegion": region.name} if of_all else {}),
        "configuration": spelled(described),
        "supplementaryConfiguration": {"ContinuousBackupsDescription": backups},
        "configurationItemCaptureTime": "2026-10-01T10:00:00.000Z",
    }


def _selected(world: World, asked: Asked) -> Json:
    return {"Results": _records(world, asked, asked.account, asked.region)}


def _selected_of_all(world: World, asked: Asked) -> Json:
    places = [(account.id, name) for account in world.accounts.values() for name in account.regions]
    return {"Results": [record for place in places for record in _records(world, asked, *place)]}


def _key(world: World, asked: Asked) -> Json:
    given = asked.parameters["KeyId"]
    for region in world.account(given.split(":")[4] if given.startswith("arn:") else asked.account).regions.values():
        if given in region.keys:
            return region.keys[given]
    raise Refused("NotFoundException", f"Key '{given}' does not exist")


def _vault(world: World, asked: Asked) -> Json:
    """AWS answers in this way for a vault that is not there."""
    found = world.region(asked).vaults.get(asked.parameters["BackupVaultName"])
    if found is None:
        raise Refused("AccessDeniedException", "Insufficient privileges to perform this action.", 403)
    return found


def _vault_policy(world: World, asked: Asked) -> Json:
    vault = _vault(world, asked)
    if vault["Policy"] is None:
        raise Refused("ResourceNotFoundException", f"Backup vault {asked.parameters['BackupVaultName']} has no policy")
    named = {name: vault["Vault"][name] for name in ("BackupVaultName", "BackupVaultArn")}
    return {**named, "Policy": json.dumps(vault["Policy"])}


def _vault_notifications(world: World, asked: Asked) -> Json:
    vault = _vault(world, asked)
    if not vault["Topic"]:
        raise Refused("ResourceNotFoundException", "Failed reading notifications from database for Backup vault")
    named = {name: vault["Vault"][name] for name in ("BackupVaultName", "BackupVaultArn")}
    return {**named, "SNSTopicArn": vault["Topic"], "BackupVaultEvents": ["BACKUP_JOB_FAILED"]}


def _points(world: World, asked: Asked) -> Json:
    kind = asked.parameters.get("ByResourceType")
    points = _vault(world, asked)["Points"]
    return {"RecoveryPoints": [point for point in points if kind in (None, point["ResourceType"])]}


def _plans(world: World, asked: Asked) -> Json:
    region = world.region(asked)
    return {
        "BackupPlansList": [
            {**_plan_ids(region, key), "BackupPlanName": plan["Plan"]["BackupPlanName"], "CreationDate": THEN}
            for key, plan in region.plans.items()
        ]
    }


def _plan_ids(region: Region, key: str) -> Json:
    return {"BackupPlanId": key, "BackupPlanArn": region.arn("backup", f"backup-plan:{key}"), "VersionId": "v1"}


def _plan(world: World, asked: Asked) -> Json:
    """A plan of another Region is not found."""
    found = world.region(asked).plans.get(asked.parameters["BackupPlanId"])
    if found is None:
        raise Refused("ResourceNotFoundException", "Failed reading Backup plan with provided version")
    return found


def _one_plan(world: World, asked: Asked) -> Json:
    ids = _plan_ids(world.region(asked), asked.parameters["BackupPlanId"])
    return {**ids, "BackupPlan": _plan(world, asked)["Plan"], "CreationDate": THEN}


def _selections(world: World, asked: Asked) -> Json:
    chosen = _plan(world, asked)["Selections"].items()
    identifier = asked.parameters["BackupPlanId"]
    return {
        "BackupSelectionsList": [
            {
                "SelectionId": key,
                "SelectionName": each["SelectionName"],
                "BackupPlanId": identifier,
                "IamRoleArn": each["IamRoleArn"],
            }
            for key, each in chosen
        ]
    }


def _selection(world: World, asked: Asked) -> Json:
    found = _plan(world, asked)["Selections"].get(asked.parameters["SelectionId"])
    if found is None:
        raise Refused("ResourceNotFoundException", "Cannot find the selection")
    ids = {name: asked.parameters[name] for name in ("BackupPlanId", "SelectionId")}
    return {"BackupSelection": found, **ids, "CreationDate": THEN}


def _jobs(name: str) -> Answer:
    def jobs(world: World, asked: Asked) -> Json:
        state = asked.parameters.get("ByState") or asked.parameters.get("ByStatus")
        kind = asked.parameters.get("ByResourceType")
        found = world.region(asked).jobs[name]
        field = "Status" if name == "RestoreJobs" else "State"
        return {name: [job for job in found if state in (None, job[field]) and kind in (None, job["ResourceType"])]}

    return jobs


def _test(world: World, asked: Asked) -> Json:
    found = world.region(asked).tests.get(asked.parameters["RestoreTestingPlanName"])
    if found is None:
        raise Refused("ResourceNotFoundException", "Restore testing plan not found")
    return found


def _test_selections(world: World, asked: Asked) -> Json:
    long = ("ProtectedResourceArns", "ProtectedResourceConditions", "RestoreMetadataOverrides")
    return {
        "RestoreTestingSelections": [
            {name: value for name, value in each.items() if name not in long}
            for each in _test(world, asked)["Selections"].values()
        ]
    }


def _test_plans(world: World, asked: Asked) -> Json:
    return {
        "RestoreTestingPlans": [
            {name: value for name, value in each["Plan"].items() if name != "RecoveryPointSelection"}
            for each in world.region(asked).tests.values()
        ]
    }


def _framework(world: World, asked: Asked) -> Json:
    return world.region(asked).frameworks[asked.parameters["FrameworkName"]]


def _global_settings(world: World, asked: Asked) -> Json:
    if world.organization is None:
        raise Refused("InvalidRequestException", f"{asked.account} is in no organization")
    return {"GlobalSettings": {"isCrossAccountBackupEnabled": "true"}, "LastUpdateTime": THEN}


def _schedules(world: World, asked: Asked) -> Json:
    return {
        "Schedules": [
            {**{name: each[name] for name in ("Arn", "GroupName", "Name", "State", "CreationDate")},
             "Target": {"Arn": each["Target"]["Arn"]}}
            for each in world.region(asked).schedules.values()
        ]
    }  # fmt: skip


def _identity(_: World, asked: Asked) -> Json:
    role = "assumed-role/audit/recoverable" if asked.key.startswith("ASIA") else "user/root"
    return {"UserId": "AIDAEXAMPLE", "Account": asked.account, "Arn": f"arn:aws:sts::{asked.account}:{role}"}


def _account_regions(world: World, asked: Asked) -> Json:
    account = world.account(asked.account)
    every = {*account.opted, *account.regions, "af-south-1"}
    listed = [
        {"RegionName": name, "RegionOptStatus": "ENABLED_BY_DEFAULT" if name in account.opted else "DISABLED"}
        for name in sorted(every)
    ]
    wanted = asked.parameters.get("RegionOptStatusContains")
    return {"Regions": [each for each in listed if not wanted or each["RegionOptStatus"] in wanted]}


def _ec2_regions(world: World, asked: Asked) -> Json:
    return {
        "Regions": [
            {"RegionName": name, "OptInStatus": "opt-in-not-required", "Endpoint": f"ec2.{name}.amazonaws.com"}
            for name in world.account(asked.account).opted
        ]
    }


def _organization(world: World, _: Asked) -> Any:  # noqa: ANN401
    if world.organization is None:
        raise Refused("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return world.organization


def _managing(world: World, asked: Asked) -> Any:  # noqa: ANN401
    found = _organization(world, asked)
    if asked.account != found.management:
        raise Refused("AccessDeniedException", "You don't have permissions to access this resource.")
    return found


def _describe_organization(world: World, asked: Asked) -> Json:
    management = _organization(world, asked).management
    return {
        "Organization": {
            "Id": "o-exampleorg", "Arn": f"arn:aws:organizations::{management}:organization/o-exampleorg",
            "FeatureSet": "ALL", "MasterAccountId": management, "MasterAccountEmail": "root@example.com",
        }
    }  # fmt: skip


def _effective(world: World, asked: Asked) -> Json:
    _organization(world, asked)
    policy = world.account(asked.account).backup_policy
    if policy is None:
        raise Refused("EffectivePolicyNotFoundException", "If you ran this action on the management account …")
    kind = asked.parameters["PolicyType"]
    return {"EffectivePolicy": {"PolicyContent": json.dumps(policy), "PolicyType": kind, "TargetId": asked.account}}


def _accounts(world: World, asked: Asked) -> Json:
    organization = _managing(world, asked)

    def path(parent: str) -> str:
        units = [parent]
        while units[0] in organization.parents:
            units.insert(0, organization.parents[units[0]])
        return f"o-exampleorg/{'/'.join(units)}/"

    return {
        "Accounts": [
            {
                "Id": each.id, "Name": each.name, "Email": f"{each.id}@example.com", "Status": each.status,
                "Arn": f"arn:aws:organizations::{organization.management}:account/o-exampleorg/{each.id}",
                **({"Paths": [path(each.parent)]} if organization.tells_paths else {}),
            }
            for each in world.accounts.values()
        ]
    }  # fmt: skip


def _parents(world: World, asked: Asked) -> Json:
    child = asked.parameters["ChildId"]
    parent = _managing(world, asked).parents.get(child) or world.account(child).parent
    return {"Parents": [{"Id": parent, "Type": "ROOT" if parent.startswith("r-") else "ORGANIZATIONAL_UNIT"}]}


def _account_tags(world: World, asked: Asked) -> Json:
    _managing(world, asked)
    tags = world.account(asked.parameters["ResourceId"]).tags
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _roots(world: World, asked: Asked) -> Json:
    _managing(world, asked)
    kinds = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "BACKUP_POLICY")
    return {
        "Roots": [{"Id": "r-root", "Name": "Root", "PolicyTypes": [{"Type": k, "Status": "ENABLED"} for k in kinds]}]
    }


def _policy_summary(key: str, policy: Json) -> Json:
    return {"Id": key, "Name": key, "Type": policy["Kind"], "AwsManaged": key == "p-FullAWSAccess"}


def _policies(world: World, asked: Asked) -> Json:
    found = _managing(world, asked).policies.items()
    wanted = asked.parameters["Filter"]
    return {"Policies": [_policy_summary(key, each) for key, each in found if each["Kind"] == wanted]}


def _policy(world: World, asked: Asked) -> Json:
    key = asked.parameters["PolicyId"]
    policy = _managing(world, asked).policies[key]
    return {"Policy": {"PolicySummary": _policy_summary(key, policy), "Content": json.dumps(policy["Content"])}}


def _policy_targets(world: World, asked: Asked) -> Json:
    targets = _managing(world, asked).policies[asked.parameters["PolicyId"]]["Targets"]
    kinds = {"r-": "ROOT", "ou": "ORGANIZATIONAL_UNIT"}
    return {"Targets": [{"TargetId": each, "Name": each, "Type": kinds.get(each[:2], "ACCOUNT")} for each in targets]}


ANSWERS: dict[str, Answer] = {
    "dynamodb:ListTables": lambda w, a: {"TableNames": sorted(w.region(a).tables)},
    "dynamodb:DescribeTable": lambda w, a: {"Table": _table(w, a)["Table"]},
    "dynamodb:DescribeContinuousBackups": lambda w, a: {"ContinuousBackupsDescription": _table(w, a)["Recovery"]},
    "dynamodb:DescribeTimeToLive": lambda w, a: {"TimeToLiveDescription": _table(w, a)["Live"]},
    "dynamodb:GetResourcePolicy": _table_policy,
    "dynamodb:ListTagsOfResource": _tags_of_table,
    "dynamodb:ListBackups": _backups,
    "resourcegroupstaggingapi:GetResources": _tagged,
    "application-autoscaling:DescribeScalableTargets": lambda w, a: {"ScalableTargets": w.region(a).targets},
    "config:SelectResourceConfig": _selected,
    "config:SelectAggregateResourceConfig": _selected_of_all,
    "kms:DescribeKey": lambda w, a: {"KeyMetadata": _key(w, a)["Key"]},
    "kms:GetKeyPolicy": lambda w, a: {"Policy": json.dumps(_key(w, a)["Policy"]), "PolicyName": "default"},
    "kms:ListAliases": lambda w, a: {"Aliases": w.region(a).aliases},
    "events:ListRules": lambda w, a: {"Rules": [each["Rule"] for each in w.region(a).rules.values()]},
    "events:ListTargetsByRule": lambda w, a: {"Targets": w.region(a).rules[a.parameters["Rule"]]["Targets"]},
    "scheduler:ListSchedules": _schedules,
    "scheduler:GetSchedule": lambda w, a: w.region(a).schedules[a.parameters["Name"]],
    "cloudwatch:DescribeAlarms": lambda w, a: {"MetricAlarms": w.region(a).alarms},
    "backup:ListBackupVaults": lambda w, a: {"BackupVaultList": [v["Vault"] for v in w.region(a).vaults.values()]},
    "backup:ListBackupPlans": _plans,
    "backup:GetBackupPlan": _one_plan,
    "backup:ListBackupSelections": _selections,
    "backup:GetBackupSelection": _selection,
    "backup:DescribeRegionSettings": lambda w, a: w.region(a).settings,
    "backup:GetBackupVaultAccessPolicy": _vault_policy,
    "backup:GetBackupVaultNotifications": _vault_notifications,
    "backup:ListProtectedResources": lambda w, a: {"Results": w.region(a).protected},
    "backup:ListRecoveryPointsByBackupVault": _points,
    "backup:ListBackupJobs": _jobs("BackupJobs"),
    "backup:ListCopyJobs": _jobs("CopyJobs"),
    "backup:ListRestoreJobs": _jobs("RestoreJobs"),
    "backup:ListRestoreTestingPlans": _test_plans,
    "backup:GetRestoreTestingPlan": lambda w, a: {"RestoreTestingPlan": _test(w, a)["Plan"]},
    "backup:ListRestoreTestingSelections": _test_selections,
    "backup:GetRestoreTestingSelection": lambda w, a: {
        "RestoreTestingSelection": _test(w, a)["Selections"][a.parameters["RestoreTestingSelectionName"]]
    },
    "backup:ListLegalHolds": lambda w, a: {"LegalHolds": w.region(a).holds},
    "backup:ListFrameworks": lambda w, a: {
        "Frameworks": [{"FrameworkName": each["FrameworkName"]} for each in w.region(a).frameworks.values()]
    },
    "backup:DescribeFramework": _framework,
    "backup:ListReportPlans": lambda w, a: {"ReportPlans": w.region(a).reports},
    "backup:DescribeGlobalSettings": _global_settings,
    "sts:GetCallerIdentity": _identity,
    "account:ListRegions": _account_regions,
    "ec2:DescribeRegions": _ec2_regions,
    "iam:GetAccountAuthorizationDetails": lambda w, a: w.account(a.account).iam,
    "organizations:DescribeOrganization": _describe_organization,
    "organizations:DescribeEffectivePolicy": _effective,
    "organizations:ListAccounts": _accounts,
    "organizations:ListParents": _parents,
    "organizations:ListTagsForResource": _account_tags,
    "organizations:ListRoots": _roots,
    "organizations:ListPolicies": _policies,
    "organizations:DescribePolicy": _policy,
    "organizations:ListTargetsForPolicy": _policy_targets,
}
