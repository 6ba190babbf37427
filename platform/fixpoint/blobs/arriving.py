"""A folder for a file that is about to be taken into the store: on the disk where uploads arrive, and known as ours."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

PREFIX = "taking-"
"""By it the sweep knows what a killed process left."""


@contextmanager
def taking_folder() -> Iterator[Path]:
    """Gone at the end of the block, with all that was not moved into the store."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        yield Path(folder)


def file_write(file: UploadedFile, path: Path) -> Path:
    """A form's file, written there in pieces; the same path."""
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return path
