"""Restore testing plans and selections of a stack, and what audits its backups: frameworks and report plans.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-restoretestingplan.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-restoretestingselection.html
"""

from __future__ import annotations

from recoverable.estate.backup import AuditFramework, RestoreTestPlan, RestoreTestSelection, Written
from recoverable.read.backup_lists import inside, mappings, strings, tests_by_operator, text_at, texts
from recoverable.read.cloudformation.identity import pseudo_value, subject_of
from recoverable.read.data import Property, find
from recoverable.text import Hole, Text
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource

TEST_PLAN = "AWS::Backup::RestoreTestingPlan"
TEST_SELECTION = "AWS::Backup::RestoreTestingSelection"
FRAMEWORK = "AWS::Backup::Framework"
REPORT_PLAN = "AWS::Backup::ReportPlan"

#: The points of the last so many days are tried where nothing else is said:
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingRecoveryPointSelection.html
DEFAULT_WINDOW = 30


def read_test_plan(evaluation: Evaluation, resource: Resource) -> RestoreTestPlan:
    """A restore testing plan."""
    settings = evaluation.properties(resource)
    at = resource.origin
    named = find(settings, at, "RestoreTestingPlanName")
    found = find(settings, at, "RecoveryPointSelection")
    chosen, near = inside(found), found.near
    vaults, vaults_open = texts(find(chosen, near, "IncludeVaults"))
    not_vaults, not_vaults_open = texts(find(chosen, near, "ExcludeVaults"))
    types = find(chosen, near, "RecoveryPointTypes")
    reason = f"{resource.logical_id} is made when the stack is deployed"
    symbols = tuple(
        Text((Hole(reason, evaluation.stack.symbol(resource.logical_id, attribute)),))
        for attribute in ("Ref", "RestoreTestingPlanName", "RestoreTestingPlanArn")
    )
    return RestoreTestPlan(
        subject=subject_of(
            evaluation,
            resource,
            "restore-test-plan",
            named.string(""),
            pseudo_value(evaluation, "AWS::Region", resource),
        ),
        names=symbols if named.datum is None else (named.datum.text(), *symbols),
        schedule=find(settings, at, "ScheduleExpression").string(""),
        timezone=find(settings, at, "ScheduleExpressionTimezone").string("UTC"),
        algorithm=find(chosen, near, "Algorithm").string(""),
        vaults=vaults,
        not_vaults=not_vaults,
        point_types=strings(types),
        window_days=find(chosen, near, "SelectionWindowDays").number(DEFAULT_WINDOW),
        vaults_open=vaults_open,
        not_vaults_open=not_vaults_open,
    )


def read_test_selection(evaluation: Evaluation, resource: Resource) -> RestoreTestSelection:
    """What a restore testing plan restores: by ARNs, or `*` with conditions."""
    settings = evaluation.properties(resource)
    at = resource.origin
    of_plan = find(settings, at, "RestoreTestingPlanName")
    resources, resources_open = texts(find(settings, at, "ProtectedResourceArns"))
    conditions, conditions_open = tests_by_operator(find(settings, at, "ProtectedResourceConditions"), "Key", "Value")
    overrides, overrides_open = _overrides(find(settings, at, "RestoreMetadataOverrides"))
    return RestoreTestSelection(
        subject=subject_of(
            evaluation,
            resource,
            "restore-test-selection",
            find(settings, at, "RestoreTestingSelectionName").string(""),
            pseudo_value(evaluation, "AWS::Region", resource),
        ),
        plan=text_at(settings, "RestoreTestingPlanName")
        if of_plan.datum is not None
        else Text((Hole(of_plan.open or "the selection names no restore testing plan"),)),
        resource_type=find(settings, at, "ProtectedResourceType").string(""),
        role=find(settings, at, "IamRoleArn").optional_text(),
        resources=resources,
        conditions=conditions,
        overrides=overrides,
        resources_open=resources_open,
        conditions_open=conditions_open,
        overrides_open=overrides_open,
    )


def _overrides(found: Property) -> tuple[tuple[tuple[str, Value[str]], ...], str]:
    if found.datum is None:
        return (), found.open
    fields = found.datum.fields()
    return tuple((key, Property(key, value, value.origin).string("")) for key, value in fields.items()), fields.open


def read_framework(evaluation: Evaluation, resource: Resource) -> AuditFramework:
    """A Backup Audit Manager framework.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-framework.html
    """
    settings = evaluation.properties(resource)
    at = resource.origin
    listed = find(settings, at, "FrameworkControls")
    written, opened = ((), listed.open) if listed.datum is None else mappings(listed.datum)
    region = pseudo_value(evaluation, "AWS::Region", resource)
    name = find(settings, at, "FrameworkName").string("")
    return AuditFramework(
        subject=subject_of(evaluation, resource, "framework", name, region),
        controls=tuple(Written(text_at(item, "ControlName"), item.origin) for item in written),
        template=Value("ReportTemplate", Known(None, at, defaulted=True)),
        open=opened,
    )


def read_report_plan(evaluation: Evaluation, resource: Resource) -> AuditFramework:
    """A Backup Audit Manager report plan.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-reportplan.html
    """
    settings = evaluation.properties(resource)
    at = resource.origin
    region = pseudo_value(evaluation, "AWS::Region", resource)
    name = find(settings, at, "ReportPlanName").string("")
    return AuditFramework(
        subject=subject_of(evaluation, resource, "report-plan", name, region),
        controls=(),
        template=find(settings, at, "ReportSetting", "ReportTemplate").optional_string(),
    )
