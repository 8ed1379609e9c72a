"""Restore testing plans and selections in every input kind. How a property is spelled and found is for the caller.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-restoretestingplan.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-restoretestingselection.html
"""

from __future__ import annotations

from recoverable.estate.backup import RestoreTestPlan, RestoreTestSelection
from recoverable.read.backup_lists import strings, tests_by_operator, texts
from recoverable.read.data import Property
from recoverable.text import Hole, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate import Subject
    from recoverable.value import Value

    #: A property by the name that CloudFormation has for it.
    Look = Callable[[str], Property]

#: The points of the last so many days are tried where nothing else is said:
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingRecoveryPointSelection.html
DEFAULT_WINDOW = 30


def restore_test_plan(subject: Subject, names: tuple[Text, ...], look: Look, chosen: Look) -> RestoreTestPlan:
    """A restore testing plan. `chosen` looks into its `RecoveryPointSelection`."""
    vaults, vaults_open = texts(chosen("IncludeVaults"))
    not_vaults, not_vaults_open = texts(chosen("ExcludeVaults"))
    return RestoreTestPlan(
        subject=subject,
        names=names,
        schedule=look("ScheduleExpression").string(""),
        timezone=look("ScheduleExpressionTimezone").string("UTC"),
        algorithm=chosen("Algorithm").string(""),
        vaults=vaults,
        not_vaults=not_vaults,
        point_types=strings(chosen("RecoveryPointTypes")),
        window_days=chosen("SelectionWindowDays").number(DEFAULT_WINDOW),
        vaults_open=vaults_open,
        not_vaults_open=not_vaults_open,
    )


def restore_test_selection(subject: Subject, plan: Text, look: Look) -> RestoreTestSelection:
    """What a restore testing plan restores: by ARNs, or `*` with conditions, here as CloudFormation writes them."""
    resources, resources_open = texts(look("ProtectedResourceArns"))
    conditions, conditions_open = tests_by_operator(look("ProtectedResourceConditions"), "Key", "Value")
    overrides, overrides_open = _overrides(look("RestoreMetadataOverrides"))
    return RestoreTestSelection(
        subject=subject,
        plan=plan,
        resource_type=look("ProtectedResourceType").string(""),
        role=look("IamRoleArn").optional_text(),
        resources=resources,
        conditions=conditions,
        overrides=overrides,
        resources_open=resources_open,
        conditions_open=conditions_open,
        overrides_open=overrides_open,
    )


def restore_test_plan_of(named: Property) -> Text:
    """The restore testing plan that a selection names."""
    if named.datum is None:
        return Text((Hole(named.open or "the selection names no restore testing plan"),))
    return named.datum.text()


def _overrides(found: Property) -> tuple[tuple[tuple[str, Value[str]], ...], str]:
    if found.datum is None:
        return (), found.open
    fields = found.datum.fields()
    return tuple((key, Property(key, value, value.origin).string("")) for key, value in fields.items()), fields.open
