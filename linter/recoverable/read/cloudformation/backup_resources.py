"""Which reader reads which resource of AWS Backup, and the estate's entries that come of it.

Loaded only where a template has such a resource.
"""

from __future__ import annotations

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
from recoverable.scenario import Variant
from recoverable.typed import NamedTuple
from recoverable.value import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol, TypeVar

    from recoverable.estate import Subject
    from recoverable.estate.backup import (
        AuditFramework,
        CopyAction,
        Plan,
        PlanRule,
        RegionSettings,
        RestoreTestPlan,
        RestoreTestSelection,
        Selection,
        Vault,
    )
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.reading import Reading

    class Thing(Protocol):
        @property
        def subject(self) -> Subject: ...

    T = TypeVar("T", bound=Thing)


class Backups(NamedTuple):
    """What one resource makes."""

    plans: tuple[Plan, ...] = ()
    selections: tuple[Selection, ...] = ()
    vaults: tuple[Vault, ...] = ()
    restore_test_plans: tuple[RestoreTestPlan, ...] = ()
    restore_test_selections: tuple[RestoreTestSelection, ...] = ()
    frameworks: tuple[AuditFramework, ...] = ()
    region_settings: tuple[RegionSettings, ...] = ()


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


class BackupEntries:
    """The entries of all resources of AWS Backup in the order in which they are added."""

    def __init__(self) -> None:
        self.plans: list[Entry[Plan]] = []
        self.plan_rules: list[Entry[PlanRule]] = []
        self.copy_actions: list[Entry[CopyAction]] = []
        self.selections: list[Entry[Selection]] = []
        self.vaults: list[Entry[Vault]] = []
        self.restore_test_plans: list[Entry[RestoreTestPlan]] = []
        self.restore_test_selections: list[Entry[RestoreTestSelection]] = []
        self.frameworks: list[Entry[AuditFramework]] = []
        self.region_settings: list[Entry[RegionSettings]] = []

    def added_to(self, reading: Reading) -> Reading:
        """The reading with these entries in it."""
        return reading._replace(
            plans=tuple(self.plans),
            plan_rules=tuple(self.plan_rules),
            copy_actions=tuple(self.copy_actions),
            selections=tuple(self.selections),
            vaults=tuple(self.vaults),
            restore_test_plans=tuple(self.restore_test_plans),
            restore_test_selections=tuple(self.restore_test_selections),
            frameworks=tuple(self.frameworks),
            region_settings=tuple(self.region_settings),
        )

    def add(self, variants: tuple[Variant[Backups], ...]) -> None:
        """Take in what one resource is in each scenario."""
        self.plans += _entries(variants, lambda made: made.plans)
        self.plan_rules += _entries(variants, _rules)
        self.copy_actions += _entries(variants, lambda made: (copy for rule in _rules(made) for copy in rule.copies))
        self.selections += _entries(variants, lambda made: made.selections)
        self.vaults += _entries(variants, lambda made: made.vaults)
        self.restore_test_plans += _entries(variants, lambda made: made.restore_test_plans)
        self.restore_test_selections += _entries(variants, lambda made: made.restore_test_selections)
        self.frameworks += _entries(variants, lambda made: made.frameworks)
        self.region_settings += _entries(variants, lambda made: made.region_settings)


def _rules(made: Backups) -> Iterable[PlanRule]:
    return (rule for plan in made.plans for rule in plan.rules)


def _entries(variants: tuple[Variant[Backups], ...], things: Callable[[Backups], Iterable[T]]) -> list[Entry[T]]:
    """An entry for every part that there is in some scenario."""
    by_part = [{} if made is None else {thing.subject.part: thing for thing in things(made)} for _, made in variants]
    parts = dict.fromkeys(part for found in by_part for part in found)
    return [
        Entry(
            tuple(Variant(variant.scenario, found.get(part)) for variant, found in zip(variants, by_part, strict=True))
        )
        for part in parts
    ]
