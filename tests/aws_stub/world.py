"""Accounts, Regions and what is in them, in the shapes that botocore knows; what each call answers about them.

    world = World()
    region = world.account("111122223333").region("eu-west-1")
    region.table("orders", pitr=True, tags={"backup": "daily"}, SSEDescription={...})
    region.plan("daily", [{"RuleName": "nightly", "TargetBackupVaultName": "backups"}], [{"Resources": ["*"]}])

Keyword arguments that begin with a capital are put into the description as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aws_stub.wire import Asked

THEN = datetime(2025, 3, 1, 8, tzinfo=UTC)
Json = dict[str, Any]


class Refused(Exception):  # noqa: N818
    """An answer that is an error."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class Region:
    """What one account has in one Region."""

    def __init__(self, account: str, name: str) -> None:
        self.account, self.name = account, name
        self.tables: dict[str, Json] = {}
        self.vaults: dict[str, Json] = {}
        self.plans: dict[str, Json] = {}
        self.tests: dict[str, Json] = {}
        self.keys: dict[str, Json] = {}
        self.rules: dict[str, Json] = {}
        self.schedules: dict[str, Json] = {}
        self.frameworks: dict[str, Json] = {}
        self.backups: list[Json] = []
        self.protected: list[Json] = []
        self.jobs: dict[str, list[Json]] = {"BackupJobs": [], "CopyJobs": [], "RestoreJobs": []}
        self.holds: list[Json] = []
        self.reports: list[Json] = []
        self.alarms: list[Json] = []
        self.targets: list[Json] = []
        self.aliases: list[Json] = []
        #: Whether AWS Config records tables here, and which it does not know of yet.
        self.recorded, self.unrecorded = False, set[str]()
        self.settings: Json = {
            "ResourceTypeOptInPreference": {"DynamoDB": True},
            "ResourceTypeManagementPreference": {"DynamoDB": True},
        }

    def arn(self, service: str, rest: str) -> str:
        return f"arn:aws:{service}:{self.name}:{self.account}:{rest}"

    def table(
        self, name: str, *, pitr: bool = False, days: int = 35, ttl: str = "", policy: Json | None = None,
        tags: dict[str, str] | None = None, **more: object,
    ) -> str:  # fmt: skip
        """Add a table, and return its ARN."""
        described = {
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "TableName": name,
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "TableStatus": "ACTIVE",
            "CreationDateTime": THEN,
            "TableSizeBytes": 52_428_800,
            "ItemCount": 120_000,
            "TableArn": self.arn("dynamodb", f"table/{name}"),
            "TableId": f"00000000-0000-4000-8000-{len(self.tables):012}",
            "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
            "DeletionProtectionEnabled": False,
            **more,
        }
        recovery: Json = {"PointInTimeRecoveryStatus": "ENABLED" if pitr else "DISABLED"}
        if pitr:
            recovery |= {
                "RecoveryPeriodInDays": days,
                "EarliestRestorableDateTime": THEN,
                "LatestRestorableDateTime": THEN,
            }
        live = {"TimeToLiveStatus": "ENABLED", "AttributeName": ttl} if ttl else {"TimeToLiveStatus": "DISABLED"}
        self.tables[name] = {
            "Table": described,
            "Recovery": {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery},
            "Live": live,
            "Policy": policy,
            "Tags": tags or {},
        }
        return str(described["TableArn"])

    def vault(self, name: str, *, policy: Json | None = None, topic: str = "", points: list[Json] | None = None,
              **more: object) -> str:  # fmt: skip
        arn = self.arn("backup", f"backup-vault:{name}")
        described = {
            "BackupVaultName": name,
            "BackupVaultArn": arn,
            "VaultType": "BACKUP_VAULT",
            "CreationDate": THEN,
            "EncryptionKeyArn": self.arn("kms", "key/99999999-2222-3333-4444-555555555555"),
            "NumberOfRecoveryPoints": len(points or ()),
            "Locked": False,
            **more,
        }
        self.vaults[name] = {"Vault": described, "Policy": policy, "Topic": topic, "Points": points or []}
        if described["EncryptionKeyArn"] == self.arn("kms", "key/99999999-2222-3333-4444-555555555555"):
            self.key("99999999-2222-3333-4444-555555555555", KeyManager="AWS")
        return arn

    def point(self, table: str, vault: str, number: int = 0, **more: object) -> Json:
        """A recovery point, for `vault(points=[...])`."""
        return {
            "RecoveryPointArn": self.arn("backup", f"recovery-point:{table}-{number}"),
            "BackupVaultName": vault,
            "BackupVaultArn": self.arn("backup", f"backup-vault:{vault}"),
            "ResourceArn": self.arn("dynamodb", f"table/{table}"),
            "ResourceType": "DynamoDB",
            "Status": "COMPLETED",
            "CreationDate": THEN,
            "BackupSizeInBytes": 1000,
            "IsEncrypted": True,
            **more,
        }

    def plan(self, name: str, rules: list[Json], selections: list[Json] | None = None) -> str:
        """Add a plan with its selections, and return its id."""
        identifier = f"{len(self.plans):08}-1111-4222-8333-{self.account}"
        rules = [
            {
                "RuleId": f"{identifier[:8]}-2222-4222-8333-{number:012}",
                "ScheduleExpression": "cron(0 5 ? * * *)",
                "ScheduleExpressionTimezone": "Etc/UTC",
                "StartWindowMinutes": 60,
                "CompletionWindowMinutes": 180,
                "EnableContinuousBackup": False,
                **rule,
            }
            for number, rule in enumerate(rules)
        ]
        self.plans[identifier] = {
            "Plan": {"BackupPlanName": name, "Rules": rules},
            "Selections": {
                f"{identifier[:8]}-3333-4222-8333-{number:012}": {
                    "SelectionName": f"selection-{number}",
                    "IamRoleArn": f"arn:aws:iam::{self.account}:role/service-role/AWSBackupDefaultServiceRole",
                    **selection,
                }
                for number, selection in enumerate(selections or ())
            },
        }
        return identifier

    def restore_test(self, name: str, selections: list[Json] | None = None, **more: object) -> str:
        arn = self.arn("backup", f"restore-testing-plan:{name}")
        self.tests[name] = {
            "Plan": {
                "RestoreTestingPlanName": name,
                "RestoreTestingPlanArn": arn,
                "CreationTime": THEN,
                "ScheduleExpression": "cron(0 2 1 * ? *)",
                "RecoveryPointSelection": {
                    "Algorithm": "LATEST_WITHIN_WINDOW",
                    "IncludeVaults": ["*"],
                    "RecoveryPointTypes": ["SNAPSHOT"],
                    "SelectionWindowDays": 30,
                },
                **more,
            },
            "Selections": {
                f"selection{number}": {
                    "RestoreTestingPlanName": name,
                    "RestoreTestingSelectionName": f"selection{number}",
                    "CreationTime": THEN,
                    "ProtectedResourceType": "DynamoDB",
                    "IamRoleArn": f"arn:aws:iam::{self.account}:role/restore",
                    **selection,
                }
                for number, selection in enumerate(selections or ())
            },
        }
        return arn

    def key(self, identifier: str, policy: Json | None = None, **more: object) -> str:
        """Add a KMS key (the customer's own, unless KeyManager says otherwise), and return its ARN."""
        arn = self.arn("kms", f"key/{identifier}")
        described = {
            "AWSAccountId": self.account, "KeyId": identifier, "Arn": arn, "CreationDate": THEN, "Enabled": True,
            "KeyState": "Enabled", "KeyUsage": "ENCRYPT_DECRYPT", "KeyManager": "CUSTOMER", "Origin": "AWS_KMS", **more,
        }  # fmt: skip
        everyone = {"AWS": f"arn:aws:iam::{self.account}:root"}
        own = {"Effect": "Allow", "Principal": everyone, "Action": "kms:*", "Resource": "*"}
        self.keys[arn] = {"Key": described, "Policy": policy or {"Version": "2012-10-17", "Statement": [own]}}
        return arn

    def rule(self, name: str, targets: list[Json] | None = None, **more: object) -> None:
        rule = {"Name": name, "Arn": self.arn("events", f"rule/{name}"), "State": "ENABLED", **more}
        self.rules[name] = {"Rule": rule, "Targets": targets or []}

    def schedule(self, name: str, target: Json, **more: object) -> None:
        self.schedules[name] = {
            "Arn": self.arn("scheduler", f"schedule/default/{name}"), "GroupName": "default", "Name": name,
            "ScheduleExpression": "rate(1 day)", "State": "ENABLED", "CreationDate": THEN,
            "Target": {"RoleArn": f"arn:aws:iam::{self.account}:role/scheduler", **target}, **more,
        }  # fmt: skip


class Account:
    """One account: its Regions, its IAM, its place in the organization."""

    def __init__(self, identifier: str) -> None:
        self.id, self.name, self.tags = identifier, f"account {identifier[-4:]}", dict[str, str]()
        self.regions: dict[str, Region] = {}
        self.opted = ["eu-central-1", "eu-west-1", "us-east-1"]
        self.iam: dict[str, list[Json]] = {
            "UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": [],
        }  # fmt: skip
        self.parent, self.status = "r-root", "ACTIVE"
        self.backup_policy: Json | None = None

    def region(self, name: str) -> Region:
        if name not in self.regions:
            self.regions[name] = Region(self.id, name)
        return self.regions[name]

    def role(self, name: str, trust: Json, policies: dict[str, Json] | None = None, attached: tuple[str, ...] = (),
             **more: object) -> str:  # fmt: skip
        arn = f"arn:aws:iam::{self.id}:role/{name}"
        self.iam["RoleDetailList"].append(
            {
                "Path": "/", "RoleName": name, "RoleId": f"AROA{len(self.iam['RoleDetailList']):016}", "Arn": arn,
                "CreateDate": THEN, "AssumeRolePolicyDocument": json.dumps(trust), "InstanceProfileList": [],
                "RolePolicyList": [
                    {"PolicyName": key, "PolicyDocument": json.dumps(value)} for key, value in (policies or {}).items()
                ],
                "AttachedManagedPolicies": [
                    {"PolicyName": each.rpartition("/")[2], "PolicyArn": each} for each in attached
                ],
                **more,
            }
        )  # fmt: skip
        return arn


class Organization:
    """An organization: its management account, its units, and what guards them."""

    def __init__(self, management: str) -> None:
        self.management = management
        #: Whether ListAccounts tells where an account is, as it has done since 2026.
        self.tells_paths = True
        self.parents: dict[str, str] = {}
        self.policies: dict[str, Json] = {}

    def unit(self, identifier: str, parent: str = "r-root") -> str:
        self.parents[identifier] = parent
        return identifier

    def policy(self, identifier: str, kind: str, content: Json, targets: tuple[str, ...]) -> None:
        self.policies[identifier] = {"Kind": kind, "Content": content, "Targets": targets}


class World:
    """All accounts there are. The first one made is whose keys are used when nothing else is said."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.organization: Organization | None = None
        self.roles: dict[str, str] = {}

    def account(self, identifier: str) -> Account:
        if identifier not in self.accounts:
            self.accounts[identifier] = Account(identifier)
        return self.accounts[identifier]

    def region(self, asked: Asked) -> Region:
        return self.account(asked.account).region(asked.region)


Answer = Callable[[World, Asked], Json]
