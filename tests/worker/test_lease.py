"""A lease is kept by answers, and ends once, for the first reason there was."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

import pytest

from tests.worker.worker_process import wait_for
from worker.contract import Answer, Reply
from worker.lease import LONGEST_PAUSE, AttemptOverError, Ending, Lease, pauses
from worker.platform_client import FencedError, RefusedError, UnreachableError

GO_ON = Reply(answer=Answer.CONTINUE)
STOP = Reply(answer=Answer.CANCEL)


def lease(beat: Callable[[float], Reply] = lambda _: GO_ON, *, every: float = 0.05, length: float = 0.5) -> Lease:
    return Lease(beat, heartbeat_seconds=every, lease_seconds=length)


def silent(_: float = 0.0) -> Reply:
    raise UnreachableError("No answer.")


def fenced(_: float = 0.0) -> Reply:
    raise FencedError("A heartbeat", 410)


def ending_of(kept: Lease) -> Ending:
    with pytest.raises(AttemptOverError) as over:
        kept.check()
    return over.value.ending


class Clock:
    """The lease's own, which stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("worker.lease.time", clock)
    return clock


def test_answers_keep_it_past_its_length(clock: Clock) -> None:
    with lease() as kept:
        for _ in range(5):
            clock.now += 0.4
            wait_for(lambda: kept.remaining() > 0.3, "an answer that counts from now")

            kept.check()


@pytest.mark.parametrize(
    ("beat", "ending"), [(lambda _: STOP, Ending.CANCELLED), (fenced, Ending.FENCED), (silent, Ending.LOST)]
)
def test_it_ends_and_says_why(beat: Callable[[float], Reply], ending: Ending) -> None:
    with lease(beat) as kept:
        assert kept.stop.wait(60)

        assert ending_of(kept) is ending


def test_a_refusal_that_is_no_fencing_only_lets_it_run_down(clock: Clock) -> None:
    beats: list[float] = []

    def refused(_: float) -> Reply:
        beats.append(clock.now)
        raise RefusedError("A heartbeat", 400)

    with lease(refused) as kept:
        clock.now += 0.4
        wait_for(lambda: beats.count(clock.now) > 2, "refusals, the first of which was taken in")
        assert not kept.stop.is_set()

        clock.now += 0.2
        assert kept.stop.wait(60)
        assert ending_of(kept) is Ending.LOST


def test_the_first_reason_stays() -> None:
    kept = lease()

    kept.end(Ending.CANCELLED)
    kept.end(Ending.LOST)

    assert ending_of(kept) is Ending.CANCELLED


def test_a_report_keeps_it_as_a_heartbeat_does(clock: Clock) -> None:
    kept = lease(length=0.3)
    clock.now += 0.2

    kept.deliver(lambda: GO_ON)

    assert kept.remaining() > 0.25


def test_it_counts_from_the_question_and_not_from_a_late_answer(clock: Clock) -> None:
    kept = lease(length=1.0)

    def slow() -> Reply:
        clock.now += 0.4
        return GO_ON

    kept.deliver(slow)

    assert kept.remaining() < 0.65


def test_a_heartbeat_may_not_take_longer_than_what_is_left() -> None:
    patience: list[float] = []

    def note(timeout: float) -> Reply:
        patience.append(timeout)
        return GO_ON

    with lease(note, length=0.9):
        wait_for(lambda: patience, "a heartbeat")

    assert patience
    assert all(timeout <= 0.3 + 1e-9 for timeout in patience)


def test_what_is_insisted_on_is_tried_until_it_is_answered() -> None:
    tries: list[int] = []

    def third_time_lucky() -> Reply:
        tries.append(1)
        return GO_ON if len(tries) == 3 else silent()

    assert lease(length=5).insist(third_time_lucky) is GO_ON


class Stop(threading.Event):
    """Waiting for it takes no time but the clock's."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.now += timeout or 0.0
        return self.is_set()


def test_insisting_ends_with_the_lease(clock: Clock) -> None:
    kept, began = lease(length=0.4), clock.now
    kept.stop = Stop(clock)

    with pytest.raises(AttemptOverError):
        kept.insist(silent)

    assert 0.3 < clock.now - began < 0.5


def test_insisting_ends_at_once_when_the_attempt_does() -> None:
    kept, ended = lease(length=60), list[float]()

    def end() -> None:
        ended.append(time.monotonic())
        kept.end(Ending.CANCELLED)

    threading.Timer(0.2, end).start()

    with pytest.raises(AttemptOverError):
        kept.insist(silent)

    assert time.monotonic() - ended[0] < 1


def test_no_heartbeat_is_sent_after_the_end() -> None:
    beats: list[float] = []

    def count(_: float) -> Reply:
        beats.append(time.monotonic())
        return GO_ON

    with lease(count):
        wait_for(lambda: beats, "a heartbeat")
    ended = len(beats)
    time.sleep(0.2)

    assert len(beats) == ended > 0


def test_pauses_grow_to_a_bound_and_are_never_in_step() -> None:
    first, second = list(itertools.islice(pauses(), 20)), list(itertools.islice(pauses(), 20))

    assert first != second
    assert first[0] < 0.3
    assert all(pause <= LONGEST_PAUSE for pause in first)
    assert first[-1] >= LONGEST_PAUSE / 2
