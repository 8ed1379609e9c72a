"""Accounts over processes of this machine, each with a Python of its own.

They write into the snapshot itself, so that what was answered stays whatever becomes of them. Each is told what to
collect by a pipe, and gives back what came of it; when the pipe ends, it stops. One that dies takes its units with it,
and nothing else: the accounts in them are tried once more, each by itself, and go on from their journals.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from math import ceil
from multiprocessing.connection import wait
from queue import Empty, SimpleQueue

from recoverable.collect.collection import Collection, EntryRefusedError
from recoverable.collect.elsewhere import Collected, wire
from recoverable.collect.refusals import FAILED, Refusal, refusal
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from recoverable.collect.collection import Request
    from recoverable.collect.executors import Outcome

#: Units that a process is at: while the last answers of one are waited for, the other keeps it busy.
_AT_ONCE = 2

#: Seconds for what is being sent when everything is to end. More is not lost without it than counts: journals stay.
_LAST_WORDS = 10.0

#: An interrupt has to come through where waiting for a queue does not end by it.
_SECONDS = 0.5

_DIED = "the process that collected it died twice: it was killed, or there was no memory left"
_NONE = "no process could be started that collects it"


class _Unit(NamedTuple):
    request: Request
    tried: bool = False


class _Worker:
    """A process, and the units that it is at, by number. It is given some when it has said that it is there."""

    def __init__(self) -> None:
        # A fork would copy threads' locks in whatever state they are.
        spawn = multiprocessing.get_context("spawn")
        self.connection: Connection
        self.connection, theirs = spawn.Pipe()
        self.process: SpawnProcess = spawn.Process(target=work, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.there = False
        self.units: dict[int, _Unit] = {}


class Processes:
    """So many processes. None is started before there is something to do."""

    in_place = True

    def __init__(self, number: int) -> None:
        self.slots = number * _AT_ONCE
        self._number, self._sent = number, 0
        self._queue: deque[_Unit] = deque()
        self._outcomes: SimpleQueue[tuple[tuple[str, ...], Collected | Refusal | OSError] | None] = SimpleQueue()
        self._workers: list[_Worker] = []
        self._ended, self._end = multiprocessing.Pipe(duplex=False)
        self._stopped = False
        self._thread: threading.Thread | None = None

    def submit(self, units: Sequence[Request]) -> None:
        self._queue.extend(map(_Unit, units))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def results(self) -> Iterator[Outcome]:
        while (found := self._next()) is not None:
            accounts, outcome = found
            if isinstance(outcome, OSError):
                raise outcome
            yield accounts, outcome

    def close(self) -> list[Outcome]:
        """Ask the processes to end, and wait for what they have to tell. An interrupt meanwhile kills them."""
        if self._thread is None:
            return []
        self._stopped = True
        self._end.close()
        try:
            self._thread.join()
        finally:
            for worker in self._workers:
                worker.process.kill()
        found = []
        with contextlib.suppress(Empty):
            while (each := self._outcomes.get_nowait()) is not None:
                if not isinstance(each[1], OSError):
                    found.append((each[0], each[1]))
        return found

    def _next(self) -> tuple[tuple[str, ...], Collected | Refusal | OSError] | None:
        while True:
            with contextlib.suppress(Empty):
                return self._outcomes.get(timeout=_SECONDS)

    # What follows runs in a thread of its own: the main one is at an account meanwhile.

    def _serve(self) -> None:
        try:
            self._workers = [_Worker() for _ in range(min(self._number, len(self._queue)))]
            while self._workers and (self._queue or self._busy()) and not self._stopped:
                for worker in self._workers:
                    self._feed(worker)
                self._hear(wait([self._ended, *(each.connection for each in self._workers)]))
            if not self._stopped:
                for unit in self._queue:
                    self._outcomes.put((unit.request.accounts, Refusal(FAILED, "NoProcess", _NONE)))
            self._dismiss()
        except OSError as error:  # no more processes may be started
            self._outcomes.put(((), error))
        finally:
            self._outcomes.put(None)

    def _busy(self) -> int:
        return sum(len(worker.units) for worker in self._workers)

    def _feed(self, worker: _Worker) -> None:
        fair = ceil((len(self._queue) + self._busy()) / len(self._workers))
        while worker.there and self._queue and len(worker.units) < min(_AT_ONCE, fair):
            if worker.units and any(each.tried for each in (self._queue[0], *worker.units.values())):
                return  # what may kill a process has one to itself
            unit = self._queue.popleft()
            self._sent += 1
            worker.units[self._sent] = unit
            with contextlib.suppress(OSError):  # that it died is heard next
                worker.connection.send((self._sent, unit.request))

    def _hear(self, ready: Sequence[object]) -> None:
        for worker in [each for each in self._workers if each.connection in ready]:
            try:
                said = worker.connection.recv()
            except (EOFError, OSError):
                self._lost(worker)
                continue
            if said is None:
                worker.there = True
            else:
                number, outcome = said
                self._outcomes.put((worker.units.pop(number).request.accounts, outcome))

    def _lost(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()
        for unit in worker.units.values():
            if unit.tried:
                self._outcomes.put((unit.request.accounts, Refusal(FAILED, "ProcessDied", _DIED)))
            else:
                self._queue.extend(
                    _Unit(unit.request._replace(accounts=(each,)), tried=True) for each in unit.request.accounts
                )
        # One that died before it said a word would do so again.
        if worker.there and self._queue and not self._stopped:
            self._workers.append(_Worker())

    def _dismiss(self) -> None:
        """Everybody ends: those that are at something say how far they came."""
        for worker in self._workers:
            with contextlib.suppress(OSError):
                worker.connection.send(None)
        self._stopped = True
        end = time.monotonic() + _LAST_WORDS
        while self._workers and (left := end - time.monotonic()) > 0:
            self._hear(wait([each.connection for each in self._workers], left))
        for worker in self._workers:
            worker.process.kill()


def work(connection: Connection) -> None:
    """What a process does: collect what it is told until the pipe ends."""
    # Ctrl-C is for the one who started it. Without a terminal none of many asks for the code of a profile.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setsid"):
        with contextlib.suppress(OSError):
            os.setsid()
    ended = threading.Event()
    lock = threading.Lock()
    running: list[Collection] = []

    def collect(number: int, request: Request) -> None:
        try:
            collection = Collection(request, wire(request))
            with lock:
                running.append(collection)
                if ended.is_set():
                    collection.stop()
            outcome: Collected | Refusal | OSError = Collected(collection.run(), {})
        except OSError as error:
            outcome = OSError(error.errno, error.strerror, error.filename)
        except EntryRefusedError as error:
            outcome = error.refusal
        except Exception as error:
            outcome = refusal(error, "")
        with lock, contextlib.suppress(OSError):
            connection.send((number, outcome))

    threads = []
    connection.send(None)
    with contextlib.suppress(EOFError, OSError):
        while (given := connection.recv()) is not None:
            threads.append(threading.Thread(target=collect, args=given))
            threads[-1].start()
    with lock:
        ended.set()
        for collection in running:
            collection.stop()
    for thread in threads:
        thread.join()
