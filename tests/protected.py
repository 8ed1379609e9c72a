"""A table with its plan, vaults and selection out of a few lines of a test, as an estate."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING, Any

from recoverable.estate import Estate
from recoverable.estate.model import Memo
from recoverable.recovery.posture import posture
from recoverable.value import Listing
from templates import read

if TYPE_CHECKING:
    from recoverable.estate import Table
    from recoverable.recovery.posture import Points, Posture

HERE = {"AWS::Region": "eu-west-1", "AWS::AccountId": "111122223333"}

DAILY = """\
- RuleName: daily
  TargetBackupVault: main
  ScheduleExpression: cron(0 5 ? * * *)
  Lifecycle: {DeleteAfterDays: 35}
"""

VAULT = """\
Vault:
  Type: AWS::Backup::BackupVault
  Properties: {BackupVaultName: main}
"""

TABLE = """\
Orders:
  Type: AWS::DynamoDB::Table
  Properties:
    TableName: orders
    KeySchema: [{AttributeName: id, KeyType: HASH}]
    AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
    PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: PITR}
"""

SELECTION = """\
Selected:
  Type: AWS::Backup::BackupSelection
  Properties:
    BackupPlanId: !Ref Plan
    BackupSelection:
      SelectionName: all
      IamRoleArn: arn:aws:iam::111122223333:role/backup
      Resources: [!GetAtt Orders.Arn]
"""


def template(rules: str = DAILY, rest: str = VAULT, *, pitr: str = "false", selection: str = SELECTION) -> str:
    """A template whose plan has these rules; `rest` are further resources, with `PARAMETERS` their parameters."""
    plan = "Plan:\n  Type: AWS::Backup::BackupPlan\n  Properties:\n    BackupPlan:\n      BackupPlanName: nightly\n"
    plan += f"      BackupPlanRule:\n{indent(dedent(rules), ' ' * 6)}" if rules else "      BackupPlanRule: []\n"
    resources = "".join((TABLE.replace("PITR", pitr), plan, selection, dedent(rest)))
    return f"AWSTemplateFormatVersion: 2010-09-09\nResources:\n{indent(resources, '  ')}"


def estate(text: str, *, deployed: bool = True) -> Estate:
    """What a template comes to, deployed to one Region of one account, or to nobody knows where."""
    reading = read(text, **(HERE if deployed else {})).reading
    names = (
        "tables", "replicas", "plans", "plan_rules", "copy_actions", "selections", "vaults", "restore_test_plans",
        "restore_test_selections",
    )  # fmt: skip
    listings: dict[str, Any] = {name: Listing(getattr(reading, name)) for name in names}
    return Estate(**listings, memo=Memo())


def table(found: Estate) -> Table:
    return found.tables.present()[0]


def of(rules: str = DAILY, rest: str = VAULT, *, today: str = "", pitr: str = "false") -> Posture:
    """The recovery picture of the table."""
    found = estate(template(rules, rest, pitr=pitr))
    return posture(table(found), found, today)


def only(found: Posture, kind: str) -> Points:
    (points,) = (each for each in found.points if each.kind == kind)
    return points
