"""AWS Backup plans of a stack with their rules and copies, and the selections that say what they protect.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-backupplan.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-backupselection.html
"""

from __future__ import annotations

from recoverable.estate.backup import Plan, Selection
from recoverable.read import backup_plans
from recoverable.read.backup_lists import inside
from recoverable.read.backup_plans import pascal_case, plan_of, read_rules
from recoverable.read.cloudformation.identity import pseudo_value, subject_of
from recoverable.read.data import find
from recoverable.text import Hole, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource

PLAN = "AWS::Backup::BackupPlan"
SELECTION = "AWS::Backup::BackupSelection"


def read_plan(evaluation: Evaluation, resource: Resource) -> Plan:
    """A plan with its rules. What `BackupPlan` holds may be open as a whole; then so is the plan."""
    found = find(evaluation.properties(resource), resource.origin, "BackupPlan")
    listed = find(inside(found), found.near, "BackupPlanRule")
    name = find(inside(found), found.near, "BackupPlanName").string("")
    subject = subject_of(evaluation, resource, "plan", name, pseudo_value(evaluation, "AWS::Region", resource))
    rules, opened = read_rules(subject, listed, pascal_case)
    return Plan(
        subject=subject,
        names=_symbols(evaluation, resource, "Ref", "BackupPlanId", "BackupPlanArn"),
        rules=rules,
        open=opened,
    )


def _symbols(evaluation: Evaluation, resource: Resource, *attributes: str) -> tuple[Text, ...]:
    """What `Ref` and `GetAtt` give for the resource."""
    reason = f"{resource.logical_id} is made when the stack is deployed"
    return tuple(
        Text((Hole(reason, evaluation.stack.symbol(resource.logical_id, attribute)),)) for attribute in attributes
    )


def read_selection(evaluation: Evaluation, resource: Resource) -> Selection:
    """A selection. Lists that are not wholly known say so."""
    settings = evaluation.properties(resource)
    at = resource.origin
    found = find(settings, at, "BackupSelection")
    body, near = inside(found), found.near
    of_plan = find(settings, at, "BackupPlanId")
    name = find(body, near, "SelectionName").string("")
    region = pseudo_value(evaluation, "AWS::Region", resource)
    subject = subject_of(evaluation, resource, "selection", name, region)
    return backup_plans.read_selection(subject, plan_of(of_plan), body, near, pascal_case)
