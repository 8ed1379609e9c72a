"""Hands out questions as fast as AWS takes them: a lane for each account, Region and call, and some threads.

A lane lets one request through every 1/rate seconds, a few at once after a rest, and slows down when AWS refuses one.
No thread waits for its turn: the one that hands out does, and threads only send and read.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections import deque
from queue import SimpleQueue

from recoverable.typed import NamedTuple, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable

#: How many seconds' worth of its rate a lane that has rested may send at once.
_REST = 0.5
#: What a refusal leaves of a lane's rate, what an answer adds to it, as parts of the whole, and the least it ever is.
_SLOWER, _FASTER, _LEAST = 0.7, 0.02, 0.2
#: Refusals that come within this time of each other are one.
_TOGETHER = 1.0


class Done(NamedTuple):
    """A job that is over; `answered` if AWS took the request."""

    answered: bool = True


class Repeat(NamedTuple):
    """A job to run again after `pause` seconds; `slower` if the lane was too fast."""

    pause: float = 0.0
    slower: bool = False


class Job(Protocol):
    """One request, or several in a row. Raises only what ends the run."""

    def run(self, lane: Lane) -> Done | Repeat:
        """Send it. May put more jobs."""


class Lane:
    """How fast one call may be made in one place. `given_up` counts questions in a row that came to nothing."""

    __slots__ = ("armed", "free_at", "full", "given_up", "queue", "rate", "slowed_at")

    def __init__(self, rate: float) -> None:
        self.rate = self.full = rate
        self.queue: deque[Job] = deque()
        self.free_at = self.slowed_at = float("-inf")
        self.armed = False
        self.given_up = 0

    def take_turn(self, now: float) -> None:
        self.free_at = max(self.free_at, now - _REST) + 1 / self.rate

    def slow_down(self, now: float, pause: float) -> None:
        if now - self.slowed_at > _TOGETHER:
            self.rate = max(self.rate * _SLOWER, min(_LEAST, self.full))
            self.slowed_at = now
        # What is queued would be refused as well.
        self.free_at = max(self.free_at, now + min(pause, _TOGETHER))

    def speed_up(self) -> None:
        self.rate = min(self.full, self.rate + _FASTER * self.full)


class Dispatcher:
    """Runs jobs until none is left. `most` bounds the requests a second of all lanes together, 0 for no bound."""

    def __init__(self, threads: int = 64, most: float = 0.0) -> None:
        self._lanes: dict[Hashable, Lane] = {}
        self._due: list[tuple[float, int, Lane, Job | None]] = []
        self._ready: SimpleQueue[tuple[Lane, Job] | None] = SimpleQueue()
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._most_threads, self._idle, self._running = threads, 0, 0
        self._outstanding = self._sequence = 0
        self._gate = Lane(most) if most else None
        self._stopped, self._error = False, None

    _error: BaseException | None

    @property
    def outstanding(self) -> int:
        """How many jobs are not over."""
        return self._outstanding

    def put(self, lane: Hashable, rate: float, job: Job) -> None:
        """Queue a job in a lane, which is made with this rate if there is none."""
        with self._changed:
            found = self._lanes.get(lane)
            if found is None:
                found = self._lanes[lane] = Lane(rate)
            found.queue.append(job)
            self._outstanding += 1
            self._arm(found)
            self._changed.notify()

    def forget(self, account: str) -> None:
        """Drop the lanes of an account that is done; the first part of their name is the account."""
        with self._changed:
            for name in [name for name in self._lanes if isinstance(name, tuple) and name[0] == account]:
                if not self._lanes[name].queue:
                    del self._lanes[name]

    def bound(self, most: float) -> None:
        """Send no more requests a second than this from now on, 0 for no bound."""
        self._gate = Lane(most) if most else None

    def stop(self) -> None:
        """Hand out nothing more, now and later. What is being sent is waited for."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def run(self) -> None:
        """Return when no job is left, or after `stop`. Raises what a job raised, and KeyboardInterrupt."""
        try:
            with self._changed:
                while self._outstanding and not self._stopped and self._error is None:
                    self._changed.wait(self._hand_out(time.monotonic()))
        finally:
            self._join()
        if self._error is not None:
            raise self._error

    def _hand_out(self, now: float) -> float | None:
        """Give threads what is due, and return how long to wait for the next, None for something to change."""
        while self._due and self._running < self._most_threads:
            gate = max(self._gate.free_at - now, 0) if self._gate else 0
            wait = max(self._due[0][0] - now, gate)
            if wait > 0:
                return wait
            _, _, lane, job = heapq.heappop(self._due)
            if job is not None:  # a pause is over: it is first in its lane
                lane.queue.appendleft(job)
                self._arm(lane)
                continue
            lane.armed = False
            if lane.free_at > now:  # it was slowed down meanwhile
                self._arm(lane)
                continue
            lane.take_turn(now)
            if self._gate:
                self._gate.take_turn(now)
            self._running += 1
            self._ready.put((lane, lane.queue.popleft()))
            self._arm(lane)
            if not self._idle and len(self._threads) < self._most_threads:
                self._start()
            else:
                self._idle = max(0, self._idle - 1)
        return None

    def _arm(self, lane: Lane) -> None:
        if lane.queue and not lane.armed:
            lane.armed = True
            self._later(lane.free_at, lane, None)

    def _later(self, due: float, lane: Lane, job: Job | None) -> None:
        self._sequence += 1
        heapq.heappush(self._due, (due, self._sequence, lane, job))

    def _start(self) -> None:
        thread = threading.Thread(target=self._work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _join(self) -> None:
        for _ in self._threads:
            self._ready.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._idle = 0

    def _work(self) -> None:
        while (given := self._ready.get()) is not None:
            lane, job = given
            try:
                outcome = job.run(lane)
            except BaseException as error:
                with self._changed:
                    self._error = self._error or error
                    self._running -= 1
                    self._changed.notify()
                continue
            with self._changed:
                now = time.monotonic()
                self._running -= 1
                self._idle += 1
                if isinstance(outcome, Done):
                    self._outstanding -= 1
                    if outcome.answered:
                        lane.speed_up()
                else:
                    if outcome.slower:
                        lane.slow_down(now, outcome.pause)
                    self._later(now + outcome.pause, lane, job)
                self._changed.notify()
