"""`recoverable init`: a commented configuration to start from."""

from __future__ import annotations

import os

from recoverable import config
from recoverable.cli.terminal import say
from recoverable.files import root_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments


def run(_: Arguments) -> int:
    root = root_of(os.getcwd())
    there = next((name for name in config.NAMES if os.path.lexists(os.path.join(root, name))), "")
    if there:
        say(f"recoverable: {there} is there already; edit it, or remove it first")
        return 2
    path = os.path.join(root, config.NAMES[0])
    try:
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(config.starter())
    except OSError as error:
        say(f"recoverable: {config.NAMES[0]} cannot be written: {error.strerror}")
        return 2
    say(f"wrote {os.path.relpath(path)}; every line in it is explained there")
    return 0
