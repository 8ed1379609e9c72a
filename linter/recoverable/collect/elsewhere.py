"""Accounts collected by another process: what it is told, and what it gives back. No keys are in either."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from recoverable.collect.collection import Collection, Request, Summary
from recoverable.collect.wire import Patience, Wire
from recoverable.typed import NamedTuple

#: A process may be at two collections at a time, of 64 threads each.
_CONNECTIONS = 128

_making = threading.Lock()


class Collected(NamedTuple):
    """What came of some accounts, and their files as a snapshot has them, by account and name."""

    summary: Summary
    files: dict[str, dict[str, bytes]]


def collect_unit(request: Request) -> Collected:
    """Collect `request.accounts` with the credentials of this machine, which assume the role of each account here.

    The folder that it names is another machine's. Raises what `Collection` does.
    """
    with TemporaryDirectory(prefix="recoverable-") as folder:
        output = Path(folder) / "snapshot"
        summary = Collection(request._replace(output=output), wire(request)).run()
        files = {
            account: {path.name: path.read_bytes() for path in sorted((output / "accounts" / account).glob("*.json"))}
            for account in request.accounts
        }
        return Collected(summary, files)


def wire(request: Request) -> Wire:
    """What this process sends by: one for all units, as its clients take longer to make than a unit has requests."""
    with _making:
        return _wire(request.profile, request.endpoint, request.patience)


@cache
def _wire(profile: str, endpoint: str, patience: Patience) -> Wire:
    return Wire(profile, endpoint, patience, _CONNECTIONS)
