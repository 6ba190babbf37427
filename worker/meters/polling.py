"""Looks at a counter again and again while a phase runs, in a thread that sleeps between."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Polling:
    """Calls `look` every so many seconds, and a last time when it is stopped; `look` must not raise."""

    def __init__(self, look: Callable[[], None], seconds: float) -> None:
        self._look = look
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="energy counter", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Wait for the look in hand, and look once more."""
        self._over.set()
        self._thread.join()
        self._look()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            self._look()
