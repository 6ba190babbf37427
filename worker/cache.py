"""A bounded cache of blobs by digest: what one attempt fetched, the next need not."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import BinaryIO

import structlog

CHUNK = 1024 * 1024
READ_ONLY = 0o444
ARRIVING = ".arriving-"
log = structlog.get_logger()

Fetch = Callable[[], AbstractContextManager[Iterator[bytes]]]


class DamagedError(Exception):
    """What arrived is not what the digest or the size promised."""


class Cache:
    """Files named by their sha256, at most `bound` bytes of them; the longest unused goes first.

    Several workers may share one folder: files appear whole by a rename and are handed out as hard links.
    """

    def __init__(self, folder: Path, bound: int) -> None:
        self._folder = folder
        self._bound = bound
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for arriving in folder.glob(f"{ARRIVING}*"):
            _remove_if_abandoned(arriving)

    def place(self, sha256: str, size: int, target: Path, fetch: Fetch) -> None:
        """Put the blob at `target`, fetched only if it is not kept. Raises DamagedError, or what `fetch` raises."""
        kept = self._folder / sha256
        if not _is_whole(kept, sha256, size):
            self._keep(kept, sha256, size, fetch)
        os.utime(kept)
        target.unlink(missing_ok=True)
        target.hardlink_to(kept)
        self._evict()

    def _keep(self, kept: Path, sha256: str, size: int, fetch: Fetch) -> None:
        handle, name = tempfile.mkstemp(prefix=ARRIVING, dir=self._folder)
        arriving = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                with fetch() as pieces:
                    _write_checked(file, pieces, sha256, size)
            arriving.chmod(READ_ONLY)
            arriving.rename(kept)
        finally:
            arriving.unlink(missing_ok=True)

    def _evict(self) -> None:
        files = sorted(_stats(self._folder), key=lambda pair: pair[1].st_mtime)
        total = sum(stat.st_size for _, stat in files)
        for path, stat in files:
            if total <= self._bound:
                return
            # Attempts hold hard links, so that their copies stay while they need them.
            path.unlink(missing_ok=True)
            total -= stat.st_size
            log.info("evicted from the cache", sha256=path.name, bytes=stat.st_size)


def sha256_of(path: Path) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove_if_abandoned(arriving: Path) -> None:
    """Whoever writes it holds a lock on it, which ends with the process."""
    with suppress(FileNotFoundError, BlockingIOError), arriving.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        arriving.unlink()


def _is_whole(path: Path, sha256: str, size: int) -> bool:
    # Hashed at every use: a cache that silently went bad would change scores, and a hash costs less than a download.
    return path.is_file() and path.stat().st_size == size and sha256_of(path) == sha256


def _write_checked(file: BinaryIO, pieces: Iterator[bytes], sha256: str, size: int) -> None:
    digest, length = hashlib.sha256(), 0
    for piece in pieces:
        length += len(piece)
        if length > size:
            raise DamagedError(f"More than the promised {size} bytes arrived.")
        digest.update(piece)
        file.write(piece)
    if length != size or digest.hexdigest() != sha256:
        raise DamagedError(f"{length} of {size} bytes arrived, or other bytes than promised.")


def _stats(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for entry in os.scandir(folder):
        if not entry.name.startswith("."):
            yield Path(entry.path), entry.stat()
