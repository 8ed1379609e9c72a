"""`recoverable rule new NAME`: the two files of a rule, to be filled in."""

from __future__ import annotations

from recoverable import trial
from recoverable.cli.options import UsageError
from recoverable.cli.terminal import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments


def run(arguments: Arguments) -> int:
    folder = arguments.one("pack")
    try:
        written = trial.scaffold(folder, arguments.positional[0])
    except (ValueError, FileExistsError) as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{folder} cannot be written to: {error.strerror}") from None
    for path in written:
        say(f"wrote {path}")
    say(f"Fill them in; then: recoverable rule test {folder}, and recoverable check --pack {folder}")
    return 0
