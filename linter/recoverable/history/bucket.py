"""Ledgers as objects in S3: each audit adds one, `PREFIX/SCOPE/TIME`, and the newest holds all that is known."""

from __future__ import annotations

import re

from recoverable.collect.objects import ObjectError, Objects
from recoverable.history.ledger import Ledger
from recoverable.history.stores import StoreError, packed, unpacked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class BucketStore:
    """A prefix in a bucket. Nothing is ever written over or deleted: old objects can be left to a lifecycle rule.

    It takes `s3:ListBucket`, `s3:GetObject` and `s3:PutObject`.
    """

    def __init__(self, place: str) -> None:
        try:
            self._objects = Objects(place)
        except ObjectError as error:
            raise StoreError(str(error)) from error

    def scopes(self) -> tuple[str, ...]:
        try:
            return tuple(map(_scope, self._objects.folders()))
        except ObjectError as error:
            raise StoreError(str(error)) from error

    def latest(self, scope: str) -> Ledger:
        try:
            data = self._objects.newest(_folder(scope))
        except ObjectError as error:
            raise StoreError(str(error)) from error
        return Ledger(scope) if data is None else unpacked(data, self._objects.place)

    def update(self, scope: str, change: Callable[[Ledger], Ledger]) -> Ledger:
        before = self.latest(scope)
        after = change(before)
        if after is not before:
            name = re.sub(r"[^0-9A-Za-z]", "", after.rounds[-1].taken)
            try:
                self._objects.put(_folder(scope), name, packed(after))
            except ObjectError as error:
                raise StoreError(str(error)) from error
        return after


def _folder(scope: str) -> str:
    """A scope as the name of a folder: letters, digits and a few signs, the rest by its bytes."""
    return re.sub(r"[^0-9A-Za-z_-]", lambda found: "".join(f"%{byte:02x}" for byte in found[0].encode()), scope)


def _scope(folder: str) -> str:
    return re.sub(
        r"(?:%[0-9a-f]{2})+", lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), folder
    )
