"""`recoverable rule test [DIR]`: runs every example in the documents of a pack."""

from __future__ import annotations

import os

from recoverable import trial
from recoverable.cli.commands import OWN_PACK
from recoverable.cli.options import UsageError
from recoverable.cli.terminal import publish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments


def run(arguments: Arguments) -> int:
    folder = arguments.positional[0] if arguments.positional else OWN_PACK
    if not os.path.isdir(folder):
        raise UsageError(f"there is no folder {folder}; name that of your rule pack")
    results = trial.run_trials(os.path.abspath(folder), os.path.normpath(folder).replace(os.sep, "/"))
    failed = [result for result in results if not result.passed]
    lines = [
        f"{result.path}:{result.line} {result.name}: {problem}" for result in failed for problem in result.problems
    ]
    publish("\n".join([*lines, f"{len(results)} examples and documents: {len(failed)} failed", ""]))
    return 1 if failed else 0
