"""Forks that compute for this process: none outlives it, and Ctrl-C is its affair."""

from __future__ import annotations

import ctypes
import signal
from multiprocessing.process import BaseProcess

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def belong_to_parent() -> None:
    """To be called first in a fork: it ends when its parent does, and leaves a terminal's Ctrl-C to it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def exit_of(process: BaseProcess) -> int:
    """How a process ended whose pipe did: its status, negative for a signal."""
    process.join()
    return process.exitcode or 0
