"""Which reader reads which resource of AWS Backup.

Loaded only where a template has such a resource.
"""

from __future__ import annotations

from recoverable.read.backup_entries import Backups
from recoverable.read.cloudformation.backup import PLAN, SELECTION, read_plan, read_selection
from recoverable.read.cloudformation.organization import POLICY, read_backup_policy
from recoverable.read.cloudformation.region_settings import CALL, read_region_settings
from recoverable.read.cloudformation.restore_testing import (
    FRAMEWORK,
    REPORT_PLAN,
    TEST_PLAN,
    TEST_SELECTION,
    read_framework,
    read_report_plan,
    read_test_plan,
    read_test_selection,
)
from recoverable.read.cloudformation.vaults import AIR_GAPPED, VAULT, read_vault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource


def _region_settings(evaluation: Evaluation, resource: Resource) -> Backups | None:
    made = read_region_settings(evaluation, resource)
    return None if made is None else Backups(region_settings=(made,))


def _policy(evaluation: Evaluation, resource: Resource) -> Backups | None:
    made = read_backup_policy(evaluation, resource)
    return None if made is None else Backups(plans=made[0], selections=made[1])


#: How each type is read; None where a resource turns out to be none of AWS Backup's.
READERS: dict[str, Callable[[Evaluation, Resource], Backups | None]] = {
    PLAN: lambda evaluation, resource: Backups(plans=(read_plan(evaluation, resource),)),
    SELECTION: lambda evaluation, resource: Backups(selections=(read_selection(evaluation, resource),)),
    VAULT: lambda evaluation, resource: Backups(vaults=(read_vault(evaluation, resource),)),
    AIR_GAPPED: lambda evaluation, resource: Backups(vaults=(read_vault(evaluation, resource),)),
    TEST_PLAN: lambda evaluation, resource: Backups(restore_test_plans=(read_test_plan(evaluation, resource),)),
    TEST_SELECTION: lambda evaluation, resource: Backups(
        restore_test_selections=(read_test_selection(evaluation, resource),)
    ),
    FRAMEWORK: lambda evaluation, resource: Backups(frameworks=(read_framework(evaluation, resource),)),
    POLICY: _policy,
    CALL: _region_settings,
    REPORT_PLAN: lambda evaluation, resource: Backups(frameworks=(read_report_plan(evaluation, resource),)),
}
