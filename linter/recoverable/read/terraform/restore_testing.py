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
)
from recoverable.read.backup_lists import controls
from recoverable.read.backup_plans import snake_case
from recoverable.read.data import find
from recoverable.read.restore_testing import restore_test_plan, restore_test_plan_of, restore_test_selection
from recoverable.read.terraform.backup import conditions_in, symbols
from recoverable.read.terraform.blocks import dig
from recoverable.read.terraform.identity import subject_of
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


def read_test_plan(instance: Instance) -> RestoreTestPlan:
    """A restore testing plan."""
    settings, at = instance.arguments, instance.resource.span
    name = "restore_testing_plan_name" if instance.resource.type == CLOUD_TEST_PLAN else "name"
    named = find(settings, at, name)
    own = symbols(instance, name, "id", "arn")
    return restore_test_plan(
        subject_of(instance, "restore-test-plan", named.string("")),
        own if named.datum is None else (named.datum.text(), *own),
        lambda name: find(settings, at, snake_case(name)),
        lambda name: dig(settings, at, "recovery_point_selection", snake_case(name)),
    )


def read_test_selection(instance: Instance) -> RestoreTestSelection:
    """What a restore testing plan restores: by ARNs, or `*` with conditions."""
    settings, at = instance.arguments, instance.resource.span
    name = "restore_testing_selection_name" if instance.resource.type == CLOUD_TEST_SELECTION else "name"
    conditions, conditions_open = conditions_in(find(settings, at, "protected_resource_conditions"))
    return restore_test_selection(
        subject_of(instance, "restore-test-selection", find(settings, at, name).string("")),
        restore_test_plan_of(find(settings, at, "restore_testing_plan_name")),
        lambda name: find(settings, at, snake_case(name)),
    )._replace(conditions=conditions, conditions_open=conditions_open)


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
    named, opened = controls(find(settings, at, "control"), "name")
    return AuditFramework(
        subject=subject_of(instance, "framework", find(settings, at, "name").string("")),
        controls=named,
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
