"""The configuration: `.recoverable.yaml` at the repository root, read, checked and turned into settings."""

from __future__ import annotations

import os

from recoverable.config.settings import ConfigError, Level, PackFolder, ParameterSet, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from recoverable.rule import Fault, Rule

#: Names under which a configuration is found at the repository root; there may be only one.
NAMES = (".recoverable.yaml", ".recoverable.yml")


def load(root: str | Path, explicit: str | Path | None = None) -> Settings:
    """The settings of the repository at `root`: of the file `explicit`, else of the one found there, else the defaults.

    Raises ConfigError with everything that is wrong; nothing should be checked then.
    """
    folder = os.fspath(root)
    if explicit is None and not any(os.path.lexists(f"{folder}/{name}") for name in NAMES):
        return Settings()
    from recoverable.config.reading import load as load_file  # noqa: PLC0415 (only a run with a configuration pays for it)

    return load_file(folder, None if explicit is None else os.fspath(explicit), NAMES)


def parse(text: str, path: str = NAMES[0]) -> Settings:
    """The settings in a text, without looking for the rule packs that it names. Raises ConfigError."""
    from recoverable.config.reading import parse as parse_text  # noqa: PLC0415

    return parse_text(text, path)


def unknown_rules(settings: Settings, rules: Iterable[Rule]) -> tuple[Fault, ...]:
    """A fault for each name under `rules:` and `principals:` that none of the loaded rules has, or had."""
    known = {name: rule.name for rule in rules for name in (rule.name, *rule.formerly)}
    strangers = [(name, level.origin) for name, level in settings.levels if name not in known]
    for entrusted in settings.entrusted:
        strangers += [(name, entrusted.origin) for name in entrusted.rules if name not in known]
    if not strangers:
        return ()
    from recoverable.config.reading import unknown_rule  # noqa: PLC0415

    return tuple(unknown_rule(name, origin, tuple(dict.fromkeys(known.values()))) for name, origin in strangers)


def starter() -> str:
    """The text of a first `.recoverable.yaml`: every key, explained, with the defaults."""
    with open(f"{os.path.dirname(os.path.abspath(__file__))}/starter.yaml", encoding="utf-8") as file:  # noqa: PTH100, PTH120, PTH123
        return file.read()


__all__ = [
    "NAMES", "ConfigError", "Level", "PackFolder", "ParameterSet", "Settings", "load", "parse", "starter",
    "unknown_rules",
]  # fmt: skip
