"""Archives that somebody made on purpose: one maker a kind, with the rule that must catch it."""

import io
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.archives.forge import PNG_HEAD, content_of, forge_end, forge_entry, forge_name, make_zip

CLASSES = ("i", "ii")
GOOD = tuple(f"{split}/{name}/{index}.png" for split in ("train", "val") for name in CLASSES for index in range(2))
VICTIM = GOOD[0]

Maker = Callable[[Path], object]


def _with(*names: str) -> Maker:
    return lambda path: make_zip(path, [*GOOD, *names])


def _named(name: bytes) -> Maker:
    """A name that zip programs do not write, forged over one of the same length."""
    plain = "n" * len(name)
    return lambda path: forge_name(make_zip(path, [*GOOD, plain]), plain, name)


def _forged(**values: int) -> Maker:
    return lambda path: forge_entry(make_zip(path, GOOD), VICTIM, **values)


def _ended(**values: int) -> Maker:
    return lambda path: forge_end(make_zip(path, GOOD), **values)


def _bytes(content: bytes) -> Maker:
    return lambda path: path.write_bytes(content)


def _changed(change: Callable[[bytes], bytes]) -> Maker:
    return lambda path: path.write_bytes(change(make_zip(path, GOOD).read_bytes()))


def _tar(path: Path) -> None:
    with tarfile.open(path, "w") as archive:
        for name in GOOD:
            info = tarfile.TarInfo(name)
            info.size = len(content_of(name))
            archive.addfile(info, io.BytesIO(content_of(name)))


def _bomb(path: Path) -> None:
    """Sixteen entries of 256 MiB that share a few hundred kilobytes of zeros: what the totals say is too much."""
    make_zip(
        path,
        {name: content_of(name) for name in GOOD} | {f"train/i/zero{index}.png": b"\0" * 2**20 for index in range(16)},
    )
    for index in range(16):
        forge_entry(path, f"train/i/zero{index}.png", size=2**28)


def _fifield(path: Path) -> None:
    """Many entries that are all the same bytes: the flat bomb of 2019."""
    names = [f"train/i/same{index}.png" for index in range(50)]
    make_zip(path, [*GOOD, *names])
    for name in names:
        forge_entry(path, name, offset=0)


def _million(path: Path) -> None:
    """A real directory of 60,000 entries, not only an announced one."""
    with zipfile.ZipFile(path, "w") as archive:
        for index in range(60_000):
            archive.writestr(f"{index}", b"")


def _concealed(path: Path) -> None:
    _million(path)
    forge_end(path, entries=8, here=8)


def _twice(path: Path) -> None:
    make_zip(path, [*GOOD, "train/i/9.png"])
    forge_name(path, "train/i/9.png", b"train/i/1.png")


def _zip64_lie(path: Path) -> None:
    """A zip64 record that says 2⁶⁴ - 1 entries before an end record that says eight."""
    whole = make_zip(path, GOOD).read_bytes()
    at = whole.rindex(b"PK\x05\x06")
    *_, size, offset, _ = struct.unpack("<4s4H2LH", whole[at:])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**64 - 1, 2**64 - 1, size, offset)
    path.write_bytes(whole[:at] + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1) + whole[at:])


REJECT: dict[str, tuple[str, Maker]] = {
    "nothing at all": ("not-a-zip", _bytes(b"")),
    "a picture": ("not-a-zip", _bytes(PNG_HEAD * 50)),
    "a tar archive": ("not-a-zip", _tar),
    "a gzip stream": ("not-a-zip", _bytes(b"\x1f\x8b\x08\0" + b"\0" * 60)),
    "a rar archive": ("not-a-zip", _bytes(b"Rar!\x1a\x07\x01\0" + b"\0" * 60)),
    "a 7z archive": ("not-a-zip", _bytes(b"7z\xbc\xaf\x27\x1c" + b"\0" * 60)),
    "a web page": ("not-a-zip", _bytes(b"<!doctype html><title>Not found</title>")),
    "only an end signature": ("not-a-zip", _bytes(b"PK\x05\x06")),
    "the first half": ("not-a-zip", _changed(lambda whole: whole[: len(whole) // 2])),
    "the last byte missing": ("not-a-zip", _changed(lambda whole: whole[:-1])),
    "the first byte missing": ("not-a-zip", _changed(lambda whole: whole[1:])),
    "the directory missing": ("not-a-zip", _changed(lambda whole: whole[whole.rindex(b"PK\x05\x06") :])),
    "a picture before it": ("not-a-zip", _changed(lambda whole: PNG_HEAD * 9 + whole)),
    "a script before it": ("not-a-zip", _changed(lambda whole: b"#!/bin/sh\nrm -rf /\n" + whole)),
    "a picture behind it": ("not-a-zip", _changed(lambda whole: whole + PNG_HEAD * 9)),
    "a second zip behind it": ("not-a-zip", _changed(lambda whole: whole + whole)),
    "a comment that is longer than it says": ("not-a-zip", _changed(lambda whole: whole + b"comment")),
    "one disk of several": ("not-a-zip", _ended(disk=3)),
    "fewer entries announced": ("not-a-zip", _ended(entries=2, here=2)),
    "more entries announced": ("not-a-zip", _ended(entries=9, here=9)),
    "counts that disagree": ("not-a-zip", _ended(entries=8, here=7)),
    "a directory past the end": ("not-a-zip", _ended(offset=2**31)),
    "a directory of four gigabytes": ("not-a-zip", _ended(bytes=2**32 - 2)),
    "a directory of no bytes": ("not-a-zip", _ended(bytes=0)),
    "a directory that is noise": ("not-a-zip", _changed(lambda whole: whole.replace(b"PK\x01\x02", b"\0\0\0\0"))),
    "a zip64 record that contradicts": ("not-a-zip", _zip64_lie),
    "60,000 entries": ("too-many-entries", _million),
    "60,000 entries concealed": ("too-many-entries", _concealed),
    "65,000 entries announced": ("too-many-entries", _ended(entries=65_000, here=65_000)),
    "a parent folder": ("unsafe-name", _with("../evil.png")),
    "a parent folder far inside": ("unsafe-name", _with("train/i/../../../evil.png")),
    "a parent folder at the end": ("unsafe-name", _with("train/i/..")),
    "an absolute path": ("unsafe-name", _with("/etc/passwd")),
    "a network path": ("unsafe-name", _with("//server/share.png")),
    "a drive": ("unsafe-name", _with("C:/evil.png")),
    "a drive without a slash": ("unsafe-name", _with("C:evil.png")),
    "backslashes": ("unsafe-name", _named(b"train\\i\\evil.png")),
    "backslashes upwards": ("unsafe-name", _named(b"..\\..\\evil.png")),
    "a NUL": ("unsafe-name", _named(b"train/i/a.png\0.exe")),
    "a NUL at the start": ("unsafe-name", _named(b"\0rain/i/a.png")),
    "a line feed": ("unsafe-name", _with("train/i/a\nb.png")),
    "a bell": ("unsafe-name", _with("train/i/a\x07.png")),
    "an escape sequence": ("unsafe-name", _with("train/i/\x1b[2J.png")),
    "text turned around": ("unsafe-name", _with("train/i/\u202egnp.exe")),
    "a left-to-right isolate": ("unsafe-name", _with("train/i/\u2066a\u2069.png")),
    "an overlong name": ("unsafe-name", _with("train/i/" + "a" * 5_000 + ".png")),
    "a thousand folders": ("unsafe-name", _with("a/" * 1_000 + "b.png")),
    "a symbolic link": ("unsafe-name", _forged(attributes=0o120777 << 16)),
    "a character device": ("unsafe-name", _forged(attributes=0o020666 << 16)),
    "a block device": ("unsafe-name", _forged(attributes=0o060660 << 16)),
    "a pipe": ("unsafe-name", _forged(attributes=0o010644 << 16)),
    "a socket": ("unsafe-name", _forged(attributes=0o140755 << 16)),
    "a name twice": ("duplicate-name", _twice),
    "names that differ by case": ("duplicate-name", _with("train/i/a.png", "train/i/A.PNG")),
    "names that differ by accents' form": ("duplicate-name", _with("train/i/\u00e9.png", "train/i/e\u0301.png")),
    "names that differ by a dot folder": ("duplicate-name", _with("./train/i/0.png")),
    "names that differ by a double slash": ("duplicate-name", _with("train//i/0.png")),
    "a password": ("encrypted", _forged(flags=0x1)),
    "strong encryption": ("encrypted", _forged(flags=0x41)),
    "masked headers": ("encrypted", _forged(flags=0x2001)),
    "a zip inside": ("nested-archive", _with("train/i/inner.zip")),
    "a zip inside at the top": ("nested-archive", _with("inner.ZIP")),
    "a tar.gz inside": ("nested-archive", _with("val/ii/inner.tar.gz")),
    "implode": ("unsupported-compression", _forged(method=6)),
    "Deflate64": ("unsupported-compression", _forged(method=9)),
    "bzip2": ("unsupported-compression", _forged(method=12)),
    "LZMA": ("unsupported-compression", _forged(method=14)),
    "zstd": ("unsupported-compression", _forged(method=93)),
    "AES": ("unsupported-compression", _forged(method=99)),
    "an unknown method": ("unsupported-compression", _forged(method=0xFFFF)),
    "totals of four gigabytes": ("unpacked-too-big", _bomb),
    "one file of four gigabytes": ("image-too-many-bytes", _forged(size=2**32 - 2)),
    "a size that deflate cannot reach": ("damaged-entry", _forged(size=10_000_000)),
    "no size at all": ("damaged-entry", _forged(size=0)),
    "stored under two sizes": ("damaged-entry", _forged(method=0, size=1)),
    "data past the end": ("damaged-entry", _forged(packed=2**31)),
    "a header past the end": ("damaged-entry", _forged(offset=2**31)),
    "two entries on the same data": ("damaged-entry", _forged(offset=60)),
    "fifty entries on the same data": ("damaged-entry", _fifield),
    "a script": ("unexpected-file", _with("train/i/run.sh")),
    "a vector picture": ("unexpected-file", _with("train/i/a.svg")),
    "a picture that is a program": ("unexpected-file", _with("train/i/a.png.exe")),
    "a file without a suffix": ("unexpected-file", _with("train/i/a")),
    "a configuration for CodeCarbon": ("unexpected-file", _with("train/i/.codecarbon.config")),
    "a picture beside the classes": ("unexpected-file", _with("train/a.png")),
    "a third split": ("unexpected-file", _with("test/i/a.png")),
    "an upper-case class": ("unknown-class", _with("train/II/a.png")),
    "a class with a space": ("unknown-class", _with("train/i /a.png")),
    "a class of another script": ("unknown-class", _with("train/\u0456/a.png")),
    "an empty unknown class": ("unknown-class", _with("val/xi/")),
    "no train": ("missing-split", lambda path: make_zip(path, GOOD[4:])),
    "an upper-case split": ("missing-split", lambda path: make_zip(path, [name.title() for name in GOOD])),
    "a split too deep": ("missing-split", lambda path: make_zip(path, [f"a/b/{name}" for name in GOOD])),
    "nothing in it": ("missing-split", lambda path: make_zip(path, [])),
    "one class missing in val": ("missing-class", lambda path: make_zip(path, GOOD[:6])),
}  # fmt: skip
"""What it is: the rule that must be among the reasons, and what makes it."""

ACCEPT: dict[str, Maker] = {
    "bare": _with(),
    "under a top folder": lambda path: make_zip(path, [f"top/{name}" for name in GOOD]),
    "under a top folder with a strange name": lambda path: make_zip(path, [f"my data (1) é/{name}" for name in GOOD]),
    "under a top folder called like a class": lambda path: make_zip(path, [f"i/{name}" for name in GOOD]),
    "stored": lambda path: make_zip(path, GOOD, zipfile.ZIP_STORED),
    "with folders listed": _with("train/", "train/i/", "val/", "val/ii/"),
    "with images in folders of a class": _with("train/i/monday/a.png", "train/i/monday/deep/er/b.png"),
    "with one name in two classes": _with("train/i/same.png", "train/ii/same.png", "val/i/same.png"),
    "with every format": _with(*(f"train/i/a{index}.{suffix}" for index, suffix in
                                 enumerate(("png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff")))),
    "with upper-case suffixes": _with("train/i/a.PNG", "train/i/b.JpEg"),
    "with names of all the world": _with("train/i/数字.png", "train/i/число.png", "train/i/🙂.png", "train/i/ä ö.png"),
    "with names that need quoting": _with("train/i/a b'c\"d$e`f;g&h.png", "train/i/-rf.png", "train/i/%2e%2e%2f.png"),
    "with many dots": _with("train/i/a...b..c.png", "train/i/....png"),
    "with a hidden image": _with("train/i/.a.png"),
    "with what macOS leaves": _with(".DS_Store", "__MACOSX/", "__MACOSX/train/i/._0.png", "train/i/._0.png"),
    "with what Windows leaves": _with("Thumbs.db", "train/i/Thumbs.db", "train/desktop.ini"),
    "with dot folders in its names": lambda path: make_zip(path, [f"./{name}" for name in GOOD]),
    "with double slashes": lambda path: make_zip(path, [name.replace("/", "//", 1) for name in GOOD]),
    "with Unix modes": _forged(attributes=0o100644 << 16),
    "with DOS attributes": _forged(attributes=0x20),
    "with data descriptors": _forged(flags=0x8),
    "with UTF-8 flags": _forged(flags=0x800),
}  # fmt: skip
"""What must pass, for honest programs write it."""
