"""The right to work on an attempt: kept by heartbeats, ended by a cancel, by fencing or by silence."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from types import TracebackType
from typing import Self, TypeVar

import structlog

from worker.contract import Answer, Reply
from worker.platform_client import FencedError, RefusedError, UnreachableError

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
log = structlog.get_logger()
Result = TypeVar("Result")


class Ending(StrEnum):
    """Why an attempt is no longer ours."""

    CANCELLED = "cancelled"
    FENCED = "fenced"
    LOST = "lost"


class AttemptOverError(Exception):
    """The attempt is no longer ours: clean up, say nothing more."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(f"The attempt is over: {ending}.")
        self.ending = ending


class Lease:
    """Beats in a thread of its own while the `with` block runs; `stop` is set the moment the attempt is over."""

    def __init__(self, beat: Callable[[float], Reply], *, heartbeat_seconds: float, lease_seconds: float) -> None:
        self.stop = threading.Event()
        self._beat = beat
        self._interval = heartbeat_seconds
        self._length = lease_seconds
        self._heard = time.monotonic()
        self._ending: Ending | None = None
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def remaining(self) -> float:
        """Seconds until the platform may give the attempt to another."""
        return self._heard + self._length - time.monotonic()

    def ask(self, call: Callable[[], Reply]) -> None:
        """Make one call and obey its answer. Raises UnreachableError; a refusal ends the attempt instead."""
        try:
            self._obey(*_timed(call))
        except FencedError:
            self.end(Ending.FENCED)

    def insist(self, call: Callable[[], Result]) -> Result:
        """Make a call again and again until it is answered. Raises AttemptOverError, or what the answer says."""
        for pause in pauses():
            self.check()
            try:
                return call()
            except UnreachableError as error:
                log.warning("will try again", reason=str(error), seconds_left=round(self.remaining(), 1))
            if self.remaining() <= 0:
                self.end(Ending.LOST)
            self.stop.wait(max(0.0, min(pause, self.remaining())))
        raise AssertionError("pauses() never ends")

    def deliver(self, call: Callable[[], Reply]) -> None:
        """Make a call until it is answered, and obey the answer. Raises AttemptOverError."""
        try:
            self._obey(*self.insist(lambda: _timed(call)))
        except FencedError:
            self.end(Ending.FENCED)
        self.check()

    def check(self) -> None:
        """Raise AttemptOverError if the attempt is over."""
        if self._ending is not None:
            raise AttemptOverError(self._ending)

    def end(self, ending: Ending) -> None:
        """Stop everything that works on the attempt; the first reason stays."""
        with self._lock:
            self._ending = self._ending or ending
        self.stop.set()

    def _obey(self, sent: float, reply: Reply) -> None:
        self._heard = max(self._heard, sent)
        if reply.answer is Answer.CANCEL:
            self.end(Ending.CANCELLED)

    def _keep(self) -> None:
        while not self.stop.is_set() and not self._done.wait(self._interval):
            try:
                self.ask(lambda: self._beat(self._patience()))
            except (UnreachableError, RefusedError) as error:
                log.warning("a heartbeat went unheard", reason=str(error), seconds_left=round(self.remaining(), 1))
            if self.remaining() <= 0:
                self.end(Ending.LOST)

    def _patience(self) -> float:
        # A heartbeat that hangs must not outlive the lease that it should keep.
        return max(0.1, min(5.0, self._length / 3, self.remaining()))


def _timed(call: Callable[[], Reply]) -> tuple[float, Reply]:
    # The platform's lease began no earlier than the question left: counting from there errs on the safe side.
    sent = time.monotonic()
    return sent, call()


def pauses() -> Iterator[float]:
    """Growing pauses with jitter, so that many workers do not come back in step."""
    pause = FIRST_PAUSE
    while True:
        yield pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
        pause = min(pause * 2, LONGEST_PAUSE)
