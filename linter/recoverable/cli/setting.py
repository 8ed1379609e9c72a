"""What every command on rules starts from: the repository, its configuration, and the rules it names."""

from __future__ import annotations

import os

from recoverable.cli.options import UsageError, no_such
from recoverable.scan import Setup, prepare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.cli.options import Arguments
    from recoverable.rule import Rule


def set_up(arguments: Arguments, start: str = "") -> Setup:
    """The repository around `start` (default: the current folder) with its configuration and rules.

    Raises ConfigError for a configuration that cannot be used.
    """
    return prepare(start or os.getcwd(), config=arguments.one("config"), packs=arguments.all("pack"))


def named(name: str, rules: Sequence[Rule]) -> Rule:
    """The rule of that name, or that had it before. Raises UsageError with the nearest name."""
    found = next((rule for rule in rules if name == rule.name or name in rule.formerly), None)
    if found is None:
        raise UsageError(no_such("rule", name, [rule.name for rule in rules]))
    return found


def chosen(arguments: Arguments, rules: Sequence[Rule]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names under `--only` and `--skip`, as the rules are called today.

    Raises UsageError for a name that no rule has, and when the two leave nothing to judge by.
    """
    only = tuple(named(name, rules).name for name in arguments.all("only"))
    skipped = tuple(named(name, rules).name for name in arguments.all("skip"))
    if rules and not {*(only or (rule.name for rule in rules))} - {*skipped}:
        raise UsageError("--only and --skip leave no rule to judge by")
    return only, skipped
