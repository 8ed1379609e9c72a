"""Restore testing of a configuration, AWS Backup's settings, and Backup Audit Manager's frameworks and reports.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_restore_testing_plan
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_restore_testing_selection
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_region_settings
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_global_settings
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_framework
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_report_plan
"""

from __future__ import annotations

from recoverable.estate.backup import (
    AuditFramework,
    GlobalSettings,
    RegionSettings,
    RestoreTestPlan,
    RestoreTestSelection,
    Written,
)
from recoverable.read.backup_lists import strings, text_at, texts
from recoverable.read.data import Property, find
from recoverable.read.terraform.backup import blocks, conditions_in, symbols
from recoverable.read.terraform.blocks import dig
from recoverable.read.terraform.identity import subject_of
from recoverable.text import Hole, Text
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.terraform.instances import Instance

TEST_PLAN = "aws_backup_restore_testing_plan"
TEST_SELECTION = "aws_backup_restore_testing_selection"
#: The same of the provider that is made of CloudFormation's types.
CLOUD_TEST_PLAN = "awscc_backup_restore_testing_plan"
CLOUD_TEST_SELECTION = "awscc_backup_restore_testing_selection"
REGION_SETTINGS = "aws_backup_region_settings"
GLOBAL_SETTINGS = "aws_backup_global_settings"
FRAMEWORK = "aws_backup_framework"
REPORT_PLAN = "aws_backup_report_plan"

#: The points of the last so many days are tried where nothing else is said:
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingRecoveryPointSelection.html
DEFAULT_WINDOW = 30


def read_test_plan(instance: Instance) -> RestoreTestPlan:
    """A restore testing plan."""
    settings, at = instance.arguments, instance.resource.span
    name = "restore_testing_plan_name" if instance.resource.type == CLOUD_TEST_PLAN else "name"
    named = find(settings, at, name)
    own = symbols(instance, name, "id", "arn")
    chosen = "recovery_point_selection"
    vaults, vaults_open = texts(dig(settings, at, chosen, "include_vaults"))
    not_vaults, not_vaults_open = texts(dig(settings, at, chosen, "exclude_vaults"))
    return RestoreTestPlan(
        subject=subject_of(instance, "restore-test-plan", named.string("")),
        names=own if named.datum is None else (named.datum.text(), *own),
        schedule=find(settings, at, "schedule_expression").string(""),
        timezone=find(settings, at, "schedule_expression_timezone").string("UTC"),
        algorithm=dig(settings, at, chosen, "algorithm").string(""),
        vaults=vaults,
        not_vaults=not_vaults,
        point_types=strings(dig(settings, at, chosen, "recovery_point_types")),
        window_days=dig(settings, at, chosen, "selection_window_days").number(DEFAULT_WINDOW),
        vaults_open=vaults_open,
        not_vaults_open=not_vaults_open,
    )


def read_test_selection(instance: Instance) -> RestoreTestSelection:
    """What a restore testing plan restores: by ARNs, or `*` with conditions."""
    settings, at = instance.arguments, instance.resource.span
    name = "restore_testing_selection_name" if instance.resource.type == CLOUD_TEST_SELECTION else "name"
    of_plan = find(settings, at, "restore_testing_plan_name")
    resources, resources_open = texts(find(settings, at, "protected_resource_arns"))
    conditions, conditions_open = conditions_in(find(settings, at, "protected_resource_conditions"))
    overrides, overrides_open = _overrides(find(settings, at, "restore_metadata_overrides"))
    return RestoreTestSelection(
        subject=subject_of(instance, "restore-test-selection", find(settings, at, name).string("")),
        plan=Text((Hole(of_plan.open or "the selection names no restore testing plan"),))
        if of_plan.datum is None
        else of_plan.datum.text(),
        resource_type=find(settings, at, "protected_resource_type").string(""),
        role=find(settings, at, "iam_role_arn").optional_text(),
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


def read_region_settings(instance: Instance) -> RegionSettings:
    """The settings of the Region. What they leave out stays as it is: on, by default."""
    settings, at = instance.arguments, instance.resource.span
    return RegionSettings(
        subject=subject_of(instance, "region-settings", Value("region", Known("", at, defaulted=True))),
        opted_in=dig(settings, at, "resource_type_opt_in_preference", "DynamoDB").boolean(default=True),
        advanced=dig(settings, at, "resource_type_management_preference", "DynamoDB").boolean(default=True),
    )


def read_global_settings(instance: Instance) -> GlobalSettings:
    """The settings of the organization."""
    settings, at = instance.arguments, instance.resource.span
    return GlobalSettings(
        subject=subject_of(instance, "global-settings", Value("name", Known("", at, defaulted=True))),
        cross_account=dig(settings, at, "global_settings", "isCrossAccountBackupEnabled").boolean(default=False),
    )


def read_framework(instance: Instance) -> AuditFramework:
    """A Backup Audit Manager framework."""
    settings, at = instance.arguments, instance.resource.span
    written, opened = blocks(find(settings, at, "control"))
    return AuditFramework(
        subject=subject_of(instance, "framework", find(settings, at, "name").string("")),
        controls=tuple(Written(text_at(item, "name"), item.origin) for item in written),
        template=Value("report_template", Known(None, at, defaulted=True)),
        open=opened,
    )


def read_report_plan(instance: Instance) -> AuditFramework:
    """A Backup Audit Manager report plan."""
    settings, at = instance.arguments, instance.resource.span
    return AuditFramework(
        subject=subject_of(instance, "report-plan", find(settings, at, "name").string("")),
        controls=(),
        template=dig(settings, at, "report_setting", "report_template").optional_string(),
    )
