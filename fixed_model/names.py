"""Names in a stranger's zip: read as they were meant, judged before they are followed."""

from __future__ import annotations

import stat
import unicodedata
import zipfile

NAME_BYTES = 400
"""A longer path is refused: the manifest of 10,000 of them must stay small."""

ARCHIVE_SUFFIXES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".jar", ".lz4")
CLUTTER_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
CLUTTER_FOLDER = "__MACOSX"
UTF8_NAME = 0x800
TURNING_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that reorder what is shown: a name with them reads as another name."""


def readable_name(info: zipfile.ZipInfo) -> str:
    """The name as its author wrote it: macOS stores UTF-8 without the flag that says so."""
    name = info.orig_filename
    if not (name.isascii() or info.flag_bits & UTF8_NAME):
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
    if not (name.isascii() and name.isprintable()) and any(map(is_control, name)):
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


def is_control(character: str) -> bool:
    """Whether it does not show, or reorders what does."""
    return unicodedata.category(character) in ("Cc", "Cs") or character in TURNING_MARKS


def is_clutter(path: str) -> bool:
    """Files that operating systems leave behind."""
    *folders, name = path.split("/")
    return CLUTTER_FOLDER in folders or name.lower() in CLUTTER_NAMES or name.startswith("._")


def is_archive_name(path: str) -> bool:
    """Whether a name promises an archive."""
    return path.lower().endswith(ARCHIVE_SUFFIXES)
