"""AWS Backup's resources of the provider awscc, which has CloudFormation's properties in its own spelling.

https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/backup_backup_plan
https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/backup_backup_selection
https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/backup_backup_vault
https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/backup_logically_air_gapped_backup_vault
https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/backup_framework
https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/backup_report_plan
"""

from __future__ import annotations

from recoverable.estate.backup import (
    AuditFramework,
    Lock,
    Plan,
    Selection,
    TagTest,
    Vault,
)
from recoverable.read import backup_plans
from recoverable.read.backup_lists import controls, inside, strings
from recoverable.read.backup_plans import plan_of, read_rules, snake_case
from recoverable.read.backup_vaults import key_of, lock_within, policy_within
from recoverable.read.data import find
from recoverable.read.terraform.backup import OPERATORS, symbols
from recoverable.read.terraform.blocks import without_nulls
from recoverable.read.terraform.identity import arn_of, subject_of
from recoverable.read.terraform.vaults import events_beside, lock_beside, lock_built_in, policy_beside
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Property
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.roots import Root

PLAN = "awscc_backup_backup_plan"
SELECTION = "awscc_backup_backup_selection"
VAULT = "awscc_backup_backup_vault"
AIR_GAPPED = "awscc_backup_logically_air_gapped_backup_vault"
FRAMEWORK = "awscc_backup_framework"
REPORT_PLAN = "awscc_backup_report_plan"


def read_plan(instance: Instance) -> Plan:
    """A plan with its rules. What `backup_plan` holds may be open as a whole; then so is the plan."""
    found = find(without_nulls(instance.arguments), instance.resource.span, "backup_plan")
    listed = find(inside(found), found.near, "backup_plan_rule")
    subject = subject_of(instance, "plan", find(inside(found), found.near, "backup_plan_name").string(""))
    rules, opened = read_rules(subject, listed, snake_case)
    return Plan(
        subject=subject,
        names=symbols(instance, "id", "backup_plan_id", "backup_plan_arn"),
        rules=rules,
        open=opened,
    )


def read_selection(instance: Instance) -> Selection:
    """A selection. Lists that are not wholly known say so."""
    settings, at = without_nulls(instance.arguments), instance.resource.span
    found = find(settings, at, "backup_selection")
    body, near = inside(found), found.near
    of_plan = find(settings, at, "backup_plan_id")
    subject = subject_of(instance, "selection", find(body, near, "selection_name").string(""))
    selection = backup_plans.read_selection(subject, plan_of(of_plan), body, near, snake_case)
    return selection._replace(conditions=tuple(map(_with_operator, selection.conditions)))


def _with_operator(test: TagTest) -> TagTest:
    """The test with its operator as AWS Backup calls it."""
    return test._replace(operator=test.operator.map(lambda name: OPERATORS.get(name, name)))


def read_vault(root: Root, instance: Instance) -> Vault:
    """A vault of either kind. Its lock and policy stand within it, or beside it as the provider `aws` has them."""
    settings, at = without_nulls(instance.arguments), instance.resource.span
    named = find(settings, at, "backup_vault_name")
    air_gapped = instance.resource.type == AIR_GAPPED
    subject = subject_of(instance, "vault", named.string(""))
    own = symbols(instance, "id", "backup_vault_name", "backup_vault_arn")
    name = own[0] if named.datum is None else named.datum.text()
    arn = arn_of(subject, "backup", name, "backup-vault:")
    lock = find(settings, at, "lock_configuration")
    policy = find(settings, at, "access_policy")
    events = find(settings, at, "notifications")
    return Vault(
        subject=subject,
        arn=arn,
        names=tuple(dict.fromkeys((name, arn, *own))),
        air_gapped=air_gapped,
        lock=lock_built_in(instance) if air_gapped else _lock(lock, lock_beside(root, instance, name)),
        key=key_of(find(settings, at, "encryption_key_arn")),
        policy=policy_beside(root, instance, name)
        if policy.datum is None and not policy.open
        else policy_within(policy),
        events=events_beside(root, instance, name)
        if events.datum is None and not events.open
        else strings(find(inside(events), events.near, "backup_vault_events")).map(lambda names: names),
        kept_on_delete=None,
        destroyed_with_contents=Value("destroyed with its contents", Known(value=False, origin=at, defaulted=True)),
    )


def _lock(found: Property, beside: Value[Lock | None]) -> Value[Lock | None]:
    """The lock within a vault, else the one beside it."""
    none = isinstance(beside.state, Known) and beside.state.value is None
    return lock_within(found, snake_case) if found.datum is not None or found.open or none else beside


def read_framework(instance: Instance) -> AuditFramework:
    """A Backup Audit Manager framework."""
    settings, at = without_nulls(instance.arguments), instance.resource.span
    named, opened = controls(find(settings, at, "framework_controls"), "control_name")
    return AuditFramework(
        subject=subject_of(instance, "framework", find(settings, at, "framework_name").string("")),
        controls=named,
        template=Value("report_template", Known(None, at, defaulted=True)),
        open=opened,
    )


def read_report_plan(instance: Instance) -> AuditFramework:
    """A Backup Audit Manager report plan."""
    settings, at = without_nulls(instance.arguments), instance.resource.span
    return AuditFramework(
        subject=subject_of(instance, "report-plan", find(settings, at, "report_plan_name").string("")),
        controls=(),
        template=find(settings, at, "report_setting", "report_template").optional_string(),
    )
