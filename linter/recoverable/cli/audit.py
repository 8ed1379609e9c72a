"""`recoverable audit`: ask AWS, then judge what it answered."""

from __future__ import annotations

import os
import tempfile

from recoverable.cli import check
from recoverable.cli.collect import INTERRUPTED, gather, request, stats
from recoverable.cli.options import UsageError
from recoverable.cli.outputs import planned
from recoverable.cli.terminal import say
from recoverable.cli.verdict import INCOMPLETE, NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments


def run(arguments: Arguments) -> int:
    kept = arguments.one("snapshot")
    if arguments.given("resume") and not kept:
        raise UsageError("--resume goes on with a snapshot that was kept: name its folder with --snapshot DIR")
    # Mistakes of the command line are told before anything is asked.
    planned(arguments.all("output"), arguments.one("format"))
    if kept:
        return _run(arguments, kept, kept.rstrip(os.sep) or kept)
    with tempfile.TemporaryDirectory(prefix="recoverable-") as folder:
        return _run(arguments, os.path.join(folder, "snapshot"), "snapshot")


def _run(arguments: Arguments, folder: str, shown: str) -> int:
    """Collect into a folder, and judge that; `shown` is what reports call it."""
    summary = gather(request(arguments, folder))
    if summary is None:
        return INCOMPLETE
    if arguments.given("stats"):
        for line in stats(summary):
            say(line)
    if not summary.finished:
        goes_on = f"; what was collected is in {shown}, and --resume goes on" if arguments.given("snapshot") else ""
        say(f"recoverable: interrupted: nothing was judged{goes_on}")
        return INTERRUPTED
    if not summary.accounts:
        say("recoverable: nothing to examine: no account is left to look at")
        return NOTHING
    return check.judge(arguments, (), ((folder, shown),))
