"""A lease is kept by answers, and ends once, for the first reason there was."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

import pytest

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


def test_answers_keep_it_past_its_length() -> None:
    with lease() as kept:
        time.sleep(0.8)

        kept.check()
        assert kept.remaining() > 0.3


@pytest.mark.parametrize(
    ("beat", "ending"), [(lambda _: STOP, Ending.CANCELLED), (fenced, Ending.FENCED), (silent, Ending.LOST)]
)
def test_it_ends_and_says_why(beat: Callable[[float], Reply], ending: Ending) -> None:
    with lease(beat) as kept:
        assert kept.stop.wait(2)

        assert ending_of(kept) is ending


def test_a_refusal_that_is_no_fencing_only_lets_it_run_down() -> None:
    def refused(_: float) -> Reply:
        raise RefusedError("A heartbeat", 400)

    with lease(refused) as kept:
        assert not kept.stop.wait(0.3)
        assert kept.stop.wait(2)
        assert ending_of(kept) is Ending.LOST


def test_the_first_reason_stays() -> None:
    kept = lease()

    kept.end(Ending.CANCELLED)
    kept.end(Ending.LOST)

    assert ending_of(kept) is Ending.CANCELLED


def test_a_report_keeps_it_as_a_heartbeat_does() -> None:
    kept = lease(length=0.3)
    time.sleep(0.2)

    kept.deliver(lambda: GO_ON)

    assert kept.remaining() > 0.25


def test_it_counts_from_the_question_and_not_from_a_late_answer() -> None:
    kept = lease(length=1.0)

    def slow() -> Reply:
        time.sleep(0.4)
        return GO_ON

    kept.deliver(slow)

    assert kept.remaining() < 0.65


def test_a_heartbeat_may_not_take_longer_than_what_is_left() -> None:
    patience: list[float] = []

    def note(timeout: float) -> Reply:
        patience.append(timeout)
        return GO_ON

    with lease(note, length=0.9):
        time.sleep(0.2)

    assert patience
    assert all(timeout <= 0.3 + 1e-9 for timeout in patience)


def test_what_is_insisted_on_is_tried_until_it_is_answered() -> None:
    tries: list[int] = []

    def third_time_lucky() -> Reply:
        tries.append(1)
        return GO_ON if len(tries) == 3 else silent()

    assert lease(length=5).insist(third_time_lucky) is GO_ON


def test_insisting_ends_with_the_lease() -> None:
    began = time.monotonic()

    with pytest.raises(AttemptOverError):
        lease(length=0.4).insist(silent)

    assert 0.3 < time.monotonic() - began < 1.5


def test_insisting_ends_at_once_when_the_attempt_does() -> None:
    kept = lease(length=60)
    threading.Timer(0.2, lambda: kept.end(Ending.CANCELLED)).start()
    began = time.monotonic()

    with pytest.raises(AttemptOverError):
        kept.insist(silent)

    assert time.monotonic() - began < 1


def test_no_heartbeat_is_sent_after_the_end() -> None:
    beats: list[float] = []

    def count(_: float) -> Reply:
        beats.append(time.monotonic())
        return GO_ON

    with lease(count):
        time.sleep(0.2)
    ended = len(beats)
    time.sleep(0.2)

    assert len(beats) == ended > 0


def test_pauses_grow_to_a_bound_and_are_never_in_step() -> None:
    first, second = list(itertools.islice(pauses(), 20)), list(itertools.islice(pauses(), 20))

    assert first != second
    assert first[0] < 0.3
    assert all(pause <= LONGEST_PAUSE for pause in first)
    assert first[-1] >= LONGEST_PAUSE / 2
