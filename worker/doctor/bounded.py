"""A check is asked for a bounded time, and what breaks it is a finding."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from worker.contract import Finding, Level


def bounded(run: Callable[[], Finding], *, seconds: float, advice: str) -> Finding:
    """What the check finds; a FAIL with this advice where it breaks, or does not end in time."""
    # A thread that is left behind: nothing else gets away from a call that never comes back.
    found: SimpleQueue[Finding] = SimpleQueue()
    threading.Thread(target=lambda: found.put(_attempt(run, advice)), daemon=True).start()
    try:
        return found.get(timeout=seconds)
    except Empty:
        return Finding(Level.FAIL, f"no answer within {seconds:.0f} seconds", advice)


def _attempt(run: Callable[[], Finding], advice: str) -> Finding:
    try:
        return run()
    except Exception as error:  # noqa: BLE001 - a check that breaks is a finding, and must not hide the others
        return Finding(Level.FAIL, f"{type(error).__name__}: {error}", advice)
