"""A neighbour that takes all it can get: one busy loop on every core, ended with the block."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

BURN = "while True: sum(range(10000))"


@contextmanager
def neighbour() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Its processes, pinned to a core each."""
    burners = [
        subprocess.Popen([sys.executable, "-c", f"import os; os.sched_setaffinity(0, {{{core}}})\n{BURN}"])
        for core in sorted(os.sched_getaffinity(0))
    ]
    try:
        yield burners
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
