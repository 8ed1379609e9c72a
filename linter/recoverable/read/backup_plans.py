"""Rules and copies of AWS Backup's plans, and what selections choose, wherever they are written like CloudFormation.

What differs from input to input is how properties are spelled: names are given here as CloudFormation has them, and a
`Spelling` turns them into those of the input. What an input has besides is put on top by its own reader.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-backup-backupplan-backupruleresourcetype.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-backup-backupselection-backupselectionresourcetype.html
"""

from __future__ import annotations

import re

from recoverable.estate.backup import (
    DEFAULT_COMPLETION_WINDOW,
    DEFAULT_SCHEDULE,
    DEFAULT_START_WINDOW,
    DEFAULT_TIMEZONE,
    CopyAction,
    Lifecycle,
    PlanRule,
    Selection,
)
from recoverable.read.backup_lists import days, distinct, inside, mappings, tag_tests, tests_by_operator, texts
from recoverable.read.data import find
from recoverable.text import Hole, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate import Subject
    from recoverable.read.data import Datum, Property
    from recoverable.source import Span

    Spelling = Callable[[str], str]


def pascal_case(name: str) -> str:
    """`RuleName`, as CloudFormation and AWS's own API spell it."""
    return name


def snake_case(name: str) -> str:
    """`rule_name`, as Terraform and the backup policies of an organization spell it."""
    return re.sub(r"\B[A-Z]", r"_\g<0>", name).lower()


def read_rules(plan: Subject, listed: Property, spelled: Spelling) -> tuple[tuple[PlanRule, ...], str]:
    """The rules in a list, with their copies, and why there may be more."""
    written, opened = ((), listed.open) if listed.datum is None else mappings(listed.datum)
    parts = distinct(
        find(item, item.origin, spelled("RuleName")).string("").known() or str(number)
        for number, item in enumerate(written, 1)
    )
    return tuple(_rule(plan, part, item, spelled) for part, item in zip(parts, written, strict=True)), opened


def _rule(plan: Subject, part: str, item: Datum, spelled: Spelling) -> PlanRule:
    named = find(item, item.origin, spelled("RuleName"))
    near = named.near
    subject = plan._replace(kind="plan-rule", name=named.string(""), origin=near, part=part, extent=item.origin)
    listed = find(item, near, spelled("CopyActions"))
    written, opened = ((), listed.open) if listed.datum is None else mappings(listed.datum)
    return read_rule(subject, plan, item, near, spelled)._replace(
        copies=tuple(_copy(subject, number, copy, spelled) for number, copy in enumerate(written, 1)),
        copies_open=opened,
    )


def read_rule(subject: Subject, plan: Subject, item: Datum, near: Span, spelled: Spelling) -> PlanRule:
    """A rule, as yet without copies. `near` is where to point for what it leaves out."""
    return PlanRule(
        subject=subject,
        plan=plan.title(),
        vault=find(item, near, spelled("TargetBackupVault")).optional_text(),
        air_gapped_vault=find(item, near, spelled("TargetLogicallyAirGappedBackupVaultArn")).optional_text(),
        schedule=find(item, near, spelled("ScheduleExpression")).string(DEFAULT_SCHEDULE),
        timezone=find(item, near, spelled("ScheduleExpressionTimezone")).string(DEFAULT_TIMEZONE),
        start_window=find(item, near, spelled("StartWindowMinutes")).number(DEFAULT_START_WINDOW),
        completion_window=find(item, near, spelled("CompletionWindowMinutes")).number(DEFAULT_COMPLETION_WINDOW),
        continuous=find(item, near, spelled("EnableContinuousBackup")).boolean(default=False),
        lifecycle=read_lifecycle(item, near, spelled),
        copies=(),
    )


def _copy(rule: Subject, number: int, item: Datum, spelled: Spelling) -> CopyAction:
    destination = find(item, item.origin, spelled("DestinationBackupVaultArn"))
    return CopyAction(
        subject=rule._replace(
            kind="copy-action", origin=destination.near, part=f"{rule.part} copy {number}", extent=item.origin
        ),
        destination=destination.optional_text(),
        lifecycle=read_lifecycle(item, destination.near, spelled),
    )


def read_lifecycle(item: Datum, near: Span, spelled: Spelling) -> Lifecycle:
    """How long what a rule or a copy makes is kept."""
    found = find(item, near, spelled("Lifecycle"))
    body = inside(found)
    return Lifecycle(
        delete_after=days(find(body, found.near, spelled("DeleteAfterDays"))),
        cold_after=days(find(body, found.near, spelled("MoveToColdStorageAfterDays"))),
    )


def read_selection(subject: Subject, plan: Text, body: Datum, near: Span, spelled: Spelling) -> Selection:
    """A selection by what its body holds. Lists that are not wholly known say so."""
    key, value = spelled("ConditionKey"), spelled("ConditionValue")
    resources, resources_open = texts(find(body, near, spelled("Resources")))
    not_resources, not_resources_open = texts(find(body, near, spelled("NotResources")))
    tags, tags_open = tag_tests(find(body, near, spelled("ListOfTags")), spelled("ConditionType"), key, value)
    conditions, conditions_open = tests_by_operator(find(body, near, spelled("Conditions")), key, value)
    return Selection(
        subject=subject,
        plan=plan,
        role=find(body, near, spelled("IamRoleArn")).optional_text(),
        resources=resources,
        not_resources=not_resources,
        tags=tags,
        conditions=conditions,
        resources_open=resources_open,
        not_resources_open=not_resources_open,
        tags_open=tags_open,
        conditions_open=conditions_open,
    )


def plan_of(named: Property) -> Text:
    """The plan that a selection names."""
    return Text((Hole(named.open or "the selection names no plan"),)) if named.datum is None else named.datum.text()
