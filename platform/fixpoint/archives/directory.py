"""The end record and central directory of a zip, read within bounds before `zipfile` is let near them."""

from __future__ import annotations

import os
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

END = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
END64 = struct.Struct("<4sQ2H2L4Q")
END64_SIGNATURE = b"PK\x06\x06"
LOCATOR64 = struct.Struct("<4sLQL")
LOCATOR64_SIGNATURE = b"PK\x06\x07"
HEADER = struct.Struct("<4s24x3H12x")
HEADER_SIGNATURE = b"PK\x01\x02"
LOCAL_HEADER_BYTES = 30
MAX_COMMENT_BYTES = 0xFFFF
MAX_DIRECTORY_BYTES = 32 * 1024**2
"""A hundred thousand honest entries take half of it; bounds what a lying end record can make us read."""
MAX_EXTRA_BYTES = 1024
MAX_EXTRA_BYTES_IN_ALL = 8 * 1024**2
"""Programs write 9 to 100 bytes of extra fields an entry; `zipfile` takes minutes over megabytes of empty ones."""
UNREADABLE = (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, OverflowError, struct.error)


class NotAZipError(Exception):
    """The file is no zip that can be trusted; the message says what is wrong with it."""


class TooManyEntriesError(Exception):
    """The directory lists, or claims to list, more than may be read."""

    def __init__(self, entries: int) -> None:
        super().__init__(f"the archive lists {entries:,} entries")
        self.entries = entries


@dataclass(frozen=True)
class EndRecord:
    """Where the central directory lies, as the end of the file says it."""

    entries: int
    directory_bytes: int
    directory_offset: int
    is_zip64: bool


def read_directory(path: Path, *, max_entries: int) -> list[zipfile.ZipInfo]:
    """All entries in the order of the directory, nothing unpacked. Raises NotAZipError or TooManyEntriesError."""
    with path.open("rb") as file:
        return directory_of(file, max_entries=max_entries)


def directory_of(file: IO[bytes], *, max_entries: int) -> list[zipfile.ZipInfo]:
    """The same of a file that is open already."""
    record = read_end_record(file)
    check_directory(file, record, max_entries)
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except UNREADABLE as error:
        raise NotAZipError(f"its directory cannot be read: {error}") from error


def read_end_record(file: IO[bytes]) -> EndRecord:
    """The end record, the zip64 one where there is one. It must own every byte before and behind it."""
    size = file.seek(0, os.SEEK_END)
    tail_start = max(0, size - END.size - MAX_COMMENT_BYTES)
    file.seek(tail_start)
    tail = file.read()
    at = _find_end(tail)
    _, disk, start_disk, here, entries, directory_bytes, offset, _ = END.unpack_from(tail, at)
    position = tail_start + at
    if disk not in (0, 0xFFFF) or start_disk not in (0, 0xFFFF) or here != entries:
        raise NotAZipError("it is one part of a split archive")
    classic = EndRecord(entries, directory_bytes, offset, is_zip64=False)
    record, position = _zip64_record(file, classic, position)
    if record.directory_offset + record.directory_bytes != position:
        raise NotAZipError("it is cut off, or something stands before or inside the archive that does not belong to it")
    return record


def check_directory(file: IO[bytes], record: EndRecord, max_entries: int) -> None:
    """Counts the entries that are really there: `zipfile` would believe the directory's size and read them all."""
    if record.entries > max_entries:
        raise TooManyEntriesError(record.entries)
    if record.directory_bytes > MAX_DIRECTORY_BYTES:
        raise NotAZipError(f"its directory alone takes {record.directory_bytes:,} bytes")
    file.seek(record.directory_offset)
    directory = file.read(record.directory_bytes)
    found, at, extras = 0, 0, 0
    while at < len(directory):
        at, extra = _next_header(directory, at)
        extras += extra
        if extra > MAX_EXTRA_BYTES or extras > MAX_EXTRA_BYTES_IN_ALL:
            raise NotAZipError("its directory holds far more extra fields than a zip program writes")
        found += 1
        if found > max_entries:
            raise TooManyEntriesError(found)
    if at != len(directory):
        raise NotAZipError("its directory is cut off")
    if found != record.entries:
        raise NotAZipError(f"its end record announces {record.entries:,} entries, its directory has {found:,}")


def overlapping(entries: list[zipfile.ZipInfo], archive_bytes: int) -> list[zipfile.ZipInfo]:
    """Entries whose data would run into the next one's or past the end: how small zips claim to hold petabytes."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [*(entry.header_offset for entry in ordered[1:]), archive_bytes]
    return [
        entry
        for entry, end in zip(ordered, ends, strict=False)  # an empty archive has an end and no entry
        if entry.header_offset + LOCAL_HEADER_BYTES + entry.compress_size > end
    ]


def _find_end(tail: bytes) -> int:
    at = len(tail) - END.size
    if at < 0:
        raise NotAZipError("it is too small to be a zip")
    if tail[at : at + 4] != END_SIGNATURE or tail[-2:] != b"\0\0":
        at = tail.rfind(END_SIGNATURE, 0, at + 4)
    if at < 0:
        raise NotAZipError("it does not end as a zip does: it is another kind of file, or the upload was cut off")
    comment_bytes = END.unpack_from(tail, at)[7]
    if at + END.size + comment_bytes != len(tail):
        raise NotAZipError("something stands behind the end of the archive")
    return at


def _zip64_record(file: IO[bytes], classic: EndRecord, end_position: int) -> tuple[EndRecord, int]:
    """The record to believe and where the directory must end. The two records may not contradict each other."""
    start = end_position - LOCATOR64.size - END64.size
    file.seek(max(0, end_position - LOCATOR64.size))
    if start < 0 or file.read(4) != LOCATOR64_SIGNATURE:
        return classic, end_position
    file.seek(start)
    fields = END64.unpack(file.read(END64.size))
    if fields[0] != END64_SIGNATURE or fields[6] != fields[7]:
        raise NotAZipError("its zip64 end record is damaged")
    record = EndRecord(fields[7], fields[8], fields[9], is_zip64=True)
    pairs = (
        (classic.entries, record.entries, 0xFFFF),
        (classic.directory_bytes, record.directory_bytes, 0xFFFFFFFF),
        (classic.directory_offset, record.directory_offset, 0xFFFFFFFF),
    )
    if any(small not in (large, unsaid) for small, large, unsaid in pairs):
        raise NotAZipError("its two end records contradict each other")
    return record, start


def _next_header(directory: bytes, at: int) -> tuple[int, int]:
    """The place of the header behind this one, and this one's bytes of extra fields."""
    if len(directory) - at < HEADER.size:
        raise NotAZipError("its directory is cut off")
    signature, name_bytes, extra_bytes, comment_bytes = HEADER.unpack_from(directory, at)
    if signature != HEADER_SIGNATURE:
        raise NotAZipError("its directory is damaged")
    return int(at + HEADER.size + name_bytes + extra_bytes + comment_bytes), int(extra_bytes)
