"""The scratch folder: whether a worker may write there, and whether its disk has room for cache and outputs."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from worker.contract import Finding, Level
from worker.scratch import CACHE
from worker.settings import Settings

GIB = 2**30
RUN_BYTES = 2 * GIB
"""A run's inputs unpacked and its outputs, beside what the cache may grow to."""


def scratch(settings: Settings, run_bytes: int = RUN_BYTES) -> Finding:
    """A small file written and removed; free space beside what the cache may still take, which itself is optional."""
    folder = _there(settings.scratch)
    try:
        # Where it is missing nothing is made: it would be ours, and the worker's user perhaps another.
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        return Finding(Level.FAIL, f"{folder} cannot be written: {error.strerror}", _advice(error))
    free = shutil.disk_usage(folder).free
    growth = max(settings.cache_bytes - _held(settings.scratch / CACHE), 0)
    found = f"{free / GIB:.1f} GiB free at {settings.scratch}, {growth / GIB:.1f} of it for the cache to grow"
    if free < run_bytes:
        advice = f"make room: a run wants {run_bytes / GIB:.1f} GiB; with the workers stopped the folder may be emptied"
        return Finding(Level.FAIL, found, advice)
    if free < growth + run_bytes:
        advice = "make room, or set FIXPOINT_WORKER_CACHE_BYTES lower"
        return Finding(Level.WARN, f"{found}, and {run_bytes / GIB:.1f} for a run", advice)
    return Finding(Level.OK, found)


def _advice(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "give FIXPOINT_WORKER_SCRATCH to the user that runs the worker (chown)"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "make room; with the workers stopped the folder may be emptied"
    return "see that its disk is there, whole, and mounted for writing (mount, dmesg)"


def _there(path: Path) -> Path:
    """The folder, or what it will be made in."""
    return next(each for each in (path, *path.parents) if each.exists())


def _held(cache: Path) -> int:
    held = 0
    for entry in os.scandir(cache) if cache.is_dir() else ():
        with suppress(FileNotFoundError):  # a worker has just evicted it
            held += 0 if entry.name.startswith(".") else entry.stat().st_size
    return held
