"""What resources of AWS Backup make, and the estate's entries that come of it, in every input kind."""

from __future__ import annotations

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
        GlobalSettings,
        Plan,
        PlanRule,
        RegionSettings,
        RestoreTestPlan,
        RestoreTestSelection,
        Selection,
        Vault,
    )
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
    global_settings: tuple[GlobalSettings, ...] = ()


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
        self.global_settings: list[Entry[GlobalSettings]] = []

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
            global_settings=tuple(self.global_settings),
        )

    def extend(self, other: BackupEntries) -> None:
        """Take in all of others."""
        for name, entries in vars(self).items():
            entries.extend(getattr(other, name))

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
        self.global_settings += _entries(variants, lambda made: made.global_settings)


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
