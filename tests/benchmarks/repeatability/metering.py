"""What metering itself costs: CPU-seconds of CodeCarbon's child and of the worker that asks it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from worker.second_opinion import CodeCarbon

WATCH_SECONDS = 60.0
PATIENCE = 120.0
"""For what the child has to say: on a busy machine it comes to it late, and what it has not begun it does not see."""
REAL_RUN_CPU_SECONDS = 435.0
"""One seed of the whole recipe on `original.zip` (docs/measurements.md), on one core: about as long in seconds."""


@dataclass(frozen=True)
class Metering:
    """CPU-seconds: to start CodeCarbon for an attempt, for each phase however long it is, and per second of a phase."""

    start: float
    per_phase: float
    per_second: float

    def of(self, seconds: float, phases: int = 2) -> float:
        """All of an attempt whose phases take so many seconds together."""
        return self.start + phases * self.per_phase + self.per_second * seconds


def metering(country: str, home: Path, watch: float = WATCH_SECONDS) -> Metering:
    """Starts a child, lets it watch a short phase and a long one, and reads the kernel's count of its CPU time."""
    with CodeCarbon(country, home) as second:
        process = second._process
        if process is None:
            raise RuntimeError("CodeCarbon did not start")
        _await(second, lambda: bool(second._modes))
        start = _cpu_seconds(process.pid)
        short, long = (_watched(second, process.pid, seconds) for seconds in (watch / 10, watch))
    per_second = max(0.0, (long - short) / (watch - watch / 10))
    return Metering(start, max(0.0, short - per_second * watch / 10), per_second)


def _await(second: CodeCarbon, is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < until:
        time.sleep(0.05)
        while not second._answers.empty():
            second._read(second._answers.get())


def _watched(second: CodeCarbon, pid: int, seconds: float) -> float:
    """CPU-seconds of one phase, the child's and this process's; a phase that nobody works in but CodeCarbon."""
    before = _cpu_seconds(pid) + time.process_time()
    second.start()
    _await(second, lambda: second._has_started)
    time.sleep(seconds)
    second.stop()
    until = time.monotonic() + PATIENCE
    while second._answers.empty() and time.monotonic() < until:
        time.sleep(0.05)
    opinion = second.opinion(seconds)
    if opinion.kwh is None:
        raise RuntimeError("CodeCarbon gave no figure of a phase that it watched")
    return _cpu_seconds(pid) + time.process_time() - before


def _cpu_seconds(pid: int) -> float:
    """Of the process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(each) for each in fields[11:15]) / os.sysconf("SC_CLK_TCK")
