"""How long the recovery pictures of a large estate take, beyond reading it.

    python benchmarks/posture.py [TABLES PLANS]

An estate is written as a CloudFormation template and read: tables of teams, plans with three rules each that select
them by tag, some in time zones with summer time, with copies to other Regions and vaults that are locked. Printed are
the seconds for reading and for the pictures of all tables, both the best of three.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "linter"))

from recoverable.estate import Estate
from recoverable.estate.model import Memo
from recoverable.judging import candidates, in_order
from recoverable.pictures import posture_rows
from recoverable.read import cloudformation, sniff
from recoverable.read.document import read_document
from recoverable.recovery.objectives import Objectives
from recoverable.value import Listing

SIZES = ((500, 20), (2_000, 200))
GIVEN = {"AWS::Region": "eu-west-1"}
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")
LISTINGS = (
    "tables", "replicas", "plans", "plan_rules", "copy_actions", "selections", "vaults", "restore_test_plans",
    "restore_test_selections",
)  # fmt: skip


def template(tables: int, plans: int) -> dict[str, Any]:
    """Tables of as many teams as there are plans."""
    resources: dict[str, Any] = {}
    for at in range(tables):
        resources[f"Table{at}"] = {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": f"team{at % plans}-table{at}",
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": at % 3 > 0},
                "Tags": [{"Key": "team", "Value": f"team{at % plans}"}],
            },
        }
    for at in range(plans):
        lock = {"LockConfiguration": {"MinRetentionDays": 7, "ChangeableForDays": 3}} if at % 2 else {}
        resources[f"Vault{at}"] = {
            "Type": "AWS::Backup::BackupVault",
            "Properties": {"BackupVaultName": f"vault{at}", **lock},
        }
        rules = [
            {
                "RuleName": name,
                "TargetBackupVault": {"Ref": f"Vault{at}"},
                "ScheduleExpression": f"cron({at % 60} {at % 24} {days} *)",
                "ScheduleExpressionTimezone": ZONES[at % len(ZONES)],
                "Lifecycle": {"DeleteAfterDays": kept},
                "CopyActions": [
                    {"DestinationBackupVaultArn": f"arn:aws:backup:eu-central-1:111122223333:backup-vault:copies{at}"}
                ],
            }
            for name, days, kept in (("daily", "? * *", 35), ("weekly", "? * SUN", 90), ("monthly", "1 * ?", 2555))
        ]
        resources[f"Plan{at}"] = {
            "Type": "AWS::Backup::BackupPlan",
            "Properties": {"BackupPlan": {"BackupPlanName": f"plan{at}", "BackupPlanRule": rules}},
        }
        tag = {"ConditionType": "STRINGEQUALS", "ConditionKey": "team", "ConditionValue": f"team{at}"}
        role = "arn:aws:iam::111122223333:role/backup"
        body = {"SelectionName": "team", "IamRoleArn": role, "ListOfTags": [tag]}
        resources[f"Chosen{at}"] = {
            "Type": "AWS::Backup::BackupSelection",
            "Properties": {"BackupPlanId": {"Ref": f"Plan{at}"}, "BackupSelection": body},
        }
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def measure(tables: int, plans: int) -> None:
    """One size, printed as a line of the table in README.md."""
    text = json.dumps(template(tables, plans))
    reading = pictures = float("inf")
    points = 0
    for _ in range(3):
        start = time.process_time()
        node = read_document(text, "app.json")
        read = cloudformation.read({"app.json": (str(sniff.kind(node)), node)}, {}.get, lambda _: GIVEN)
        reading = min(reading, time.process_time() - start)
        listings: dict[str, Any] = {name: Listing(getattr(read, name)) for name in LISTINGS}
        estate = in_order(Estate(**listings, memo=Memo()))
        things = candidates(estate, (), lambda _: Objectives())["Table"]
        start = time.process_time()
        rows = list(posture_rows(things, estate))
        pictures = min(pictures, time.process_time() - start)
        points = sum(len(row.posture.points) for row in rows if row.posture is not None)
    print(f"| {tables:,} | {plans} | {reading:.2f} | {pictures:.3f} | {points:,} |")


if __name__ == "__main__":
    print("| tables | plans | reading, s | pictures, s | kinds of restore points |\n|---|---|---|---|---|")
    for size in [tuple(map(int, sys.argv[1:3]))] if len(sys.argv) > 2 else SIZES:
        measure(*size)
