"""How long it takes to tell what covers each table of a large estate.

    python benchmarks/coverage.py [TABLES PLANS]

An estate is written as a CloudFormation template and read: tables of teams, tagged or not, some global; plans that
select them by tag, by prefix, or by a list of ARNs. All tables have names, or half of them: a name that CloudFormation
makes up may begin with any prefix, so that each of those tables must be asked about each prefix.

Printed are the CPU seconds for reading, for the index with the first table, and for all tables and replicas, and how
many of them are covered.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "linter"))

from recoverable import Estate, Listing
from recoverable.estate.model import Memo
from recoverable.read import cloudformation, sniff
from recoverable.read.document import read_document
from recoverable.recovery.backups.coverage import coverage, is_covered
from recoverable.scenario import Run

SIZES = ((500, 20), (2_000, 200))

#: How many ARNs the selections name that list them.
LISTED = 20


def template(tables: int, plans: int, *, named: bool) -> dict[str, Any]:
    """Tables of as many teams as there are plans; every table is `named`, or every other."""
    resources: dict[str, Any] = {}
    for at in range(tables):
        properties: dict[str, Any] = {
            "BillingMode": "PAY_PER_REQUEST",
            "Tags": [
                {"Key": "team", "Value": f"team{at % plans}"},
                {"Key": "backup", "Value": f"plan{at % (plans * 2)}"},
            ],
        }
        if named or at % 2:
            properties["TableName"] = f"team{at % plans}-table{at}"
        resources[f"Table{at}"] = {"Type": "AWS::DynamoDB::Table", "Properties": properties}
        if at % 20 == 0:
            properties["Replicas"] = [
                {"Region": {"Ref": "AWS::Region"}, "Tags": properties.pop("Tags")},
                {"Region": "us-east-2"},
            ]
            resources[f"Table{at}"]["Type"] = "AWS::DynamoDB::GlobalTable"
    for at in range(plans):
        rules = [{"RuleName": name, "TargetBackupVault": "Default"} for name in ("nightly", "monthly")]
        resources[f"Plan{at}"] = {
            "Type": "AWS::Backup::BackupPlan",
            "Properties": {"BackupPlan": {"BackupPlanName": f"plan{at}", "BackupPlanRule": rules}},
        }
        body: dict[str, Any] = {"SelectionName": "chosen", "IamRoleArn": "arn:aws:iam::111122223333:role/backup"}
        match at % 4:
            case 0 | 1:
                body["ListOfTags"] = [
                    {"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": f"plan{at}"}
                ]
            case 2:
                body["Resources"] = [f"arn:aws:dynamodb:*:*:table/team{at}-*"]
            case 3:
                own = range(at, min(tables, at + LISTED * plans), plans)
                body["Resources"] = [{"Fn::GetAtt": [f"Table{one}", "Arn"]} for one in own]
        resources[f"Chosen{at}"] = {
            "Type": "AWS::Backup::BackupSelection",
            "Properties": {"BackupPlanId": {"Ref": f"Plan{at}"}, "BackupSelection": body},
        }
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def measure(tables: int, plans: int, *, named: bool = False) -> None:
    """One size, printed as a line of the table in README.md."""
    text = json.dumps(template(tables, plans, named=named))
    start = time.process_time()
    tree = read_document(text, "app.json")
    reading = cloudformation.read({"app.json": (str(sniff.kind(tree)), tree)}, {}.get, lambda _: {})
    read = time.process_time()
    listings = {
        name: Listing(entries) for name in Estate._fields if isinstance(entries := getattr(reading, name, None), tuple)
    }
    estate = Estate(memo=Memo())._replace(**listings).in_run(Run())  # type: ignore[arg-type]
    items = (*estate.tables.present(), *estate.replicas.present())
    ready = time.process_time()
    is_covered(items[0], estate)
    indexed = time.process_time()
    answers = Counter(coverage(item, estate).truth.answer.value for item in items)
    done = time.process_time()
    counts = ", ".join(f"{answers[answer]} {answer}" for answer in ("yes", "no", "unknown"))
    size = f"{tables:,} x {plans} | {'all' if named else 'half'} | {len(items):,}"
    index, all_ = (indexed - ready) * 1000, (done - indexed) * 1000
    print(f"| {size} | {read - start:.2f} s | {index:.1f} ms | {all_:.0f} ms | {counts} |")


def main(arguments: list[str]) -> None:
    sizes = [(int(arguments[0]), int(arguments[1]))] if len(arguments) == 2 else SIZES
    print("| tables x plans | named | tables and replicas | reading | index | all of them | answers |")
    print("|---|---|---|---|---|---|---|")
    for tables, plans in sizes:
        for named in (True, False):
            measure(tables, plans, named=named)


if __name__ == "__main__":
    main(sys.argv[1:])
