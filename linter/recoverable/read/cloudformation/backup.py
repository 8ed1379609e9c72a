"""AWS Backup plans of a stack with their rules and copies, and the selections that say what they protect.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-backupplan.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-backupselection.html
"""

from __future__ import annotations

from recoverable.estate.backup import (
    DEFAULT_COMPLETION_WINDOW,
    DEFAULT_SCHEDULE,
    DEFAULT_START_WINDOW,
    DEFAULT_TIMEZONE,
    CopyAction,
    Lifecycle,
    Plan,
    PlanRule,
    Selection,
)
from recoverable.read.backup_lists import days, distinct, inside, mappings, tag_tests, tests_by_operator, texts
from recoverable.read.cloudformation.identity import pseudo_value, subject_of
from recoverable.read.data import find
from recoverable.text import Hole, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Subject
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.data import Datum
    from recoverable.source import Span

PLAN = "AWS::Backup::BackupPlan"
SELECTION = "AWS::Backup::BackupSelection"


def read_plan(evaluation: Evaluation, resource: Resource) -> Plan:
    """A plan with its rules. What `BackupPlan` holds may be open as a whole; then so is the plan."""
    found = find(evaluation.properties(resource), resource.origin, "BackupPlan")
    listed = find(inside(found), found.near, "BackupPlanRule")
    name = find(inside(found), found.near, "BackupPlanName").string("")
    subject = subject_of(evaluation, resource, "plan", name, pseudo_value(evaluation, "AWS::Region", resource))
    written, opened = ((), listed.open) if listed.datum is None else mappings(listed.datum)
    parts = distinct(
        find(item, item.origin, "RuleName").string("").known() or str(number) for number, item in enumerate(written, 1)
    )
    rules = tuple(_rule(subject, part, item) for part, item in zip(parts, written, strict=True))
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


def _rule(plan: Subject, part: str, item: Datum) -> PlanRule:
    named = find(item, item.origin, "RuleName")
    near = named.near
    subject = plan._replace(kind="plan-rule", name=named.string(""), origin=near, part=part, extent=item.origin)
    listed = find(item, near, "CopyActions")
    written, opened = ((), listed.open) if listed.datum is None else mappings(listed.datum)
    return PlanRule(
        subject=subject,
        plan=plan.title(),
        vault=find(item, near, "TargetBackupVault").optional_text(),
        air_gapped_vault=find(item, near, "TargetLogicallyAirGappedBackupVaultArn").optional_text(),
        schedule=find(item, near, "ScheduleExpression").string(DEFAULT_SCHEDULE),
        timezone=find(item, near, "ScheduleExpressionTimezone").string(DEFAULT_TIMEZONE),
        start_window=find(item, near, "StartWindowMinutes").number(DEFAULT_START_WINDOW),
        completion_window=find(item, near, "CompletionWindowMinutes").number(DEFAULT_COMPLETION_WINDOW),
        continuous=find(item, near, "EnableContinuousBackup").boolean(default=False),
        lifecycle=_lifecycle(item, near),
        copies=tuple(_copy(subject, number, copy) for number, copy in enumerate(written, 1)),
        copies_open=opened,
    )


def _copy(rule: Subject, number: int, item: Datum) -> CopyAction:
    destination = find(item, item.origin, "DestinationBackupVaultArn")
    return CopyAction(
        subject=rule._replace(
            kind="copy-action", origin=destination.near, part=f"{rule.part} copy {number}", extent=item.origin
        ),
        destination=destination.optional_text(),
        lifecycle=_lifecycle(item, destination.near),
    )


def _lifecycle(item: Datum, near: Span) -> Lifecycle:
    found = find(item, near, "Lifecycle")
    body = inside(found)
    return Lifecycle(
        delete_after=days(find(body, found.near, "DeleteAfterDays")),
        cold_after=days(find(body, found.near, "MoveToColdStorageAfterDays")),
    )


def read_selection(evaluation: Evaluation, resource: Resource) -> Selection:
    """A selection. Lists that are not wholly known say so."""
    settings = evaluation.properties(resource)
    at = resource.origin
    found = find(settings, at, "BackupSelection")
    body, near = inside(found), found.near
    of_plan = find(settings, at, "BackupPlanId")
    name = find(body, near, "SelectionName").string("")
    resources, resources_open = texts(find(body, near, "Resources"))
    not_resources, not_resources_open = texts(find(body, near, "NotResources"))
    tags, tags_open = tag_tests(find(body, near, "ListOfTags"))
    conditions, conditions_open = tests_by_operator(find(body, near, "Conditions"), "ConditionKey", "ConditionValue")
    return Selection(
        subject=subject_of(evaluation, resource, "selection", name, pseudo_value(evaluation, "AWS::Region", resource)),
        plan=of_plan.datum.text()
        if of_plan.datum is not None
        else Text((Hole(of_plan.open or "the selection names no plan"),)),
        role=find(body, near, "IamRoleArn").optional_text(),
        resources=resources,
        not_resources=not_resources,
        tags=tags,
        conditions=conditions,
        resources_open=resources_open,
        not_resources_open=not_resources_open,
        tags_open=tags_open,
        conditions_open=conditions_open,
    )
