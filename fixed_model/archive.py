"""The files of a participant's zip, read with distrust: one at a time, never more than was allowed."""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

from fixed_model.limits import Limits
from fixed_model.names import is_archive_name, is_clutter, readable_name, why_unsafe
from fixed_model.refusals import Remarks

ARCHIVE_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ\x00")
TAR_MARK = (257, b"ustar")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED, STRONGLY_ENCRYPTED, MASKED = 0x1, 0x40, 0x2000


@dataclass(frozen=True)
class Entry:
    """A file in the archive that may be read. `path` is relative, with / between its parts."""

    info: zipfile.ZipInfo
    path: str


class DamagedEntryError(Exception):
    """The bytes of an entry do not unpack, or not to what the directory says."""


def list_files(archive: zipfile.ZipFile, limits: Limits, refusals: Remarks) -> tuple[list[Entry], int]:
    """The files that are worth reading and the number of clutter files; what must not be read is refused."""
    entries: list[Entry] = []
    clutter, unpacked, seen = 0, 0, set()
    for info in archive.infolist():
        path = readable_name(info)
        reason = why_unsafe(info, path)
        if reason:
            refusals.add("unsafe-name", path, reason)
            continue
        path = "/".join(part for part in path.split("/") if part not in ("", "."))
        if info.is_dir() or not path:
            continue
        if is_clutter(path):
            clutter += 1
            continue
        unpacked += info.file_size
        folded = unicodedata.normalize("NFC", path)
        if folded in seen:
            refusals.add("duplicate-name", path, "the archive holds this name more than once")
            continue
        seen.add(folded)
        entries.append(Entry(info, path))
    if unpacked > limits.unpacked_bytes:
        detail = f"the files unpack to {unpacked:,} bytes; the limit is {limits.unpacked_bytes:,}"
        refusals.add("unpacked-too-big", "", detail)
    return entries, clutter


def why_unreadable(entry: Entry, limits: Limits) -> tuple[str, str] | None:
    """The rule and the reason why an entry will not be unpacked, from what the directory says of it."""
    info = entry.info
    if info.flag_bits & (ENCRYPTED | STRONGLY_ENCRYPTED | MASKED):
        return "encrypted", "the file is encrypted"
    if is_archive_name(entry.path):
        return "nested-archive", "an archive within the archive"
    if info.compress_type not in METHODS:
        return "unsupported-compression", f"compressed by method {info.compress_type}; only stored and deflate are read"
    if info.file_size > limits.image_bytes:
        return "image-too-many-bytes", f"{info.file_size:,} bytes are more than the limit of {limits.image_bytes:,}"
    return None


def read_entry(archive: zipfile.ZipFile, entry: Entry, limit: int) -> bytes:
    """An entry's bytes, checked against its checksum; never more than it declared, nor than the limit."""
    try:
        with archive.open(entry.info) as file:
            data = file.read(min(limit, entry.info.file_size) + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError, struct.error) as error:
        raise DamagedEntryError(f"the file cannot be unpacked: {error}") from error
    except (NotImplementedError, RuntimeError) as error:
        raise DamagedEntryError(f"the file's own header contradicts the directory: {error}") from error
    if len(data) != entry.info.file_size:
        raise DamagedEntryError("the file's length is not what the archive's directory says")
    return data


def is_archive(data: bytes) -> bool:
    """Whether bytes begin like an archive, whatever their name."""
    at, mark = TAR_MARK
    return data.startswith(ARCHIVE_STARTS) or data[at : at + len(mark)] == mark
