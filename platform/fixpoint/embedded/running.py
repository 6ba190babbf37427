"""Whether a stack runs from a home folder: told by its supervisor's pid file."""

import os
from pathlib import Path


def is_running(home: Path) -> bool:
    """Whether the supervisor that wrote this home's pid file is alive."""
    return _supervisor(home) is not None


def running_settings(home: Path) -> dict[str, str]:
    """The variables FIXPOINT_… of the running stack; none where none runs, or only another user's."""
    pid = _supervisor(home)
    if pid is None:
        return {}
    try:
        told = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        return {}
    pairs = (each.partition("=") for each in told.split("\0"))
    return {name: value for name, _, value in pairs if name.startswith("FIXPOINT_")}


def _supervisor(home: Path) -> int | None:
    try:
        pid = int((home / "run" / "supervisor.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None
    try:
        os.kill(pid, 0)
        return pid if b"supervisord" in Path(f"/proc/{pid}/cmdline").read_bytes() else None
    except (ProcessLookupError, FileNotFoundError):
        return None
    except PermissionError:
        return pid  # alive, and somebody else's
