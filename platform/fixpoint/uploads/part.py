"""The growing file of an upload: its size is the offset, and its lock lets one request at a time write.

The lock is the kernel's (flock): it holds between all web processes of a machine, and goes with one that is killed.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from uuid import UUID

from django.conf import settings

_CHUNK = 2**20


class PartLockedError(Exception):
    """Another request, or the sweeper, holds it."""


def parts_folder() -> Path:
    """Where unfinished files lie: on the file system of the other uploads, so that a whole one is moved, not copied."""
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def part_path(upload_id: UUID) -> Path:
    """The file of this upload, which need not exist."""
    return parts_folder() / f"{upload_id}.part"


def part_bytes(upload_id: UUID) -> int:
    """Bytes that have arrived, some of them perhaps only on their way to the disk."""
    try:
        return part_path(upload_id).stat().st_size
    except FileNotFoundError:
        return 0


def part_size(upload_id: UUID) -> int:
    """Bytes that are there for good: on the disk, and not merely on their way to it."""
    try:
        file = os.open(part_path(upload_id), os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        size = os.fstat(file).st_size  # first: what is written meanwhile is not promised
        os.fsync(file)
    finally:
        os.close(file)
    return size


class Part:
    """An upload's file, held by this request alone. Use it in a `with` block. Raises PartLockedError."""

    def __init__(self, upload_id: UUID) -> None:
        self.path = part_path(upload_id)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._expect_in_place()
        except BlockingIOError as error:
            os.close(self._file)
            raise PartLockedError from error
        except PartLockedError:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def size(self) -> int:
        """Bytes in it."""
        return os.fstat(self._file).st_size

    def append(self, data: bytes) -> None:
        """Write at the end. What a full disk still took stays: it is the file's true beginning."""
        left = memoryview(data)
        while left:
            left = left[os.write(self._file, left) :]

    def append_from(self, file: BinaryIO) -> None:
        """Append another file from where it stands."""
        while chunk := file.read(_CHUNK):
            self.append(chunk)

    def cut(self, size: int) -> None:
        """Take back what was appended after the first `size` bytes."""
        os.ftruncate(self._file, size)

    def keep(self) -> None:
        """Return when the bytes, and the file's name, would outlive a power cut."""
        os.fsync(self._file)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def second_name(self) -> Path:
        """The same file under another name, to be moved away, while this one stays until that has succeeded."""
        path = self.path.with_suffix(".zip")
        path.unlink(missing_ok=True)
        path.hardlink_to(self.path)
        return path

    def remove(self) -> None:
        """Delete it; the lock is held until it is closed."""
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let others write."""
        os.close(self._file)

    def _expect_in_place(self) -> None:
        # Whoever held the lock before may have moved the file into the store: its bytes are nobody's to write any more.
        try:
            there = self.path.stat()
        except FileNotFoundError as error:
            raise PartLockedError from error
        if not os.path.samestat(there, os.fstat(self._file)):
            raise PartLockedError
