"""The same estate as a template, as Terraform and as an account is found fault with in the same words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from accounts import ACCOUNT, answer, pack, plan, region, snapshot, table
from recoverable.config import Settings
from recoverable.scan import Documents, Request, Setup, examine

if TYPE_CHECKING:
    from recoverable.check import Report
    from recoverable.read.snapshot.envelope import Envelope

REGION = "eu-west-1"

#: What only files can be.
OF_FILES = {"table-deleted-with-stack", "vault-deleted-with-stack", "prevent-destroy-missing"}
OPEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "dynamodb:GetItem", "Resource": "*"}],
}
VAULT_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"},
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
            "Action": "backup:*",
            "Resource": "*",
        },
    ],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"},
    ],
}
#: Deletes recovery points, tables and point-in-time recovery.
MAY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "Backup", "Effect": "Allow", "Action": "backup:*", "Resource": "*"},
        {"Sid": "Delete", "Effect": "Allow", "Action": ["dynamodb:Delete*"], "Resource": "*"},
        {"Sid": "Recovery", "Effect": "Allow", "Action": ["dynamodb:UpdateContinuousBackups"], "Resource": "*"},
    ],
}
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/backup"

TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Ops": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": "ops",
                "AssumeRolePolicyDocument": TRUST,
                "Policies": [{"PolicyName": "may", "PolicyDocument": MAY}],
            },
        },
        "Orders": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "TableName": "orders",
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "Tags": [{"Key": "backup", "Value": "daily"}],
                "ResourcePolicy": {"PolicyDocument": OPEN},
            },
        },
        "Bills": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "TableName": "bills",
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "DeletionProtectionEnabled": True,
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
                "Tags": [{"Key": "backup", "Value": "Daily"}],
            },
        },
        "Sessions": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "TableName": "session-cache",
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
            },
        },
        "Backups": {
            "Type": "AWS::Backup::BackupVault",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "BackupVaultName": "backups",
                "EncryptionKeyArn": KEY,
                "AccessPolicy": VAULT_POLICY,
                "LockConfiguration": {"MinRetentionDays": 60, "MaxRetentionDays": 400},
            },
        },
        "Daily": {
            "Type": "AWS::Backup::BackupPlan",
            "Properties": {
                "BackupPlan": {
                    "BackupPlanName": "daily",
                    "BackupPlanRule": [
                        {
                            "RuleName": "nightly",
                            "TargetBackupVault": "backups",
                            "ScheduleExpression": "cron(0 5 ? * * *)",
                            "StartWindowMinutes": 480,
                            "CompletionWindowMinutes": 10080,
                            "Lifecycle": {"DeleteAfterDays": 14},
                        }
                    ],
                }
            },
        },
        "Tagged": {
            "Type": "AWS::Backup::BackupSelection",
            "Properties": {
                "BackupPlanId": {"Ref": "Daily"},
                "BackupSelection": {
                    "SelectionName": "selection0",
                    "IamRoleArn": ROLE,
                    "ListOfTags": [
                        {"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}
                    ],
                },
            },
        },
        "Empty": {
            "Type": "AWS::Backup::BackupPlan",
            "Properties": {"BackupPlan": {"BackupPlanName": "empty", "BackupPlanRule": []}},
        },
    }
}

TERRAFORM = f"""
resource "aws_iam_role" "ops" {{
  name               = "ops"
  assume_role_policy = jsonencode({json.dumps(TRUST)})
}}

resource "aws_iam_role_policy" "ops" {{
  name   = "may"
  role   = aws_iam_role.ops.name
  policy = jsonencode({json.dumps(MAY)})
}}

resource "aws_dynamodb_table" "orders" {{
  name     = "orders"
  hash_key = "id"
  tags     = {{ backup = "daily" }}
  lifecycle {{
    prevent_destroy = true
  }}
}}

resource "aws_dynamodb_resource_policy" "orders" {{
  resource_arn = aws_dynamodb_table.orders.arn
  policy       = jsonencode({json.dumps(OPEN)})
}}

resource "aws_dynamodb_table" "bills" {{
  name                        = "bills"
  hash_key                    = "id"
  deletion_protection_enabled = true
  tags                        = {{ backup = "Daily" }}
  point_in_time_recovery {{
    enabled                 = true
    recovery_period_in_days = 7
  }}
  lifecycle {{
    prevent_destroy = true
  }}
}}

resource "aws_dynamodb_table" "sessions" {{
  name     = "session-cache"
  hash_key = "id"
  ttl {{
    attribute_name = "expires"
    enabled        = true
  }}
  lifecycle {{
    prevent_destroy = true
  }}
}}

resource "aws_backup_vault" "backups" {{
  name        = "backups"
  kms_key_arn = "{KEY}"
}}

resource "aws_backup_vault_policy" "backups" {{
  backup_vault_name = aws_backup_vault.backups.name
  policy            = jsonencode({json.dumps(VAULT_POLICY)})
}}

resource "aws_backup_vault_lock_configuration" "backups" {{
  backup_vault_name  = aws_backup_vault.backups.name
  min_retention_days = 60
  max_retention_days = 400
}}

resource "aws_backup_plan" "daily" {{
  name = "daily"
  rule {{
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.backups.name
    schedule          = "cron(0 5 ? * * *)"
    start_window      = 480
    completion_window = 10080
    lifecycle {{
      delete_after = 14
    }}
  }}
}}

resource "aws_backup_selection" "tagged" {{
  name         = "selection0"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "{ROLE}"
  selection_tag {{
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "daily"
  }}
}}

resource "aws_backup_plan" "empty" {{
  name = "empty"
}}
"""


def account() -> Envelope:
    """The estate as it was deployed an hour ago, and backed up at once."""
    tables = {
        "orders": table("orders", pitr=False, protected=False, tags={"backup": "daily"}),
        "bills": table("bills", tags={"backup": "Daily"}),
        "session-cache": table("session-cache", pitr=False, protected=False),
    }
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"
    tables["orders"][3] = answer("dynamodb:GetResourcePolicy", {"Policy": json.dumps(OPEN)}, ResourceArn=arn)
    recovery = tables["bills"][1]["result"]["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    recovery["RecoveryPeriodInDays"] = 7
    tables["session-cache"][2]["result"] = {
        "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    }
    tags = [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}]
    daily = plan("daily", {"ListOfTags": tags}, RuleName="nightly", Lifecycle={"DeleteAfterDays": 14})
    empty = plan("empty")
    empty[0]["result"]["BackupPlan"]["Rules"] = []
    vault = {
        "BackupVaultName": "backups",
        "BackupVaultArn": f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:backups",
        "VaultType": "BACKUP_VAULT",
        "EncryptionKeyArn": KEY,
        "Locked": True,
        "MinRetentionDays": 60,
        "MaxRetentionDays": 400,
    }
    point = {"ResourceArn": arn, "Status": "COMPLETED", "CreationDate": "2026-11-27T05:00:00Z"}
    metadata = {"KeyMetadata": {"KeyManager": "CUSTOMER", "KeyState": "Enabled"}}
    answers = region(
        tables,
        {"daily": daily, "empty": empty},
        answer("backup:ListBackupVaults", {"BackupVaultList": [vault]}),
        answer("backup:GetBackupVaultAccessPolicy", {"Policy": json.dumps(VAULT_POLICY)}, BackupVaultName="backups"),
        answer(
            "backup:ListRecoveryPointsByBackupVault",
            {"RecoveryPoints": [point]},
            BackupVaultName="backups",
            ByResourceType="DynamoDB",
        ),
        answer("kms:DescribeKey", metadata, KeyId=KEY),
    )
    role = {
        "RoleName": "ops",
        "RoleId": "AROAOPS",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/ops",
        "Path": "/",
        "AssumeRolePolicyDocument": TRUST,
        "RolePolicyList": [{"PolicyName": "may", "PolicyDocument": MAY}],
        "AttachedManagedPolicies": [],
        "InstanceProfileList": [],
        "Tags": [],
    }
    details = {"RoleDetailList": [role], "UserDetailList": [], "GroupDetailList": [], "Policies": []}
    return snapshot({REGION: answers}, whole=[answer("iam:GetAccountAuthorizationDetails", details)])


def said(report: Report) -> dict[str, set[tuple[str, str]]]:
    """Rules and names of things, by what is said of them; a policy has a name of its own in Terraform alone."""
    found = {
        "yes": report.findings,
        "unknown": report.undetermined,
        "spared": report.exempt,
    }
    return {
        word: {
            (one.rule.name, "" if one.rule.group == "permissions" else one.subject.name.known() or one.subject.title())
            for one in results
            if one.rule.name not in OF_FILES
        }
        for word, results in found.items()
    }


def judged(files: dict[str, str], *snapshots: Envelope) -> Report:
    settings = Settings(accounts=(ACCOUNT,))
    given = {"AWS::AccountId": ACCOUNT, "AWS::Region": REGION}
    return examine(
        [(path, text.encode()) for path, text in files.items()],
        Setup("", settings, pack()),
        Request(parameters=given),
        Documents(),
        snapshots=snapshots,
    )


def test_a_template_and_an_account_are_told_the_same() -> None:
    template = said(judged({"app.json": json.dumps(TEMPLATE)}))

    assert said(judged({}, account())) == template
    assert len(template["yes"]) > 10


def test_terraform_and_an_account_are_told_the_same() -> None:
    assert said(judged({"main.tf": TERRAFORM})) == said(judged({}, account()))
