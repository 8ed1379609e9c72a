"""Accounts of an organization over several processes: how many one unit of work has, and who does it."""

from __future__ import annotations

import os
from math import ceil

from recoverable.typed import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from recoverable.collect.collection import Request
    from recoverable.collect.elsewhere import Collected
    from recoverable.collect.refusals import Refusal

    #: What came of a unit, by the accounts that were in it.
    Outcome = tuple[tuple[str, ...], Collected | Refusal]

#: Accounts in a unit, at most. AWS's rates let about thirty requests a second through for a small account, and a
#: processor sends some seven hundred: so many accounts at a time keep one busy, and take it five seconds. A worker that
#: is lost costs no more than that.
_MOST = 32

#: Units for each that collects, at least, where there are accounts enough: so that one who had large accounts is not
#: waited for by all others.
_ROUNDS = 2

PROCESSES = "processes"


class ExecutorError(Exception):
    """Workers that cannot be had; the message names them and says what to do."""


class Executor(Protocol):
    """Where accounts are collected. `slots` units are at work at a time.

    `in_place`: on this machine, as whoever runs this, and into the snapshot itself.
    """

    slots: int
    in_place: bool

    def submit(self, units: Sequence[Request]) -> None:
        """Have these collected, the first ones first."""

    def results(self) -> Iterator[Outcome]:
        """What came of each unit, in the order in which they are done. Raises OSError where a disk is full."""

    def close(self) -> Iterable[Outcome]:
        """Nothing more is wanted. Returns what units that were broken off have to tell."""


def executor(place: str) -> Executor:
    """What a place on the command line means. Raises ExecutorError if there is none."""
    if place.partition(":")[0] != PROCESSES:
        from recoverable.collect.cluster import Cluster  # noqa: PLC0415 (an extra)

        return Cluster(place)
    from recoverable.collect.processes import Processes  # noqa: PLC0415 (for those alone who want them)

    return Processes(_number(place))


def units(request: Request, accounts: Sequence[str], slots: int) -> list[Request]:
    """Requests for these accounts, some in each. A bound of requests a second is divided among those at work, of whom
    the one that asks is one."""
    size = max(1, min(_MOST, ceil(len(accounts) / (slots * _ROUNDS))))
    batches = [tuple(accounts[start : start + size]) for start in range(0, len(accounts), size)]
    share = request.most / (min(slots, len(batches)) + 1)
    return [request._replace(accounts=batch, most=share) for batch in batches]


def _number(place: str) -> int:
    """How many processes. `processes` alone: as many as there are processors for this one."""
    _, colon, number = place.partition(":")
    if not colon:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not (number.isascii() and number.isdecimal() and 0 < int(number) <= 512):
        raise ExecutorError(f"--executor {place}: give a number of processes, such as processes:4")
    return int(number)
