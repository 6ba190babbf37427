"""One folder per attempt, gone when the attempt is; and the sweeping up of folders whose worker died."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

ATTEMPTS = "attempts"
CACHE = "cache"
LOCK = "lock"
GATE = ".gate"
LOCK_FLAGS = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
log = structlog.get_logger()


@contextmanager
def attempt_folder(scratch: Path) -> Generator[Path]:
    """A new folder that this process holds a lock on, removed at the end whatever happens."""
    folder, lock = _new_folder(scratch / ATTEMPTS)
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(lock)


def sweep(scratch: Path) -> int:
    """Remove the folders of attempts whose process is gone; returns how many. Living neighbours hold their locks."""
    parent = scratch / ATTEMPTS
    if not parent.is_dir():
        return 0
    with _gate(parent):
        return sum(_sweep_one(folder) for folder in parent.iterdir() if folder.is_dir())


def _new_folder(parent: Path) -> tuple[Path, int]:
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _gate(parent):
        folder = Path(tempfile.mkdtemp(dir=parent))
        lock = os.open(folder / LOCK, LOCK_FLAGS, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


@contextmanager
def _gate(parent: Path) -> Generator[None]:
    """One process at a time, so that nobody sweeps a folder between its making and its locking."""
    gate = os.open(parent / GATE, LOCK_FLAGS, 0o600)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


def _sweep_one(folder: Path) -> bool:
    try:
        lock = os.open(folder / LOCK, LOCK_FLAGS, 0o600)
    except OSError as error:
        log.warning("a leftover folder could not be opened", folder=folder.name, reason=error.strerror)
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return _remove(folder)
    finally:
        os.close(lock)


def _remove(folder: Path) -> bool:
    """Remove a tree, even one that a program closed to us or nested deeper than Python can follow."""
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        # Neither program follows links below the folder that it is given.
        for command in (("chmod", "-R", "u+rwx"), ("rm", "-rf")):
            subprocess.run([*command, "--", str(folder)], check=False, stderr=subprocess.DEVNULL)
    if folder.exists():
        log.error("an attempt's folder could not be removed", folder=folder.name)
    return not folder.exists()
