"""A zip's central directory: its size and number of entries known before zipfile reads any of it."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path
from typing import IO

from fixed_model.limits import Limits
from fixed_model.refusals import Remarks

END, END64, LOCATOR64, HEADER = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02"
END_SIZE, END64_SIZE, LOCATOR64_SIZE, HEADER_SIZE = 22, 56, 20, 46
COMMENT_MAX = 65535
EXTRA_MAX = 1024
EXTRA_MAX_IN_ALL = 8 * 2**20
"""Bytes of extra fields, of an entry and of all: programs write 9 to 100 an entry; zipfile reads many in minutes."""
BYTES_AN_ENTRY = 4096
"""Of the directory, on average over the entries that are allowed: zipfile reads it whole."""


def open_archive(path: Path, limits: Limits, refusals: Remarks) -> zipfile.ZipFile | None:
    """The archive, or None and the reason."""
    size = path.stat().st_size
    if size > limits.archive_bytes:
        refusals.add("archive-too-big", "", f"the file has {size:,} bytes; the limit is {limits.archive_bytes:,}")
        return None
    with path.open("rb") as file:
        count = count_entries(file, size, limits.entries)
    if count is None:
        refusals.add("not-a-zip", "", "the file is not a zip archive, or its directory is damaged")
        return None
    if count > limits.entries:
        refusals.add("too-many-entries", "", f"the archive holds more than {limits.entries:,} files and folders")
        return None
    try:
        return zipfile.ZipFile(path)
    except NotImplementedError:
        refusals.add("unsupported-compression", "", "the archive needs a newer version of zip than is read here")
    except UnicodeDecodeError:
        refusals.add("unsafe-name", "", "a name in the archive is not valid UTF-8 though it is marked as such")
    except (zipfile.BadZipFile, struct.error, ValueError, EOFError, OSError) as error:
        refusals.add("not-a-zip", "", f"the archive's directory cannot be read: {error}")
    return None


def count_entries(file: IO[bytes], size: int, limit: int) -> int | None:
    """How many entries the central directory really holds, counted no further than the limit; None: no directory.

    zipfile would read all of it into memory and believe its length, so the headers are walked here, one at a time.
    """
    found = find_directory(file, size)
    if found is None:
        return None
    count, start, length = found
    if count > limit:
        return count
    if length > limit * BYTES_AN_ENTRY:
        return None
    count, extras = 0, 0
    file.seek(start)
    while length >= HEADER_SIZE and count <= limit:
        header = file.read(HEADER_SIZE)
        if header[:4] != HEADER:
            return None
        name, extra, comment = struct.unpack("<HHH", header[28:34])
        extras += extra
        if extra > EXTRA_MAX or extras > EXTRA_MAX_IN_ALL:
            return None
        following = name + extra + comment
        file.seek(following, os.SEEK_CUR)
        length -= HEADER_SIZE + following
        count += 1
    return count


def find_directory(file: IO[bytes], size: int) -> tuple[int, int, int] | None:
    """Declared number of entries, place and length of the central directory, found by zipfile's own rules."""
    tail_size = min(size, END_SIZE + COMMENT_MAX)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    at = len(tail) - END_SIZE
    if at < 0 or not tail.startswith(END, at) or not tail.endswith(b"\0\0"):
        at = tail.rfind(END)
    if at < 0 or at + END_SIZE > len(tail):
        return None
    count, length = struct.unpack_from("<HL", tail, at + 10)
    end = size - tail_size + at
    if at >= LOCATOR64_SIZE and tail.startswith(LOCATOR64, at - LOCATOR64_SIZE):
        end -= LOCATOR64_SIZE + END64_SIZE
        file.seek(max(end, 0))
        record = file.read(END64_SIZE)
        if len(record) < END64_SIZE or not record.startswith(END64):
            return None
        count, length = struct.unpack_from("<QQ", record, 32)
    return (count, end - length, length) if length <= end else None
