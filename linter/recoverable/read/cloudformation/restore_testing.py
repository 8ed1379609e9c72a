"""Restore testing plans and selections of a stack, and what audits its backups: frameworks and report plans.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-restoretestingplan.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-restoretestingselection.html
"""

from __future__ import annotations

from recoverable.estate.backup import AuditFramework, RestoreTestPlan, RestoreTestSelection
from recoverable.read.backup_lists import controls, inside
from recoverable.read.cloudformation.identity import pseudo_value, subject_of
from recoverable.read.data import find
from recoverable.read.restore_testing import restore_test_plan, restore_test_plan_of, restore_test_selection
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


def read_test_plan(evaluation: Evaluation, resource: Resource) -> RestoreTestPlan:
    """A restore testing plan."""
    settings = evaluation.properties(resource)
    at = resource.origin
    named = find(settings, at, "RestoreTestingPlanName")
    found = find(settings, at, "RecoveryPointSelection")
    reason = f"{resource.logical_id} is made when the stack is deployed"
    symbols = tuple(
        Text((Hole(reason, evaluation.stack.symbol(resource.logical_id, attribute)),))
        for attribute in ("Ref", "RestoreTestingPlanName", "RestoreTestingPlanArn")
    )
    region = pseudo_value(evaluation, "AWS::Region", resource)
    return restore_test_plan(
        subject_of(evaluation, resource, "restore-test-plan", named.string(""), region),
        symbols if named.datum is None else (named.datum.text(), *symbols),
        lambda name: find(settings, at, name),
        lambda name: find(inside(found), found.near, name),
    )


def read_test_selection(evaluation: Evaluation, resource: Resource) -> RestoreTestSelection:
    """What a restore testing plan restores: by ARNs, or `*` with conditions."""
    settings = evaluation.properties(resource)
    at = resource.origin
    name = find(settings, at, "RestoreTestingSelectionName").string("")
    region = pseudo_value(evaluation, "AWS::Region", resource)
    return restore_test_selection(
        subject_of(evaluation, resource, "restore-test-selection", name, region),
        restore_test_plan_of(find(settings, at, "RestoreTestingPlanName")),
        lambda name: find(settings, at, name),
    )


def read_framework(evaluation: Evaluation, resource: Resource) -> AuditFramework:
    """A Backup Audit Manager framework.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-framework.html
    """
    settings = evaluation.properties(resource)
    at = resource.origin
    named, opened = controls(find(settings, at, "FrameworkControls"), "ControlName")
    region = pseudo_value(evaluation, "AWS::Region", resource)
    name = find(settings, at, "FrameworkName").string("")
    return AuditFramework(
        subject=subject_of(evaluation, resource, "framework", name, region),
        controls=named,
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
