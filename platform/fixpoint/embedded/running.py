"""Whether a stack runs from a home folder: told by its supervisor's pid file."""

import os
from pathlib import Path


def is_running(home: Path) -> bool:
    """Whether the supervisor that wrote this home's pid file is alive."""
    path = home / "run" / "supervisor.pid"
    try:
        pid = int(path.read_text())
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True  # alive, and somebody else's
    return b"supervisord" in Path(f"/proc/{pid}/cmdline").read_bytes()
