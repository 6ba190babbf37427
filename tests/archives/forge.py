"""Makes zips that honest programs make, and forges the ones that they would not."""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
DIRECTORY_HEADER = b"PK\x01\x02"
END = b"PK\x05\x06"
FIELDS = {"flags": (8, "<H"), "method": (10, "<H"), "packed": (20, "<L"), "size": (24, "<L"), "attributes": (38, "<L")}
FIELDS |= {"offset": (42, "<L"), "crc": (16, "<L"), "needs": (6, "<H"), "system": (4, "<H"), "disk": (34, "<H")}
FIELDS |= {"time": (12, "<H"), "date": (14, "<H")}
LOCAL_FIELDS = {"flags": (6, "<H"), "method": (8, "<H"), "crc": (14, "<L"), "packed": (18, "<L"), "size": (22, "<L")}
LOCAL_FIELDS |= {"name_bytes": (26, "<H"), "extra_bytes": (28, "<H"), "signature": (0, "<L")}
END_FIELDS = {"disk": (4, "<H"), "here": (8, "<H"), "entries": (10, "<H"), "bytes": (12, "<L"), "offset": (16, "<L")}


def make_zip(path: Path, members: Mapping[str, bytes] | Iterable[str], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of these members; names alone stand for small distinct pictures, names with / at the end for folders."""
    filled = members if isinstance(members, Mapping) else {name: content_of(name) for name in members}
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in filled.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return path


def content_of(name: str) -> bytes:
    """What a file of this name holds here: a picture's first bytes and something of its own; nothing in a folder."""
    return b"" if name.endswith("/") else PNG_HEAD + name.encode()[::-1]


def forge_entry(path: Path, name: str, **values: int) -> Path:
    """Overwrites fields of one entry in the directory."""
    data = bytearray(path.read_bytes())
    at = _header_of(data, name.encode())
    for field, value in values.items():
        offset, layout = FIELDS[field]
        struct.pack_into(layout, data, at + offset, value)
    path.write_bytes(data)
    return path


def forge_local(path: Path, name: str, **values: int) -> Path:
    """Overwrites fields of one entry's header before its data."""
    data = bytearray(path.read_bytes())
    at = data.index(name.encode()) - 30
    for field, value in values.items():
        offset, layout = LOCAL_FIELDS[field]
        struct.pack_into(layout, data, at + offset, value)
    path.write_bytes(data)
    return path


def forge_name(path: Path, name: str, other: bytes) -> Path:
    """Writes another name of the same length over one, in the directory and before the data."""
    assert len(name.encode()) == len(other)
    path.write_bytes(path.read_bytes().replace(name.encode(), other))
    return path


def forge_end(path: Path, **values: int) -> Path:
    """Overwrites fields of the end record."""
    data = bytearray(path.read_bytes())
    at = data.rindex(END)
    for field, value in values.items():
        offset, layout = END_FIELDS[field]
        struct.pack_into(layout, data, at + offset, value)
    path.write_bytes(data)
    return path


def _header_of(data: bytearray, name: bytes) -> int:
    at = data.index(DIRECTORY_HEADER)
    while data[at + 46 : at + 46 + len(name)] != name:
        at = data.index(DIRECTORY_HEADER, at + 1)
    return at
