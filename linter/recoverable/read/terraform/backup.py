"""AWS Backup plans of a configuration with their rules and copies, and the selections that say what they protect.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_plan
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_selection
"""

from __future__ import annotations

from recoverable.estate.backup import DEFAULT_SCHEDULE, CopyAction, Lifecycle, Plan, PlanRule, Selection, TagTest
from recoverable.read import backup_plans
from recoverable.read.backup_lists import distinct, mappings, text_at
from recoverable.read.backup_plans import plan_of, snake_case
from recoverable.read.data import find
from recoverable.read.terraform.blocks import dig
from recoverable.read.terraform.identity import subject_of
from recoverable.text import Hole, Text
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Subject
    from recoverable.read.data import Datum, Property
    from recoverable.read.terraform.instances import Instance

PLAN = "aws_backup_plan"
SELECTION = "aws_backup_selection"

#: What the provider says where a rule does not, unlike AWS Backup itself; windows in minutes.
START_WINDOW = 60
COMPLETION_WINDOW = 180
TIMEZONE = "Etc/UTC"

#: The blocks in `condition`, by the operators that AWS Backup has.
OPERATORS = {
    "string_equals": "StringEquals",
    "string_like": "StringLike",
    "string_not_equals": "StringNotEquals",
    "string_not_like": "StringNotLike",
}


def read_plan(instance: Instance) -> Plan:
    """A plan with its rules."""
    at = instance.resource.span
    subject = subject_of(instance, "plan", find(instance.arguments, at, "name").string(""))
    written, opened = blocks(find(instance.arguments, at, "rule"))
    parts = distinct(
        find(item, item.origin, "rule_name").string("").known() or str(number) for number, item in enumerate(written, 1)
    )
    return Plan(
        subject=subject,
        names=symbols(instance, "id", "arn"),
        rules=tuple(_rule(subject, part, item) for part, item in zip(parts, written, strict=True)),
        open=opened,
    )


def symbols(instance: Instance, *attributes: str) -> tuple[Text, ...]:
    """What others see of attributes that are known only after the resource is made."""
    reason = f"{instance.address} is known only after it is made"
    return tuple(Text((Hole(reason, symbol),)) for symbol in dict.fromkeys(map(instance.symbol, attributes)))


def blocks(found: Property) -> tuple[tuple[Datum, ...], str]:
    """The blocks of one type, and why there may be more."""
    return ((), found.open) if found.datum is None else mappings(found.datum)


def positive(found: Property) -> Value[int | None]:
    """A number that the provider takes for left out when it is 0."""
    return found.optional_number().map(lambda number: number if number is not None and number > 0 else None)


def _rule(plan: Subject, part: str, item: Datum) -> PlanRule:
    near = item.origin
    subject = plan._replace(
        kind="plan-rule", name=find(item, near, "rule_name").string(""), origin=near, part=part, extent=near
    )
    copies, copies_open = blocks(find(item, near, "copy_action"))
    return PlanRule(
        subject=subject,
        plan=plan.title(),
        vault=find(item, near, "target_vault_name").optional_text(),
        air_gapped_vault=find(item, near, "target_logically_air_gapped_backup_vault_arn").optional_text(),
        schedule=find(item, near, "schedule").string("").map(lambda written: written or DEFAULT_SCHEDULE),
        timezone=find(item, near, "schedule_expression_timezone").string(TIMEZONE),
        start_window=find(item, near, "start_window").number(START_WINDOW),
        completion_window=find(item, near, "completion_window").number(COMPLETION_WINDOW),
        continuous=find(item, near, "enable_continuous_backup").boolean(default=False),
        lifecycle=_lifecycle(item),
        copies=tuple(_copy(subject, number, copy) for number, copy in enumerate(copies, 1)),
        copies_open=copies_open,
    )


def _copy(rule: Subject, number: int, item: Datum) -> CopyAction:
    return CopyAction(
        subject=rule._replace(
            kind="copy-action", origin=item.origin, part=f"{rule.part} copy {number}", extent=item.origin
        ),
        destination=find(item, item.origin, "destination_vault_arn").optional_text(),
        lifecycle=_lifecycle(item),
    )


def _lifecycle(item: Datum) -> Lifecycle:
    return Lifecycle(
        delete_after=positive(dig(item, item.origin, "lifecycle", "delete_after")),
        cold_after=positive(dig(item, item.origin, "lifecycle", "cold_storage_after")),
    )


def read_selection(instance: Instance) -> Selection:
    """A selection. Lists that are not wholly known say so."""
    settings, at = instance.arguments, instance.resource.span
    of_plan = find(settings, at, "plan_id")
    tags, tags_open = blocks(find(settings, at, "selection_tag"))
    conditions, conditions_open = conditions_in(find(settings, at, "condition"))
    subject = subject_of(instance, "selection", find(settings, at, "name").string(""))
    return backup_plans.read_selection(subject, plan_of(of_plan), settings, at, snake_case)._replace(
        tags=tuple(_tag_test(find(each, each.origin, "type").string(""), each) for each in tags),
        conditions=conditions,
        tags_open=tags_open,
        conditions_open=conditions_open,
    )


def conditions_in(found: Property) -> tuple[tuple[TagTest, ...], str]:
    """The tests in blocks of conditions, each in a block named after its operator."""
    groups, opened = blocks(found)
    tests: list[TagTest] = []
    for group in groups:
        for name, operator in OPERATORS.items():
            written, more = blocks(find(group, group.origin, name))
            opened = opened or more
            for each in written:
                at = find(each, each.origin, "key").near
                tests.append(_tag_test(Value("operator", Known(operator, each.origin)), each)._replace(origin=at))
    return tuple(tests), opened


def _tag_test(operator: Value[str], item: Datum) -> TagTest:
    return TagTest(operator, text_at(item, "key"), text_at(item, "value"), item.origin)
