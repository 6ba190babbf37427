"""Python reads this at its start where the campaign wants a clock that can jump: the file says by how many seconds."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import time_machine

LOOK = 0.1


def follow(file: Path) -> None:
    """Set the process's clock whenever the file changes; monotonic time stays what it is."""
    shown, travel = 0, None
    while True:
        seconds = int(file.read_text())
        if seconds != shown:
            if travel is not None:
                travel.stop()
            travel = time_machine.travel(time.time() + seconds, tick=True)
            travel.start()
            shown = seconds
        threading.Event().wait(LOOK)


threading.Thread(target=follow, args=(Path(os.environ["FIXPOINT_CAMPAIGN_CLOCK"]),), name="clock", daemon=True).start()
