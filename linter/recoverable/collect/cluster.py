"""Accounts spread over a Dask cluster that is there already: each is collected whole by one worker.

A worker that is lost takes nothing with it: what it was at is begun again by another.
https://distributed.dask.org/en/stable/resilience.html
"""

from __future__ import annotations

from recoverable.collect.elsewhere import Collected, Unit, collect_unit
from recoverable.collect.refusals import Refusal, refusal
from recoverable.typed import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: How a cluster is named: `dask://HOST` or `dask://HOST:PORT`, `dask+tls://...` with the certificates of Dask's own
#: configuration.
_SCHEMES = {"dask://": "tcp://", "dask+tls://": "tls://"}
_PORT = 8786

#: Seconds to wait for the scheduler.
_PATIENCE = 15


class ClusterError(Exception):
    """A cluster that cannot be used; the message names it and says what to do."""


def address(place: str) -> str:
    """The scheduler's address as Dask writes it. Raises ClusterError for a place that is none."""
    for scheme, protocol in _SCHEMES.items():
        if place.startswith(scheme):
            host, colon, port = place.removeprefix(scheme).rstrip("/").partition(":")
            if host and (port.isdecimal() or not colon):
                return f"{protocol}{host}:{port or _PORT}"
    raise ClusterError(f"--executor {place} names no cluster: dask://HOST:PORT is one")


class Cluster:
    """A connection to a scheduler. Raises ClusterError if there is none, or no Dask to speak to it."""

    def __init__(self, place: str) -> None:
        try:
            import distributed  # noqa: PLC0415 (an extra)
        except ImportError:
            raise ClusterError(
                "--executor dask://… needs Dask, on this machine and on the workers: pip install 'recoverable[dask]'"
            ) from None
        where = address(place)
        self._dask: Any = distributed
        try:
            self._client = self._dask.Client(where, timeout=_PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterError(f"there is no Dask scheduler at {where}: {error}") from error
        self._futures: dict[Any, str] = {}

    def submit(self, units: Iterable[Unit]) -> None:
        """Have these collected, the first ones first."""
        for place, unit in enumerate(units):
            future = self._client.submit(collect_unit, unit, pure=False, priority=-place)
            self._futures[future] = unit.request.account

    def results(self) -> Iterator[tuple[str, Collected | Refusal]]:
        """What came of each account, in the order in which they are done."""
        for future in self._dask.as_completed(list(self._futures), loop=self._client.loop):
            account = self._futures.pop(future)
            error = future.exception()
            if error is None:
                yield account, future.result()
            else:
                told = refusal(error, "")
                yield account, told._replace(message=f"on the cluster: {told.message}")

    def close(self) -> None:
        """Nothing more is wanted: what is not done yet is called off."""
        for future in self._futures:
            future.cancel()
        self._client.close()
