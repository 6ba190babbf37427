"""The peak of a process's own resident memory. (`ru_maxrss` would begin at that of the process that started it.)"""

from __future__ import annotations

import re
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_rss_mib() -> float:
    """MiB, since the program was loaded."""
    found = re.search(r"^VmHWM:\s*(\d+) kB$", STATUS.read_text(), re.MULTILINE)
    if found is None:
        raise OSError(f"{STATUS} names no peak: resident memory is measured on Linux")
    return int(found[1]) / 1024
