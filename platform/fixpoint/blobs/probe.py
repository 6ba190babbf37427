"""Tries the store with a small file that nobody else will ever see."""

import hashlib
import secrets

from django.core.files.base import ContentFile

from fixpoint.blobs.store import Stored, digest_of, store

_BYTES = 64 * 1024


class DamagedError(Exception):
    """What was read is not what was written."""


def store_probe() -> int:
    """Write, read back, compare and delete; returns the bytes. Raises DamagedError, or what the storage raises."""
    content = secrets.token_bytes(_BYTES)
    written = Stored(hashlib.sha256(content).hexdigest(), len(content))
    # No digest's name: a probe that was left behind is never taken for a blob.
    name = f"probe-{secrets.token_hex(8)}"
    # Who may not list a bucket is answered 403, and not 404, for what is not there.
    store().exists(name)
    try:
        store().save(name, ContentFile(content))
        with store().open(name, "rb") as file:
            read = digest_of(file)  # type: ignore[arg-type]  # Django's File reads as a binary file does
    finally:
        store().delete(name)  # a full disk leaves a part of it
    if read != written:
        raise DamagedError(f"{written.size} bytes were written and {read.size} others were read back")
    return read.size
