"""The estate: all that was read, as listings of things."""

from __future__ import annotations

from typing import NamedTuple

from recoverable.estate.subject import Subject
from recoverable.value import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import (
        AuditFramework,
        CopyAction,
        GlobalSettings,
        Plan,
        PlanRule,
        RegionSettings,
        RestoreTestPlan,
        RestoreTestSelection,
        Selection,
        Vault,
    )
    from recoverable.estate.keys import Key
    from recoverable.estate.principals import Principal, ScheduledCode
    from recoverable.estate.resources import Resource
    from recoverable.estate.tables import Replica, Table
    from recoverable.scenario import Run


class Declared(NamedTuple):
    """What the configuration says about the world outside the files. `accounts` are the AWS accounts that are ours."""

    accounts: tuple[str, ...] = ()


class Estate(NamedTuple):
    """All that was read. Rules look around in it; listings know whether they are complete."""

    tables: Listing[Table] = Listing(())
    replicas: Listing[Replica] = Listing(())
    keys: Listing[Key] = Listing(())
    principals: Listing[Principal] = Listing(())
    scheduled: Listing[ScheduledCode] = Listing(())
    resources: Listing[Resource] = Listing(())
    plans: Listing[Plan] = Listing(())
    plan_rules: Listing[PlanRule] = Listing(())
    copy_actions: Listing[CopyAction] = Listing(())
    selections: Listing[Selection] = Listing(())
    vaults: Listing[Vault] = Listing(())
    restore_test_plans: Listing[RestoreTestPlan] = Listing(())
    restore_test_selections: Listing[RestoreTestSelection] = Listing(())
    region_settings: Listing[RegionSettings] = Listing(())
    global_settings: Listing[GlobalSettings] = Listing(())
    frameworks: Listing[AuditFramework] = Listing(())
    declared: Declared = Declared()

    def in_run(self, run: Run) -> Estate:
        """The same estate, whose listings settle open choices in `run`."""
        return Estate._make(part._replace(run=run) if isinstance(part, Listing) else part for part in self)


__all__ = ["Declared", "Estate", "Subject"]
