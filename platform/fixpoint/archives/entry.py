"""What one entry of a zip's directory shows by itself: its name, kind, flags and sizes; nothing is unpacked."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable

CLUTTER_FOLDER = "__MACOSX"
CLUTTER_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
CLUTTER_PREFIX = "._"
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
ARCHIVE_SUFFIXES = (
    ".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".jar", ".lzma", ".cab",
)  # fmt: skip
LONGEST_SUFFIX = 5
READABLE_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000
"""Classic encryption, strong encryption, masked headers."""
UTF8_FLAG = 0x800
MAX_NAME_BYTES = 400
MAX_PART_BYTES = 255
MAX_FOLDERS = 30
"""Around a file: nobody sorts images deeper, and every look at a name walks them all."""
DEFLATE_LIMIT = 1032
"""Deflate cannot shrink data by more than this factor (zlib's documentation)."""
ORDINARY_NAME = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_. -]{0,249}/){0,5}[A-Za-z0-9_-][A-Za-z0-9_. -]{0,249}/?")
"""What nearly every name looks like: lets ten thousand of them pass in milliseconds."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Unicode's categories Cc and Cs."""
DRIVE = re.compile(r"^[A-Za-z]:")
REORDERING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Characters that make a name look like another one."""


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name as its author wrote it: `filename` ends at a NUL, macOS stores UTF-8 unflagged."""
    name = entry.orig_filename
    if name.isascii() or entry.flag_bits & UTF8_FLAG:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name  # it is what it says: an old DOS name


def is_folder(entry: zipfile.ZipInfo) -> bool:
    """Named as a folder. `ZipInfo.is_dir` fails on an empty name."""
    return entry.orig_filename.endswith("/")  # in whatever code page


def parts_of(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """The folders and the file's own name, in one Unicode form. Only for names that are not unsafe."""
    name = name_of(entry)
    parts = tuple((name if name.isascii() else unicodedata.normalize("NFC", name)).split("/"))
    return tuple(part for part in parts if part not in ("", ".")) if "" in parts or "." in parts else parts


def collision_key(entry: zipfile.ZipInfo) -> str:
    """Equal for names that are one file on some file system: other case, other Unicode form."""
    folded = "/".join(parts_of(entry)).casefold()
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def unsafe_reason(entry: zipfile.ZipInfo) -> str:
    """Why this name may not be used as a path, or "" where it may. Links and devices count: they point elsewhere."""
    name = name_of(entry)
    if not _is_plain(entry):
        return "it is a link or a device, not a file"
    return "" if len(name) <= MAX_NAME_BYTES and ORDINARY_NAME.fullmatch(name) else _unsafe_name(name)


def damage_reason(entry: zipfile.ZipInfo) -> str:
    """What in the sizes cannot be true, or "" where they can."""
    if is_folder(entry):
        return "a folder cannot hold data of its own" if entry.file_size else ""
    if entry.file_size == 0:
        return "the file is empty"
    if entry.compress_type == zipfile.ZIP_STORED and entry.compress_size != entry.file_size and not is_encrypted(entry):
        return "it is stored uncompressed, yet its two sizes differ"
    if entry.compress_type == zipfile.ZIP_DEFLATED and entry.file_size > DEFLATE_LIMIT * (entry.compress_size + 1):
        return f"{entry.compress_size:,} compressed bytes cannot hold {entry.file_size:,}"
    return ""


def is_clutter(entry: zipfile.ZipInfo) -> bool:
    """Left behind by an operating system, never meant as data."""
    parts = parts_of(entry)
    return CLUTTER_FOLDER in parts or parts[-1].startswith(CLUTTER_PREFIX) or parts[-1].lower() in CLUTTER_FILES


def is_encrypted(entry: zipfile.ZipInfo) -> bool:
    """True where a password would be needed."""
    return bool(entry.flag_bits & ENCRYPTED_FLAGS)


def is_readable_method(entry: zipfile.ZipInfo) -> bool:
    """Stored or deflated: what every zip program writes and every stage here reads."""
    return entry.compress_type in READABLE_METHODS


def is_image_name(name: str) -> bool:
    """Named as one of the formats that are read. Says nothing about the bytes."""
    return name[-LONGEST_SUFFIX:].lower().endswith(IMAGE_SUFFIXES)


def is_archive_name(name: str) -> bool:
    """Named as an archive."""
    return name[-LONGEST_SUFFIX:].lower().endswith(ARCHIVE_SUFFIXES)


def _unsafe_name(name: str) -> str:
    return next((reason for reason, holds in _NAME_FAULTS if holds(name)), "")


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return kind in (0, stat.S_IFDIR if is_folder(entry) else stat.S_IFREG)


def _reorders(name: str) -> bool:
    return not name.isascii() and not REORDERING.isdisjoint(name)


def _is_too_long(name: str) -> bool:
    stored = name.encode("utf-8", "replace")
    if len(stored) <= MAX_PART_BYTES:
        return False
    return len(stored) > MAX_NAME_BYTES or any(len(part) > MAX_PART_BYTES for part in stored.split(b"/"))


_NAME_FAULTS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("the name is too long", _is_too_long),  # first: the others read every letter of a name of up to 64 KiB
    (f"the name has more than {MAX_FOLDERS} folders", lambda name: name.count("/") > MAX_FOLDERS),
    ("the name is empty", lambda name: not name.strip("/.")),
    ("the name holds a control character", lambda name: bool(CONTROL.search(name))),
    ("the name holds an invisible character that reorders text", _reorders),
    ("the name holds a backslash: make the zip with / between folders", lambda name: "\\" in name),
    ("the name is an absolute path", lambda name: name.startswith("/") or bool(DRIVE.match(name))),
    ("the name leaves its folder", lambda name: ".." in name.split("/")),
)
