"""A program and all that descends from it, in whatever groups and sessions, at a hard end."""

import contextlib
import os
import signal
from pathlib import Path


def family_kill(pid: int) -> None:
    """SIGKILL for all of them. They are stopped first: a stopped one starts nothing more, and brings nobody back."""
    stopped: list[int] = []
    while found := [each for each in _family(pid) if each not in stopped]:
        _tell(found, signal.SIGSTOP)
        stopped += found
    _tell(stopped, signal.SIGKILL)


def _family(pid: int) -> list[int]:
    known = [pid]
    for each in known:
        known += [child for child in _children(each) if child not in known]
    return known


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for told in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # that thread has just ended
            found += map(int, told.read_text().split())
    return found


def _tell(pids: list[int], what: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)
