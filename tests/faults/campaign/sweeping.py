"""What of a stack outlives its programs' ends: processes, mounts and control groups, by the name of its folder."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from worker.sandbox.tree import WORKER_MARK

GROUPS = Path("/sys/fs/cgroup")
MARK = "FIXPOINT_CAMPAIGN_STACK"
"""Variable in the environment of every program of a stack and of what they start; its value is the stack's folder."""
PATIENCE = 10.0


def sweep(folder: Path) -> None:
    """End, unmount and remove all of it; call it once the programs were told to end."""
    deadline = time.monotonic() + PATIENCE
    while (left := processes(folder)) and time.monotonic() < deadline:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    for mount in reversed(mounts_under(folder)):
        subprocess.run(["umount", "--lazy", mount], check=False)
    while not _removed(groups(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)


def processes(folder: Path) -> list[int]:
    """Those of its programs and sandboxes, and those in its control groups."""
    found = {pid for group in groups(folder) for pid in _members(group)}
    found |= {int(each.name) for each in Path("/proc").glob("[0-9]*") if _belongs(each, folder)}
    return sorted(found - {0, os.getpid()})


def mounts_under(folder: Path) -> list[str]:
    """Where something is mounted below a folder, in the order in which it was."""
    lines = Path("/proc/self/mounts").read_text().splitlines()
    return [line.split()[1] for line in lines if line.split()[1].startswith(f"{folder}/")]


def groups(folder: Path) -> list[Path]:
    """Its Engine's control groups, of either version, the outer ones first."""
    tops = [*GROUPS.glob(folder.name), *GROUPS.glob(f"*/{folder.name}")]
    return [Path(path) for top in tops for path, _, _ in os.walk(top)]


def _members(group: Path) -> list[int]:
    with suppress(OSError):  # it may be removed meanwhile
        return [int(pid) for pid in (group / "cgroup.procs").read_text().split()]
    return []


def _removed(found: list[Path]) -> bool:
    for group in reversed(found):
        with suppress(OSError):  # busy as long as somebody dies in it
            group.rmdir()
    return not any(group.exists() for group in found)


def _belongs(process: Path, folder: Path) -> bool:
    try:
        told = (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
    sandbox = f"{WORKER_MARK}={folder.name}-".encode()
    return f"{MARK}={folder}".encode() in told or any(each.startswith(sandbox) for each in told)
