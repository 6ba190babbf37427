"""CPU-seconds of a program and all that it started: what a busy machine does not change."""

from __future__ import annotations

import os

from tests.support.embedded_stack import PROC, children

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Of this process and its living descendants, and of their children that were waited for."""
    own = _ticks(pid) / TICKS
    return own + sum(cpu_seconds(child) for child in children(pid))


def _ticks(pid: int) -> int:
    try:
        # The name in parentheses may hold anything.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(field) for field in fields[11:15])
