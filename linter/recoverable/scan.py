"""Files to report: finds and reads the templates, makes them one estate, and judges it.

`prepare` and `scan` work on a repository; `examine` works on texts in memory, for tests of rules.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from recoverable import config as configuration
from recoverable import pack as packs_
from recoverable.config import ConfigError, Settings
from recoverable.files import root_of
from recoverable.pack import Pack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Setup(NamedTuple):
    """What a run goes by: the repository's root, its configuration, and all rules that were loaded."""

    root: str
    settings: Settings
    pack: Pack


def prepare(start: str, *, config: str = "", packs: Iterable[str] = ()) -> Setup:
    """The repository that `start` lies in. `config` names another configuration file, `packs` further rule packs.

    Raises ConfigError for a configuration that cannot be used.
    """
    root = os.fspath(root_of(start))
    settings = configuration.load(root, config or None)
    loaded = [packs_.load(packs_.builtin())]
    loaded.extend(packs_.load(folder.path, folder.shown) for folder in settings.packs)
    loaded.extend(packs_.load(os.path.abspath(folder), _shown(folder, root)) for folder in packs)
    pack = packs_.combined(loaded)
    strangers = configuration.unknown_rules(settings, pack.rules)
    if strangers:
        raise ConfigError(strangers, settings.path, settings.text)
    return Setup(root, settings, pack)


def _shown(path: str, root: str) -> str:
    """A path as messages call it: relative to the root, with forward slashes, where it lies there."""
    relative = os.path.relpath(path, root)
    return (path if relative.startswith("..") else relative).replace(os.sep, "/")
