"""Blobs in the store of a test, as old as it wants them."""

import hashlib
import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from fixpoint.blobs.store import blob_take

DAY = timedelta(days=1)


def stored(data: bytes, *, age: timedelta = timedelta()) -> str:
    """Take these bytes in, as if that had been so long ago; their sha256."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = Path(folder) / "arriving"
        path.write_bytes(data)
        sha256 = blob_take(path).sha256
    if age:
        aged(sha256, age)
    return sha256


def aged(sha256: str, age: timedelta) -> None:
    """Make a blob so old."""
    moment = (timezone.now() - age).timestamp()
    os.utime(file_of(sha256), (moment, moment))


def file_of(sha256: str) -> Path:
    """Where the store of a test keeps it."""
    return Path(settings.STORAGES["blobs"]["OPTIONS"]["location"]) / sha256[:2] / sha256


def digest(data: bytes) -> str:
    """What these bytes are called."""
    return hashlib.sha256(data).hexdigest()


def later(days: float) -> datetime:
    """So many days from now."""
    return timezone.now() + timedelta(days=days)
