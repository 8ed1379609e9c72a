"""Made-up estates with principals, policies, vaults and keys, the same for each seed."""

from __future__ import annotations

import json
from random import Random
from typing import Any

ACCOUNT, REGION = "123456789012", "eu-west-1"
TABLES = ("orders", "orders-archive", "carts", "prod-users")
SEVEN = [
    "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query",
    "dynamodb:Scan", "dynamodb:UpdateItem",
]  # fmt: skip
ACTIONS = (
    "*", "dynamodb:*", "backup:*", "dynamodb:*Backup", "dynamodb:RestoreTable*", "dynamodb:RestoreTableFromBackup",
    "dynamodb:RestoreTableToPointInTime", "dynamodb:DeleteBackup", "dynamodb:UpdateContinuousBackups",
    "dynamodb:CreateBackup", "dynamodb:DeleteTable", "dynamodb:UpdateTable", "backup:Start*",
    "backup:DeleteRecoveryPoint",
    "backup:UpdateRecoveryPointLifecycle", "backup:*AccessPolicy", "backup:DeleteBackupVaultLockConfiguration",
    "backup:*BackupPlan", "iam:PassRole", "sts:AssumeRole", "kms:*", "s3:Put*", "dynamodb:ExportTableToPointInTime",
    "s3:AbortMultipartUpload", "s3:PutObject", "dynamodb:DeleteTable*", "dynamodb:PutResourcePolicy",
    "backup:CancelLegalHold", "backup:Disassociate*",
)  # fmt: skip
RESOURCES = (
    "*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:*:*:table/orders*", "arn:aws:dynamodb:*:*:table/orders",
    "arn:aws:dynamodb:*:*:table/*/backup/*", "arn:aws:dynamodb:*:*:table/*-restored",
    "arn:aws:dynamodb:*:*:table/back-*",
    "arn:aws:dynamodb:*:*:table/carts/backup/01489173575360-b308cd7d", "arn:aws:backup:*:*:*",
    "arn:aws:backup:*:*:recovery-point:*", "arn:aws:backup:*:*:backup-vault:main", "arn:aws:iam::*:role/*",
    "arn:aws:iam::*:role/backup", "arn:aws:iam::*:role/r*", "arn:aws:s3:::exports/*",
    "arn:aws:backup:*:*:legal-hold:01234567-89ab-4cde-8f01-23456789abcd", "arn:aws:dynamodb:us-east-1:*:table/*",
)  # fmt: skip
CONDITIONS: tuple[dict[str, Any], ...] = (
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringEquals": {"aws:ResourceTag/team": "shop"}},
    {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}},
    {"Bool": {"aws:ViaAWSService": "false"}},
    {"StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com"}},
    {"StringEquals": {"aws:RequestedRegion": REGION}},
    {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/r1"}},
    {"StringEquals": {"aws:ResourceAccount": ACCOUNT}},
)
MANAGED = (
    "AWSBackupFullAccess",
    "AmazonDynamoDBFullAccess",
    "ReadOnlyAccess",
    "AdministratorAccess",
    "NotKnownToAnybody",
)


def template(seed: int) -> str:
    """A CloudFormation template as JSON."""
    dice = Random(seed)
    resources: dict[str, Any] = {}
    for at, name in enumerate(TABLES):
        properties: dict[str, Any] = {
            "TableName": name,
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": dice.random() < 0.6},
            "DeletionProtectionEnabled": dice.random() < 0.5,
        }
        if dice.random() < 0.5:
            properties["Tags"] = [{"Key": "team", "Value": dice.choice(("shop", "mail"))}]
        if dice.random() < 0.4:
            properties["SSESpecification"] = {
                "SSEEnabled": True,
                "SSEType": "KMS",
                "KMSMasterKeyId": {"Fn::GetAtt": "Key.Arn"},
            }
        if dice.random() < 0.3:
            grant = {**statement(dice), "Principal": dice.choice(("*", {"AWS": f"arn:aws:iam::{ACCOUNT}:role/r0"}))}
            properties["ResourcePolicy"] = {"PolicyDocument": {"Version": "2012-10-17", "Statement": [grant]}}
        resources[f"Table{at}"] = {"Type": "AWS::DynamoDB::Table", "Properties": properties}
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    key = [{"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}]
    if dice.random() < 0.5:
        key.append(
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": dice.choice(("kms:Encrypt", "kms:Schedule*")),
                "Resource": "*",
            }
        )
    policy = {"Version": "2012-10-17", "Statement": key}
    resources["Key"] = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}}
    for name in ("main", "second"):
        resources[f"Vault{name}"] = {"Type": "AWS::Backup::BackupVault", "Properties": _vault(dice, name)}
    resources |= _plan(dice)
    trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
    resources["BackupRole"] = _role(dice, "backup", trust, dice.random() < 0.6)
    for at in range(4):
        principal: Any = dice.choice(
            ({"Service": "lambda.amazonaws.com"}, root, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/r{at - 1}"})
        )
        trusted = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        resources[f"Role{at}"] = _role(dice, f"r{at}", trusted, service=False)
    for kind, prefix in (("RESOURCE", {"Principal": "*"}), ("SERVICE", {})):
        if dice.random() < 0.4:
            denial = {**statement(dice), **prefix, "Effect": "Deny"}
            resources[f"Control{kind}"] = {
                "Type": "AWS::Organizations::Policy",
                "Properties": {
                    "Type": f"{kind}_CONTROL_POLICY",
                    "Name": kind.lower(),
                    "TargetIds": [dice.choice(("r-abcd", "ou-abcd-12345678"))],
                    "Content": {"Version": "2012-10-17", "Statement": [denial]},
                },
            }
    return json.dumps({"Resources": resources}, indent=1)


def _vault(dice: Random, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"BackupVaultName": name}
    if dice.random() < 0.5:
        found["LockConfiguration"] = {
            "MinRetentionDays": 7,
            **({"ChangeableForDays": 3} if dice.random() < 0.5 else {}),
        }
    if dice.random() < 0.5:
        actions = dice.sample(
            ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle", "backup:StartRestoreJob"), 2
        )
        deny: dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": "*"}
        if dice.random() < 0.5:
            deny["Condition"] = CONDITIONS[6]
        found["AccessPolicy"] = {"Version": "2012-10-17", "Statement": [deny]}
    if dice.random() < 0.4:
        found["EncryptionKeyArn"] = {"Fn::GetAtt": "Key.Arn"}
    return found


def _plan(dice: Random) -> dict[str, Any]:
    rules = [{"RuleName": "nightly", "TargetBackupVault": dice.choice(("main", "second"))}]
    if dice.random() < 0.5:
        rules.append({"RuleName": "weekly", "TargetBackupVault": "second"})
    chosen = [f"arn:aws:dynamodb:*:*:table/{name}" for name in dice.sample(TABLES, dice.randint(1, 3))]
    plan = {"BackupPlan": {"BackupPlanName": "plan", "BackupPlanRule": rules}}
    selection = {"SelectionName": "some", "IamRoleArn": {"Fn::GetAtt": "BackupRole.Arn"}, "Resources": chosen}
    return {
        "Plan": {"Type": "AWS::Backup::BackupPlan", "Properties": plan},
        "Selection": {
            "Type": "AWS::Backup::BackupSelection",
            "Properties": {"BackupPlanId": {"Ref": "Plan"}, "BackupSelection": selection},
        },
    }


def _role(dice: Random, name: str, trust: dict[str, Any], service: bool) -> dict[str, Any]:
    statements = [statement(dice) for _ in range(dice.randint(2, 7))]
    if dice.random() < 0.4:
        statements.append({"Effect": "Allow", "Action": SEVEN, "Resource": dice.choice(RESOURCES[:7])})
    properties: dict[str, Any] = {
        "RoleName": name,
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}],
    }
    managed = []
    if service:
        managed = [f"service-role/AWSBackupServiceRolePolicyFor{each}" for each in ("Backup", "Restores")]
    elif dice.random() < 0.25:
        managed = [dice.choice(MANAGED)]
    if managed:
        properties["ManagedPolicyArns"] = [f"arn:aws:iam::aws:policy/{each}" for each in managed]
    if dice.random() < 0.15:
        properties["PermissionsBoundary"] = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def statement(dice: Random) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Effect": "Deny" if dice.random() < 0.15 else "Allow",
        "Action": dice.sample(ACTIONS, dice.randint(1, 4)),
        "Resource": dice.sample(RESOURCES, dice.randint(1, 3)),
    }
    if dice.random() < 0.25:
        found["Condition"] = dice.choice(CONDITIONS)
    return found
