"""Ledgers in a file of SQLite: nothing to set up, and two audits at a time wait for each other."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager

from recoverable.history.ledger import Ledger
from recoverable.history.stores import StoreError, packed, unpacked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Written into the file's header, so that a file of something else is told.
_APPLICATION = 0x52435642

#: Seconds to wait for another audit that is writing.
_PATIENCE = 30.0


class SQLiteStore:
    """A file, made when the first audit is kept."""

    def __init__(self, path: str) -> None:
        self._path = path

    def scopes(self) -> tuple[str, ...]:
        with self._opened() as database:
            return tuple(scope for (scope,) in database.execute("SELECT scope FROM ledgers ORDER BY scope"))

    def latest(self, scope: str) -> Ledger:
        with self._opened() as database:
            return self._latest(database, scope)

    def update(self, scope: str, change: Callable[[Ledger], Ledger]) -> Ledger:
        with self._opened() as database:
            database.execute("BEGIN IMMEDIATE")
            before = self._latest(database, scope)
            after = change(before)
            if after is not before:
                database.execute("REPLACE INTO ledgers (scope, ledger) VALUES (?, ?)", (scope, packed(after)))
            database.execute("COMMIT")
            return after

    def _latest(self, database: sqlite3.Connection, scope: str) -> Ledger:
        row = database.execute("SELECT ledger FROM ledgers WHERE scope = ?", (scope,)).fetchone()
        return Ledger(scope) if row is None else unpacked(row[0], self._path)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)) as database:
                (mark,) = database.execute("PRAGMA application_id").fetchone()
                if mark != _APPLICATION:
                    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
                    if mark or tables:
                        raise StoreError(f"{self._path} is a database of something else: name another file")
                    database.execute(
                        "CREATE TABLE IF NOT EXISTS ledgers (scope TEXT PRIMARY KEY, ledger BLOB NOT NULL)"
                    )
                    database.execute(f"PRAGMA application_id = {_APPLICATION}")
                yield database
        except sqlite3.Error as error:
            raise StoreError(f"{self._path} cannot be used as a store: {error}") from error
