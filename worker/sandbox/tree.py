"""Processes of this host, read from /proc: who descends from whom, what they use, and how to end them."""

import os
import select
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from worker.sandbox.watch import Usage

WORKER_MARK = "FIXPOINT_WORKER"
RUN_MARK = "FIXPOINT_RUN"
"""Variables by which a worker finds again what it started."""

DYING_SECONDS = 10
"""How long a process that was killed may take to be gone: what it held in memory is given back first."""

AT_ONCE = 256
"""Processes whose end is waited for together: each costs a descriptor, of which a worker may have a thousand."""

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
GONE = (FileNotFoundError, ProcessLookupError)


def family(pid: int) -> list[int]:
    """`pid` and its living descendants, parents first."""
    known = [pid]
    for parent in known:
        known.extend(child for child in _children(parent) if child not in known)
    return known


def _children(pid: int) -> list[int]:
    with suppress(*GONE):
        threads = list((PROC / str(pid) / "task").iterdir())
        return [child for thread in threads for child in _started_by(thread)]
    return []


def _started_by(thread: Path) -> list[int]:
    # One that has ended since it was listed must not hide what the others started.
    with suppress(*GONE):
        return [int(child) for child in (thread / "children").read_text().split()]
    return []


def usage_of(pids: Iterable[int]) -> Usage:
    """CPU seconds of the processes and of the children they waited for, and bytes in memory now, summed."""
    ticks = 0
    memory = 0
    for pid in pids:
        with suppress(*GONE):
            # The name in parentheses may hold anything, spaces and parentheses too.
            fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
            memory += _bytes_of(pid, resident=int(fields[21]) * PAGE)
    return Usage(ticks / TICKS, memory)


def _bytes_of(pid: int, *, resident: int) -> int:
    """A process's part of what it holds in memory; all that is resident where the kernel does not tell the parts."""
    # A page that n processes share since a fork stands as an nth in each: summed, it is counted once.
    with suppress(*GONE, PermissionError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return resident


def marked(mark: str) -> list[int]:
    """Processes that were started with `mark` ("NAME=value") in their environment, as far as we may look."""
    wanted = mark.encode()
    found = []
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with suppress(*GONE, PermissionError):
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
    return found


def kill(pids: Iterable[int]) -> int:
    """SIGKILL to each that is still there; returns to how many."""
    killed = 0
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed


def kill_and_wait(pids: Iterable[int]) -> int:
    """SIGKILL to each that is still there, and wait until they are gone; returns to how many."""
    deadline = time.monotonic() + DYING_SECONDS
    return sum(_kill_and_wait(few, deadline) for few in _in_parts(pids))


def _in_parts(pids: Iterable[int]) -> Iterator[list[int]]:
    # A program may have left more than we may hold descriptors.
    left = iter(pids)
    while few := list(islice(left, AT_ONCE)):
        yield few


def _kill_and_wait(pids: Iterable[int], deadline: float) -> int:
    handles: list[int] = []
    killed = 0
    try:
        for pid in pids:
            with suppress(ProcessLookupError):
                handles.append(os.pidfd_open(pid))
                signal.pidfd_send_signal(handles[-1], signal.SIGKILL)
                killed += 1
        _wait_for_the_end(handles, deadline)
    finally:
        for handle in handles:
            os.close(handle)
    return killed


def _wait_for_the_end(handles: list[int], deadline: float) -> None:
    poll, alive = select.poll(), set(handles)
    for handle in handles:
        poll.register(handle, select.POLLIN)
    while alive and (left := deadline - time.monotonic()) > 0:
        for ended, _ in poll.poll(left * 1000):
            poll.unregister(ended)
            alive.discard(ended)
