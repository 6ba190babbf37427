"""The content-addressed store: a file's name is the sha256 of its bytes, so nothing is ever stored twice.

Where it is no folder of this machine, each of these may raise StoreAwayError (away.py).
"""

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from fixpoint.blobs.doom import doom_lift

_CHUNK = 2**20
_READERS = ThreadPoolExecutor(16, "reader")
"""Of their own: downloads from a slow store hold up nothing else that is done beside the event loop."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


class BlobMissingError(LookupError):
    """The store holds no such blob."""


@dataclass(frozen=True)
class Stored:
    """A blob's identity: sha256 in hex, and its size in bytes."""

    sha256: str
    size: int


@runtime_checkable
class Signing(Protocol):
    """A storage that others may read from, by addresses that it signs."""

    def signed_address(self, name: str, *, seconds: int) -> str:
        """The address of one file; "" if it is to hand out none."""


class _Moved(File):  # type: ignore[type-arg]  # generic in the stubs only
    """A file on disk that a folder store takes by renaming, and any other store by reading."""

    def temporary_file_path(self) -> str:
        """Where Django's FileSystemStorage finds the file to rename."""
        return str(self.name)


def store() -> Storage:
    """The storage named `blobs` in the settings: a folder by default."""
    return storages["blobs"]


def store_place() -> str:
    """Where the store is, for a person: a folder, or what the storage calls its place."""
    blobs = store()
    return str(blobs.place) if hasattr(blobs, "place") else blobs.path("")


def store_folder() -> Path | None:
    """The folder on this machine that is the store, if it is one."""
    blobs = store()
    return Path(blobs.path("")) if isinstance(blobs, FileSystemStorage) else None


def store_address(sha256: str, *, seconds: int) -> str:
    """An address that reads this blob straight from the store, for a while; "" where the store hands out none."""
    blobs = store()
    return blobs.signed_address(_name(sha256), seconds=seconds) if isinstance(blobs, Signing) else ""


def digest_of(file: BinaryIO) -> Stored:
    """The identity of an open file's bytes from where it stands to its end; constant memory."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Stored(digest.hexdigest(), size)


def path_identity(path: Path) -> Stored:
    """The identity of a file on the local disk."""
    with path.open("rb") as file:
        return digest_of(file)


def blob_take(path: Path, known: Stored | None = None) -> Stored:
    """Move a file from the local disk into the store, whole or not at all; `known` is its identity, just taken."""
    with path.open("rb") as file:
        stored = known or digest_of(file)
        file.seek(0)
        name = _name(stored.sha256)
        if blob_keep(stored):
            path.unlink()
        else:
            os.utime(path)  # stored now, whenever its bytes were written: the sweep leaves what is new alone
            store().save(name, _Moved(file, name=str(path)))
            path.unlink(missing_ok=True)
    return stored


def blob_copy(path: Path, known: Stored) -> None:
    """Put a file of the local disk into a store that is no folder, and leave it; `known` is its identity."""
    with path.open("rb") as file:
        store().save(_name(known.sha256), _Moved(file, name=str(path)))


def is_kept(stored: Stored) -> bool:
    """Whether the store holds it whole: a copy that was cut off, as between two file systems, is not the blob."""
    try:
        return blob_size(stored.sha256) == stored.size
    except BlobMissingError:
        return False


def blob_open(sha256: str) -> BinaryIO:
    """Open a blob for reading; BlobMissingError if there is none."""
    try:
        return store().open(_name(sha256), "rb")  # type: ignore[return-value]
    except FileNotFoundError as error:
        raise BlobMissingError(sha256) from error


def is_blob(sha256: str) -> bool:
    """Whether the store holds this blob."""
    return is_digest(sha256) and store().exists(_name(sha256))


def blob_size(sha256: str) -> int:
    """Size in bytes; BlobMissingError if there is none."""
    try:
        return store().size(_name(sha256))
    except FileNotFoundError as error:
        raise BlobMissingError(sha256) from error


def blob_stored_at(sha256: str) -> datetime:
    """Since when it has been in the store; BlobMissingError if there is none."""
    try:
        return store().get_modified_time(_name(sha256))
    except FileNotFoundError as error:
        raise BlobMissingError(sha256) from error


def blob_delete(sha256: str) -> None:
    """Delete a blob, or nothing; only `sweeping` may know that nobody needs it."""
    store().delete(_name(sha256))


def blob_keep(stored: Stored) -> bool:
    """Whether the store holds it whole, and goes on holding it though nothing may name it yet; else it must be stored.

    Whoever is about to name bytes that may be stored already asks this, and not `is_kept`, which only looks.
    """
    try:
        doom_lift(sha256=stored.sha256, stored_at=blob_stored_at(stored.sha256))
        return is_kept(stored)
    except (BlobMissingError, FileNotFoundError):  # it went between two looks
        return False


def blob_read(sha256: str, *, at_most: int) -> bytes:
    """A small blob's bytes; ValueError if it is larger than `at_most`."""
    if blob_size(sha256) > at_most:
        raise ValueError(f"The blob {sha256[:12]} is larger than {at_most} bytes.")
    with blob_open(sha256) as file:
        return file.read()


async def chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    """The file in pieces of 1 MiB, read beside the event loop, closed at the end."""
    loop = asyncio.get_running_loop()
    try:
        while chunk := await loop.run_in_executor(_READERS, file.read, _CHUNK):
            yield chunk
    finally:
        # Not here: whoever hangs up leaves a read behind, and to close the file is to wait for it.
        _READERS.submit(file.close)


async def made(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """What is made while it is sent, each piece beside the event loop."""
    loop = asyncio.get_running_loop()
    while (piece := await loop.run_in_executor(_READERS, next, pieces, None)) is not None:
        yield piece


def is_digest(name: str) -> bool:
    """Whether this is the form of a blob's name."""
    return bool(_DIGEST.fullmatch(name))


def _name(sha256: str) -> str:
    if not is_digest(sha256):
        raise BlobMissingError(sha256)
    return f"{sha256[:2]}/{sha256}"
