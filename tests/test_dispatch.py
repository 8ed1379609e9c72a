"""How fast questions are handed out: never faster than a lane allows, and all of them in the end."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverable.collect.dispatch import Dispatcher, Done, Lane, Repeat


def _turns(lane: Lane, seconds: float, step: float) -> list[float]:
    """When a lane lets requests through, if somebody looks every `step` seconds."""
    taken, now = [], 0.0
    while now < seconds:
        if lane.free_at <= now:
            lane.take_turn(now)
            taken.append(now)
        else:
            now += step
    return taken


@given(st.floats(0.5, 50), st.sampled_from([0.001, 0.01, 0.1, 0.3]))
def test_a_lane_never_exceeds_its_rate_by_more_than_half_a_second_of_rest(rate: float, step: float) -> None:
    taken = _turns(Lane(rate), 10, step)

    for start in taken:
        within = [time for time in taken if start <= time < start + 5]
        assert len(within) <= rate * 5.5 + 2


@given(st.floats(1, 50))
def test_a_lane_that_is_looked_at_late_loses_nothing(rate: float) -> None:
    """A wait of a tenth of a second is made good; what is handed out is what the rate allows."""
    assert len(_turns(Lane(rate), 20, 0.1)) >= rate * 20 * 0.95 - 1


def test_a_refusal_slows_a_lane_and_answers_bring_it_back() -> None:
    lane = Lane(10)
    lane.slow_down(100, 0.1)
    assert lane.rate == pytest.approx(7)
    lane.slow_down(100.5, 0.1)
    assert lane.rate == pytest.approx(7), "refusals that come together are one"
    for second in range(50):
        lane.slow_down(102 + 2 * second, 0.1)
    assert lane.rate == pytest.approx(0.2), "it never stops"
    for _ in range(60):
        lane.speed_up()
    assert lane.rate == 10


class _Job:
    """Answered after so many tries."""

    def __init__(self, tries: int, done: list[_Job], *, slower: bool = False) -> None:
        self.tries, self.done, self.slower = tries, done, slower

    def run(self, _: Lane) -> Done | Repeat:
        self.tries -= 1
        if self.tries:
            return Repeat(0.001, slower=self.slower)
        self.done.append(self)
        return Done()


def test_every_job_is_run_to_its_end() -> None:
    done: list[_Job] = []
    dispatcher = Dispatcher(threads=8)
    jobs = [_Job(1 + number % 4, done) for number in range(200)]
    for number, job in enumerate(jobs):
        dispatcher.put(("account", "region", f"call {number % 7}"), 10_000, job)
    dispatcher.run()

    assert {*done} == {*jobs}
    assert len(done) == len(jobs)


def test_jobs_that_jobs_put_are_run_as_well() -> None:
    done: list[_Job] = []
    dispatcher = Dispatcher(threads=2)

    class Parent:
        def run(self, _: Lane) -> Done:
            for number in range(20):
                dispatcher.put("children", 10_000, _Job(1 + number % 2, done))
            return Done()

    dispatcher.put("parents", 10_000, Parent())
    dispatcher.run()

    assert len(done) == 20


def test_no_more_threads_run_than_are_allowed() -> None:
    running, most, lock = 0, 0, threading.Lock()

    class Slow:
        def run(self, _: Lane) -> Done:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            threading.Event().wait(0.002)
            with lock:
                running -= 1
            return Done()

    dispatcher = Dispatcher(threads=3)
    for number in range(60):
        dispatcher.put(number, 10_000, Slow())
    dispatcher.run()

    assert most <= 3


def test_a_job_that_breaks_ends_the_run_and_says_why() -> None:
    class Full:
        def run(self, _: Lane) -> Done:
            raise OSError(28, "No space left on device")

    dispatcher = Dispatcher(threads=2)
    dispatcher.put("lane", 10, Full())

    with pytest.raises(OSError, match="No space"):
        dispatcher.run()


def test_a_run_that_is_stopped_hands_out_nothing_more() -> None:
    done: list[_Job] = []
    dispatcher = Dispatcher(threads=1)

    class Stop:
        def run(self, _: Lane) -> Done:
            dispatcher.stop()
            return Done()

    dispatcher.put("lane", 1, Stop())
    for _ in range(5):
        dispatcher.put("lane", 1, _Job(1, done))
    dispatcher.run()

    assert done == []


def test_all_lanes_together_keep_to_a_bound() -> None:
    """Seconds are told to it, not waited for."""
    dispatcher = Dispatcher(threads=1_000, most=10)
    dispatcher._most_threads = 1_000
    dispatcher._start = lambda: None  # type: ignore[method-assign]
    for number in range(200):
        dispatcher.put(number, 10_000, _Job(1, []))
    handed = []
    for tenth in range(50):
        dispatcher._hand_out(tenth / 10)
        handed.append(dispatcher._ready.qsize())

    assert handed[0] <= 6, "half a second's worth after a rest"
    assert 45 <= handed[-1] <= 56
