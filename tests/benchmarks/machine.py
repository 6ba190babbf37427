"""The machine in a line, and how busy it is: figures that were taken beside other work say so."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")


def describe() -> str:
    """Processor, cores, load, Python."""
    named = re.search(r"^model name\s*:\s*(.+)$", CPUINFO.read_text() if CPUINFO.exists() else "", re.MULTILINE)
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    name = named[1] if named else platform.machine()
    return f"{name}, {cores} cores, load {load:.1f} before the start, Python {platform.python_version()}"
