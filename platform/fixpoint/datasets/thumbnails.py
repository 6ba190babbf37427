"""Thumbnails as a worker encoded them, one by one out of the file that holds all; nothing is decoded here."""

import json
from typing import BinaryIO

from fixpoint.blobs.store import BlobMissingError, blob_open

_LARGEST = 64 * 1024
_HEADER = 64 * 1024
_END_BYTES = 8
_JPEG = b"\xff\xd8\xff"


class NoThumbnailError(LookupError):
    """There is no such row, or what stands there is no JPEG of ours."""


def thumbnail(sha256: str, row: int) -> bytes:
    """The JPEG of one row of `thumbnails.safetensors` (docs/formats.md). Raises NoThumbnailError."""
    try:
        with blob_open(sha256) as file:
            jpeg = _cut(file, row)
    except (BlobMissingError, ValueError, KeyError, TypeError) as error:
        raise NoThumbnailError(f"row {row} of {sha256[:12]}") from error
    if not jpeg.startswith(_JPEG):
        raise NoThumbnailError(f"row {row} of {sha256[:12]}")
    return jpeg


def _cut(file: BinaryIO, row: int) -> bytes:
    length = int.from_bytes(file.read(8), "little")
    if length > _HEADER:
        raise ValueError("the header is too long")
    header = json.loads(file.read(length))
    start = 8 + length
    ends, jpeg = (header[name]["data_offsets"] for name in ("ends", "jpeg"))
    if not 0 <= row < (ends[1] - ends[0]) // _END_BYTES:
        raise ValueError("no such row")
    before = max(row - 1, 0)
    file.seek(start + ends[0] + before * _END_BYTES)
    marks = [int.from_bytes(file.read(_END_BYTES), "little") for _ in range(row - before + 1)]
    first, last = (marks[0], marks[1]) if row else (0, marks[0])
    if not 0 <= first < last <= jpeg[1] - jpeg[0] or last - first > _LARGEST:
        raise ValueError("the row lies outside")
    file.seek(start + jpeg[0] + first)
    return file.read(last - first)
