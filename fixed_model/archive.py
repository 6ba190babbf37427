"""A participant's zip, read with distrust: its directory first, then one file at a time, never more than was allowed."""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fixed_model.refusals import Remarks

NAME_BYTES = 400
"""A longer path is refused: the manifest of 10,000 of them must stay small."""

ARCHIVE_SUFFIXES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".jar", ".lz4")
ARCHIVE_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ\x00")
TAR_MARK = (257, b"ustar")
CLUTTER_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
CLUTTER_FOLDER = "__MACOSX"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED, STRONGLY_ENCRYPTED, MASKED = 0x1, 0x40, 0x2000
UTF8_NAME = 0x800
TURNING_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that reorder what is shown: a name with them reads as another name."""


@dataclass(frozen=True)
class Limits:
    """What the request allows: images in all, bytes and pixels of one, bytes of the archive and of all that it unpacks to."""

    images: int
    image_bytes: int
    image_pixels: int
    archive_bytes: int
    unpacked_bytes: int

    @property
    def entries(self) -> int:
        """Names in the archive: images, and room for folders and clutter (macOS adds two or three for every file)."""
        return 4 * self.images + 1000


@dataclass(frozen=True)
class Entry:
    """A file in the archive that may be read. `path` is relative, with / between its parts."""

    info: zipfile.ZipInfo
    path: str


class DamagedEntry(Exception):
    """The bytes of an entry do not unpack, or not to what the directory says."""


# --- the directory ----------------------------------------------------------------------------------------------------


def open_archive(path: Path, limits: Limits, refusals: Remarks) -> zipfile.ZipFile | None:
    """The archive, or None and the reason: size and number of entries are known before zipfile reads any of them."""
    size = path.stat().st_size
    if size > limits.archive_bytes:
        refusals.add("archive-too-big", "", f"the file has {size:,} bytes; the limit is {limits.archive_bytes:,}")
        return None
    with path.open("rb") as file:
        count = count_entries(file, size, limits.entries)
    if count is None:
        refusals.add("not-a-zip", "", "the file is not a zip archive, or its end is missing")
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
    """How many entries the central directory really holds (counting stops past the limit), None if there is no directory.

    zipfile would read all of it into memory and believe its length, so the headers are walked here, one at a time.
    """
    tail_size = min(size, 22 + 65535)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    at = len(tail) - 22
    if at < 0 or tail[at : at + 4] != b"PK\x05\x06" or tail[-2:] != b"\0\0":
        at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        return None
    declared, length = struct.unpack("<HL", tail[at + 10 : at + 16])
    start = size - tail_size + at
    if at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        start -= 20 + 56
        file.seek(max(start, 0))
        record = file.read(56)
        if len(record) < 56 or record[:4] != b"PK\x06\x06":
            return None
        declared, length = struct.unpack("<QQ", record[32:48])
    if declared > limit:
        return int(declared)
    if length > start:
        return None
    file.seek(start - length)
    count = 0
    while length >= 46 and count <= limit:
        header = file.read(46)
        if header[:4] != b"PK\x01\x02":
            return None
        following = sum(struct.unpack("<HHH", header[28:34]))
        file.seek(following, 1)
        length -= 46 + following
        count += 1
    return count


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
        if unicodedata.normalize("NFC", path) in seen:
            refusals.add("duplicate-name", path, "the archive holds this name more than once")
            continue
        seen.add(unicodedata.normalize("NFC", path))
        entries.append(Entry(info, path))
    if unpacked > limits.unpacked_bytes:
        detail = f"the files unpack to {unpacked:,} bytes; the limit is {limits.unpacked_bytes:,}"
        refusals.add("unpacked-too-big", "", detail)
    return entries, clutter


def readable_name(info: zipfile.ZipInfo) -> str:
    """The name as its author wrote it: macOS stores UTF-8 without the flag that says so."""
    name = info.orig_filename
    if not info.flag_bits & UTF8_NAME:
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name  # it is what it says: an old DOS name
    return name


def why_unsafe(info: zipfile.ZipInfo, name: str) -> str:
    """Why a name must not be followed, or an empty string."""
    if not name:
        return "the name is empty"
    if len(name.encode("utf-8", "replace")) > NAME_BYTES:
        return f"the name is longer than {NAME_BYTES} bytes"
    if any(unicodedata.category(character) in ("Cc", "Cs") or character in TURNING_MARKS for character in name):
        return "the name holds control characters"
    if "\\" in name:
        return "the name holds a backslash; zip separates folders by /"
    if name.startswith("/") or name[1:2] == ":":
        return "the name is absolute"
    if ".." in name.split("/"):
        return "the name leads out of the archive by .."
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "it is a link or a device, not a file"
    return ""


def is_clutter(path: str) -> bool:
    """Files that operating systems leave behind."""
    *folders, name = path.split("/")
    return CLUTTER_FOLDER in folders or name.lower() in CLUTTER_NAMES or name.startswith("._")


# --- one file ---------------------------------------------------------------------------------------------------------


def why_unreadable(entry: Entry, limits: Limits) -> tuple[str, str] | None:
    """The rule and the reason why an entry will not be unpacked, from what the directory says of it."""
    info = entry.info
    if info.flag_bits & (ENCRYPTED | STRONGLY_ENCRYPTED | MASKED):
        return "encrypted", "the file is encrypted"
    if entry.path.lower().endswith(ARCHIVE_SUFFIXES):
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
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error) as error:
        raise DamagedEntry(f"the file cannot be unpacked: {error}") from error
    except (NotImplementedError, RuntimeError) as error:
        raise DamagedEntry(f"the file's own header contradicts the directory: {error}") from error
    if len(data) != entry.info.file_size:
        raise DamagedEntry("the file's length is not what the archive's directory says")
    return data


def is_archive(data: bytes) -> bool:
    """Whether bytes begin like an archive, whatever their name."""
    at, mark = TAR_MARK
    return data.startswith(ARCHIVE_STARTS) or data[at : at + len(mark)] == mark
