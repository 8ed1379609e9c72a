"""Accounts spread over a Dask cluster that is there already: some to a worker at a time, and each account by one.

A worker that is lost takes nothing with it: what it was at is begun again by another.
https://distributed.dask.org/en/stable/resilience.html
"""

from __future__ import annotations

from recoverable.collect.elsewhere import collect_unit
from recoverable.collect.executors import ExecutorError
from recoverable.collect.refusals import refusal
from recoverable.typed import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recoverable.collect.collection import Request
    from recoverable.collect.executors import Outcome

#: How a cluster is named: `dask://HOST` or `dask://HOST:PORT`, `dask+tls://...` with the certificates of Dask's own
#: configuration.
_SCHEMES = {"dask://": "tcp://", "dask+tls://": "tls://"}
_PORT = 8786

#: Seconds to wait for the scheduler.
_PATIENCE = 15


def address(place: str) -> str:
    """The scheduler's address as Dask writes it. Raises ExecutorError for a place that is none."""
    for scheme, protocol in _SCHEMES.items():
        if place.startswith(scheme):
            host, colon, port = place.removeprefix(scheme).rstrip("/").partition(":")
            if host and (port.isdecimal() or not colon):
                return f"{protocol}{host}:{port or _PORT}"
    raise ExecutorError(
        f"--executor {place} is neither a cluster (dask://HOST:PORT) nor processes of this machine (processes:4)"
    )


#: Workers of a cluster that has none yet, and starts some when there is something to do.
_NOT_KNOWN = 16


class Cluster:
    """A connection to a scheduler. Raises ExecutorError if there is none, or no Dask to speak to it."""

    in_place = False

    def __init__(self, place: str) -> None:
        try:
            import distributed  # noqa: PLC0415 (an extra)
        except ImportError:
            raise ExecutorError(
                "--executor dask://… needs Dask, on this machine and on the workers: pip install 'recoverable[dask]'"
            ) from None
        where = address(place)
        self._dask: Any = distributed
        try:
            self._client = self._dask.Client(where, timeout=_PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ExecutorError(f"there is no Dask scheduler at {where}: {error}") from error
        self._futures: dict[Any, Request] = {}
        self.slots = sum(self._client.nthreads().values()) or _NOT_KNOWN

    def submit(self, units: Sequence[Request]) -> None:
        for place, unit in enumerate(units):
            self._futures[self._begun(unit, -place)] = unit

    def results(self) -> Iterator[Outcome]:
        done = self._dask.as_completed(list(self._futures), loop=self._client.loop)
        for future in done:
            unit = self._futures.pop(future)
            error = future.exception()
            if error is None:
                yield unit.accounts, future.result()
            elif len(unit.accounts) > 1:  # one of them may be more than a worker has memory for
                for account in unit.accounts:
                    alone = unit._replace(accounts=(account,))
                    again = self._begun(alone, 1)
                    self._futures[again] = alone
                    done.add(again)
            else:
                told = refusal(error, "")
                yield unit.accounts, told._replace(message=f"on the cluster: {told.message}")

    def close(self) -> list[Outcome]:
        """What is not done yet is called off."""
        for future in self._futures:
            future.cancel()
        self._client.close()
        return []

    def _begun(self, unit: Request, priority: int) -> Any:  # noqa: ANN401
        return self._client.submit(collect_unit, unit, pure=False, priority=priority)
