"""A program and all that descends from it, in whatever groups and sessions, at a hard end."""

import contextlib
import os
import signal
from pathlib import Path

_GONE = (FileNotFoundError, ProcessLookupError)
"""What a process answers that has just ended."""


def family_kill(pid: int) -> None:
    """SIGKILL for all of them. They are stopped first: a stopped one starts nothing more, and brings nobody back."""
    stopped: list[int] = []
    try:
        while found := [each for each in _family(pid) if each not in stopped]:
            _tell(found, signal.SIGSTOP)
            stopped += found
    finally:
        _tell(stopped, signal.SIGKILL)


def _family(pid: int) -> list[int]:
    known = [pid]
    for each in known:
        known += [child for child in _children(each) if child not in known]
    return known


def _children(pid: int) -> list[int]:
    with contextlib.suppress(*_GONE):
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return [child for thread in threads for child in _started_by(thread)]
    return []


def _started_by(thread: Path) -> list[int]:
    # One that has ended since it was listed must not hide what the others started.
    with contextlib.suppress(*_GONE):
        return [int(child) for child in (thread / "children").read_text().split()]
    return []


def _tell(pids: list[int], what: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # what took another user on is not ours to end
            os.kill(pid, what)
