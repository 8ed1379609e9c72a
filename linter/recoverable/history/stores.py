"""Where ledgers are kept: a file of SQLite, or objects below a prefix in S3."""

from __future__ import annotations

import json
import zlib

from recoverable.history.ledger import Ledger, as_data, of_data

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Store(Protocol):
        """Keeps the newest ledger of each scope."""

        def scopes(self) -> tuple[str, ...]:
            """The scopes there are, in order."""

        def latest(self, scope: str) -> Ledger:
            """The ledger of a scope, an empty one where there is none. Raises StoreError."""

        def update(self, scope: str, change: Callable[[Ledger], Ledger]) -> Ledger:
            """Put the ledger that `change` makes of the present one in its place. Raises StoreError."""


#: A larger ledger is refused: it would hold millions of findings.
MOST_BYTES = 2_000_000_000


class StoreError(Exception):
    """A store that cannot be used; the message names the place and what is wrong with it."""


def open_store(place: str) -> Store:
    """The store at a path, or at `s3://BUCKET/PREFIX`. Raises StoreError."""
    if place.startswith("s3://"):
        from recoverable.history.bucket import BucketStore  # noqa: PLC0415 (boto3 takes its time)

        return BucketStore(place)
    from recoverable.history.sqlite import SQLiteStore  # noqa: PLC0415

    return SQLiteStore(place)


def packed(ledger: Ledger) -> bytes:
    """A ledger as it is stored: JSON, deflated."""
    return zlib.compress(json.dumps(as_data(ledger), ensure_ascii=False, sort_keys=True).encode())


def unpacked(data: bytes, place: str) -> Ledger:
    """The ledger that was stored as these bytes. Raises StoreError for bytes that are none, naming `place`."""
    try:
        inflate = zlib.decompressobj()
        text = inflate.decompress(data, MOST_BYTES)
        if inflate.unconsumed_tail:
            raise StoreError(f"{place}: the ledger is larger than {MOST_BYTES:,} bytes")
        return of_data(json.loads(text))
    except (zlib.error, ValueError) as error:
        raise StoreError(f"{place}: {error}") from error
