"""One account collected wherever it suits: what a worker is told, and what it gives back. No keys are in either."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from recoverable.collect.collection import Collection, Request, Trouble
from recoverable.typed import Any, NamedTuple


class Unit(NamedTuple):
    """An account of the organization, and how to collect it: `request.account` says which, its `output` is not used."""

    request: Request
    name: str | None


class Collected(NamedTuple):
    """An account as a snapshot has it: its files by name, its entry in the summary, what is missing, the calls."""

    files: dict[str, bytes]
    entry: dict[str, Any]
    troubles: list[Trouble]
    calls: dict[str, dict[str, int]]


def collect_unit(unit: Unit) -> Collected:
    """Collect one account with the credentials of this machine, which assume the role of the account here.

    Raises what `Collection` does.
    """
    with TemporaryDirectory(prefix="recoverable-") as folder:
        output = Path(folder) / "snapshot"
        summary = Collection(unit.request._replace(output=output)).run()
        account = unit.request.account
        files = {path.name: path.read_bytes() for path in sorted((output / "accounts" / account).glob("*.json"))}
        entry = next(each for each in summary.accounts if each["id"] == account)
        return Collected(files, {**entry, "name": unit.name}, summary.troubles, summary.calls)
