"""The watch that ends a run: deadline, stop, output size and memory, seen from outside the program."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from worker.contract import Limits
from worker.sandbox.folder import empty, free_bytes, free_files, measure
from worker.sandbox.protocol import Exit, Outcome, SandboxError

TICK = 0.05
"""Seconds between two looks at the clock and at `stop`."""

LOOK = 0.2
"""Seconds between two looks at the output folder and at what is used."""

KILL_PATIENCE = 10.0
"""Seconds for a killed program to be gone, before that is an error of ours."""

KILL_AGAIN = 0.5
"""Seconds between two kills of a program that does not go."""

FREE_FLOOR = 1024**3
"""Free bytes that the output's file system keeps, whatever hides there: a deleted file that is open has no name."""


FREE_FILES = 64 * 1024
"""The same in files: one that is deleted and open keeps its inode."""


@dataclass(frozen=True)
class Usage:
    """What a program used until now; None where nobody can say. Both only grow."""

    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None


class Running(Protocol):
    """A started program. Neither method may block for long; `ended` is set when nothing of it runs any more."""

    ended: threading.Event

    def usage(self) -> Usage:
        """Until now."""
        ...

    def kill(self) -> None:
        """Ask for the end of all of it, at once. May be called again."""
        ...


@dataclass(frozen=True)
class Breach:
    """Why the watch ended a run."""

    outcome: Outcome
    limit: str = ""
    allowed: float | None = None
    used: float | None = None


@dataclass(frozen=True)
class Watched:
    """A run that is over. `breach` is None where the program ended by itself, within its limits."""

    breach: Breach | None
    wall_seconds: float
    usage: Usage


class Watch:
    """Looks after one run. It is made before the program begins: what is free then is what the host's room is told by,
    for a program that is quick would else have taken it before anybody had looked.
    """

    def __init__(self, *, output: Path, limits: Limits, stop: threading.Event) -> None:
        self.output = output
        self.limits = limits
        self.stop = stop
        self.floor = min(FREE_FLOOR, free_bytes(output) // 2)
        self.files_floor = min(FREE_FILES, (free_files(output) or 0) // 2)
        self.looked = 0.0

    def until_the_end(self, running: Running) -> Watched:
        """Block until the program is gone, by itself or by us; its time counts from here.

        Raises SandboxError if it cannot be killed.
        """
        started = time.monotonic()
        breach = None
        while breach is None and not running.ended.wait(TICK):
            breach = self._breach(running, time.monotonic() - started)
        if breach is not None:
            _kill(running)
        wall = time.monotonic() - started
        breach = breach or self._output_breach()
        if breach is not None:
            # Nobody reads it any more, and what it holds may be made to trip whoever tidies up.
            empty(self.output)
        return Watched(breach, wall, running.usage())

    def _breach(self, running: Running, wall: float) -> Breach | None:
        if self.stop.is_set():
            return Breach(Outcome.CANCELLED)
        if wall > self.limits.wall_seconds:
            return Breach(Outcome.TIMEOUT, "wall_seconds", self.limits.wall_seconds, wall)
        now = time.monotonic()
        if now - self.looked < LOOK:
            return None
        self.looked = now
        return self._output_breach() or self._memory_breach(running)

    def _output_breach(self) -> Breach | None:
        size = measure(self.output, enough=self.limits.output_files)
        if size.bytes > self.limits.output_bytes:
            return Breach(Outcome.DISK, "output_bytes", self.limits.output_bytes, size.bytes)
        if size.files > self.limits.output_files:
            return Breach(Outcome.DISK, "output_files", self.limits.output_files, size.files)
        return self._room_breach()

    def _room_breach(self) -> Breach | None:
        free = free_bytes(self.output)
        if free < self.floor:
            return Breach(Outcome.DISK, "free_bytes", self.floor, free)
        files = free_files(self.output)
        if files is not None and files < self.files_floor:
            return Breach(Outcome.DISK, "free_files", self.files_floor, files)
        return None

    def _memory_breach(self, running: Running) -> Breach | None:
        used = running.usage().peak_memory_bytes
        if used is None or used <= self.limits.memory_bytes:
            return None
        return Breach(Outcome.MEMORY, "memory_bytes", self.limits.memory_bytes, used)


def _kill(running: Running) -> None:
    patience = time.monotonic() + KILL_PATIENCE
    while time.monotonic() < patience:
        running.kill()
        if running.ended.wait(KILL_AGAIN):
            return
    raise SandboxError("A program that was killed did not end.")


def exit_of(watched: Watched, *, status: int, out_of_memory: bool, limits: Limits, log: str) -> Exit:
    """The Exit of a run that is over. `status` is 128 + n after signal n."""
    breach, usage = watched.breach, watched.usage
    if breach is None and out_of_memory and status != 0:
        used = max(usage.peak_memory_bytes or 0, limits.memory_bytes)
        breach = Breach(Outcome.MEMORY, "memory_bytes", limits.memory_bytes, used)
    numbers = (watched.wall_seconds, usage.cpu_seconds, usage.peak_memory_bytes, log)
    if breach is None:
        return Exit(Outcome.OK if status == 0 else Outcome.CRASHED, status, *numbers)
    return Exit(breach.outcome, None, *numbers, breach.limit, breach.allowed, breach.used)
