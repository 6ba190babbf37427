"""Waiting for something to become so, with a bound."""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK = 0.1


class WaitedInVainError(AssertionError):
    """It did not become so in time."""


def wait_until(is_so: Callable[[], bool], what: str, seconds: float) -> float:
    """Look again and again; returns the seconds that it took. Raises WaitedInVainError."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > seconds:
            raise WaitedInVainError(f"waited {seconds:g} seconds in vain for {what}")
        time.sleep(LOOK)
    return time.monotonic() - began
