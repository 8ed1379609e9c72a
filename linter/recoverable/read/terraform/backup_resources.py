"""Which reader reads which resource of AWS Backup.

Loaded only where a configuration has such a resource.
"""

from __future__ import annotations

from recoverable.read.backup_entries import Backups
from recoverable.read.terraform import backup, cloud_control_backup, organization, restore_testing, vaults
from recoverable.read.terraform.blocks import without_nulls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.roots import Root


def _policy(root: Root, instance: Instance) -> Backups | None:
    made = organization.read_backup_policy(root, instance)
    return None if made is None else Backups(plans=made[0], selections=made[1])


def _without_nulls(instance: Instance) -> Instance:
    return instance._replace(arguments=without_nulls(instance.arguments))


#: How each type is read; None where a resource turns out to be none of AWS Backup's.
READERS: dict[str, Callable[[Root, Instance], Backups | None]] = {
    backup.PLAN: lambda _root, each: Backups(plans=(backup.read_plan(each),)),
    backup.SELECTION: lambda _root, each: Backups(selections=(backup.read_selection(each),)),
    vaults.VAULT: lambda root, each: Backups(vaults=(vaults.read_vault(root, each),)),
    vaults.AIR_GAPPED: lambda root, each: Backups(vaults=(vaults.read_vault(root, each),)),
    restore_testing.TEST_PLAN: lambda _root, each: Backups(restore_test_plans=(restore_testing.read_test_plan(each),)),
    restore_testing.TEST_SELECTION: lambda _root, each: Backups(
        restore_test_selections=(restore_testing.read_test_selection(each),)
    ),
    restore_testing.CLOUD_TEST_PLAN: lambda _root, each: Backups(
        restore_test_plans=(restore_testing.read_test_plan(_without_nulls(each)),)
    ),
    restore_testing.CLOUD_TEST_SELECTION: lambda _root, each: Backups(
        restore_test_selections=(restore_testing.read_test_selection(_without_nulls(each)),)
    ),
    organization.POLICY: _policy,
    organization.CLOUD_POLICY: _policy,
    restore_testing.REGION_SETTINGS: lambda _root, each: Backups(
        region_settings=(restore_testing.read_region_settings(each),)
    ),
    restore_testing.GLOBAL_SETTINGS: lambda _root, each: Backups(
        global_settings=(restore_testing.read_global_settings(each),)
    ),
    restore_testing.FRAMEWORK: lambda _root, each: Backups(frameworks=(restore_testing.read_framework(each),)),
    restore_testing.REPORT_PLAN: lambda _root, each: Backups(frameworks=(restore_testing.read_report_plan(each),)),
    cloud_control_backup.PLAN: lambda _root, each: Backups(plans=(cloud_control_backup.read_plan(each),)),
    cloud_control_backup.SELECTION: lambda _root, each: Backups(
        selections=(cloud_control_backup.read_selection(each),)
    ),
    cloud_control_backup.VAULT: lambda root, each: Backups(vaults=(cloud_control_backup.read_vault(root, each),)),
    cloud_control_backup.AIR_GAPPED: lambda root, each: Backups(vaults=(cloud_control_backup.read_vault(root, each),)),
    cloud_control_backup.FRAMEWORK: lambda _root, each: Backups(
        frameworks=(cloud_control_backup.read_framework(each),)
    ),
    cloud_control_backup.REPORT_PLAN: lambda _root, each: Backups(
        frameworks=(cloud_control_backup.read_report_plan(each),)
    ),
}
