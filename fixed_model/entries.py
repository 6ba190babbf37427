"""An entry's bytes by one read, where nothing about it is odd; whatever is, is left to zipfile and to its words."""

from __future__ import annotations

import os
import struct
import zipfile

from zlib_ng import zlib_ng

from fixed_model.archive import ENCRYPTED, MASKED, STRONGLY_ENCRYPTED, Entry, read_entry

HEADER = struct.Struct("<4s2xHH16xHH")
"""Of an entry: signature, flags, method, lengths of name and extra field. What it says of sizes nobody reads."""

SIGNATURE = b"PK\x03\x04"
PATCHED = 0x20
ODD = ENCRYPTED | PATCHED | STRONGLY_ENCRYPTED | MASKED

EXTRA = 64
"""Bytes that are read beyond the least: the extra field in front of an entry may be longer than the directory's."""

GROWN = 1000
"""Deflate makes nothing longer than by so small a part; what promises more is not read at once."""


def read_entry_soon(archive: zipfile.ZipFile, entry: Entry, limit: int) -> bytes:
    """As archive.read_entry, its errors too."""
    data = plain_bytes(archive, entry.info) if entry.info.file_size <= limit else None
    return read_entry(archive, entry, limit) if data is None else data


def plain_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """The bytes as zipfile would give them, or None where it must be asked: an odd entry, a damaged one."""
    assert archive.fp is not None  # noqa: S101 - for the types: it is open
    name, packed = info.orig_filename, info.compress_size
    if packed > info.file_size + info.file_size // GROWN + EXTRA:
        return None
    try:
        found = os.pread(archive.fp.fileno(), HEADER.size + len(name) + EXTRA + packed, info.header_offset)
    except (OSError, OverflowError):  # before the file's beginning, or further than any file goes
        return None
    if len(found) < HEADER.size:
        return None
    signature, flags, _, named, extra = HEADER.unpack_from(found)
    start = HEADER.size + named + extra
    is_sound = signature == SIGNATURE and not (flags | info.flag_bits) & ODD
    if not is_sound or not name.isascii() or found[HEADER.size : start - extra] != name.encode():
        return None
    end = getattr(info, "_end_offset", None)  # of newer Pythons, which refuse entries that overlap
    if len(found) < start + packed or (end is not None and info.header_offset + start + packed > end):
        return None
    data = unpacked(found[start : start + packed], info)
    return data if data is not None and zlib_ng.crc32(data) == info.CRC else None


def unpacked(packed: bytes, info: zipfile.ZipInfo) -> bytes | None:
    """Stored or inflated to exactly as many bytes as the directory says."""
    if info.compress_type == zipfile.ZIP_STORED:
        return packed if len(packed) == info.file_size else None
    stream = zlib_ng.decompressobj(-15)
    try:
        data = stream.decompress(packed, info.file_size + 1)
    except zlib_ng.error:  # type: ignore[misc]  # its stub names an instance
        return None
    return data if stream.eof and len(data) == info.file_size else None
