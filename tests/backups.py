"""Backup resources out of a test's text, and ways to say shortly what was read."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING, Any, TypeVar

from recoverable.text import Text
from recoverable.value import Known, Value
from templates import Templates, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.estate.backup import Plan, PlanRule, Selection, TagTest, Vault, Written
    from recoverable.value import Entry

T = TypeVar("T")


def resource(kind: str, properties: str, rest: str = "", *, address: str = "Thing", **given: str) -> Templates:
    """A template with one resource; `rest` are further sections, or resources when indented by two."""
    body = f"  {address}:\n    Type: AWS::{kind}\n    Properties:\n{indent(dedent(properties), '      ')}\n"
    return read(f"AWSTemplateFormatVersion: 2010-09-09\nResources:\n{body}{rest}", **given)


def only(entries: Iterable[Entry[T]]) -> T:
    """The one thing of a listing, the same in all scenarios."""
    (entry,) = entries
    (variant,) = entry.variants
    assert variant.item is not None
    return variant.item


def plan(rules: str, rest: str = "", **given: str) -> Plan:
    """The plan with these rules."""
    return only(plans(rules, rest, **given).reading.plans)


def plans(rules: str, rest: str = "", **given: str) -> Templates:
    properties = f"BackupPlan:\n  BackupPlanName: daily\n  BackupPlanRule:\n{indent(dedent(rules), '  ')}"
    return resource("Backup::BackupPlan", properties, rest, address="Plan", **given)


def rule(settings: str, rest: str = "", **given: str) -> PlanRule:
    """The plan rule with these settings beside its name."""
    (one,) = plan(f"- RuleName: nightly\n{indent(dedent(settings), '  ')}", rest, **given).rules
    return one


def selection(settings: str, rest: str = "", **given: str) -> Selection:
    """The selection with these settings beside its name."""
    properties = f"BackupPlanId: !Ref Plan\nBackupSelection:\n  SelectionName: all\n{indent(dedent(settings), '  ')}"
    return only(resource("Backup::BackupSelection", properties, rest, address="Selected", **given).reading.selections)


def vault(properties: str = "", rest: str = "", kind: str = "BackupVault", **given: str) -> Vault:
    text = f"BackupVaultName: main\n{dedent(properties)}"
    return only(resource(f"Backup::{kind}", text, rest, address="Vault", **given).reading.vaults)


def short(value: Value[Any]) -> object:
    """A value as text if it is one, as it is if it is known, else a question mark."""
    if not isinstance(value.state, Known):
        return "?"
    known = value.state.value
    return known.shown() if isinstance(known, Text) else known


def same(one: Text | None, names: tuple[Text, ...]) -> bool:
    """Whether a text means what has these names."""
    return one is not None and one.identity() is not None and one.identity() in [name.identity() for name in names]


def line(value: Value[Any]) -> int:
    return getattr(value.origin, "line", 0)


def shown(listed: tuple[Written, ...]) -> list[str]:
    return [one.text.shown() for one in listed]


def said_of(tests: tuple[TagTest, ...]) -> list[tuple[object, str, str]]:
    return [(short(one.operator), one.key.shown(), one.value.shown()) for one in tests]
