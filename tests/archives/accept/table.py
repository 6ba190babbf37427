"""Every kind of odd archive that honest programs write, and what makes it."""

import functools
import struct
import zipfile
from pathlib import Path

from PIL import Image

from tests.archives import floods
from tests.archives.forge import forge_entry, make_zip
from tests.archives.makers import (
    GOOD,
    Maker,
    dataset,
    forged,
    inner_zip,
    renamed,
    with_file,
    with_files,
    with_names,
)  # fmt: skip
from tests.archives.pictures import (
    chunk,
    drawn,
    encoded,
    jpeg_of_passes,
    jpeg_with_film,
    picture,
    pixels,
    png,
    tiff,
)  # fmt: skip

SUFFIXES = ("png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff")
FORMATS = ("PNG", "JPEG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "TIFF")
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


def _streamed(path: Path) -> None:
    """Written to a pipe: sizes and checksums stand behind the data, not before it."""

    class Pipe:
        def __init__(self) -> None:
            self.data = b""

        def write(self, data: bytes) -> int:
            self.data += data
            return len(data)

        def flush(self) -> None:
            pass

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in dataset().items():
            archive.writestr(name, data)
    path.write_bytes(pipe.data)


def _zip64_sizes(path: Path) -> None:
    """Each entry with 64-bit sizes, as programs write that do not know them before."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in dataset().items():
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(data)


def _extra(path: Path) -> None:
    """Times and owners as Info-ZIP writes them, and a name in Unicode."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in dataset().items():
            info = zipfile.ZipInfo(name)
            info.extra = struct.pack("<HHBL", 0x5455, 5, 1, 10**9) + struct.pack("<HHBBLBL", 0x7875, 11, 1, 4, 0, 4, 0)
            archive.writestr(info, data)


def _commented(path: Path) -> None:
    """A comment on the archive and on an entry."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in dataset().items():
            info = zipfile.ZipInfo(name)
            info.comment = b"my favourite"
            archive.writestr(info, data)
        archive.comment = b"made with love PK"


def _unflagged(path: Path) -> None:
    """Names in UTF-8 without the flag that says so: macOS."""
    make_zip(path, dataset() | {"train/i/\u00e9.png": picture(77)})
    forge_entry(path, "train/i/\u00e9.png", flags=0)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"PK\x03\x04\x14\0\0\x08", b"PK\x03\x04\x14\0\0\0"))


def _turned(file_format: str) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(drawn(5, width=20), file_format, exif=exif)


def _mode(mode: str) -> bytes:
    if mode == "I;16":
        return encoded(Image.frombytes("I;16", (16, 16), bytes(range(256)) * 2))
    return encoded(drawn(6, "L").convert(mode))


def _animation(file_format: str) -> bytes:
    return encoded(drawn(7), file_format, save_all=True, append_images=[drawn(8), drawn(9)])


ACCEPT: dict[str, Maker] = {
    "bare": with_names(),
    "under a top folder": renamed(lambda name: f"top/{name}"),
    "under a top folder with a strange name": renamed(lambda name: f"my data (1) é/{name}"),
    "under a top folder called like a class": renamed(lambda name: f"i/{name}"),
    "under a top folder, clutter beside it": with_files(
        lambda: {"__MACOSX/._train": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1Bud1"}),
    "stored": lambda path: make_zip(path, dataset(), zipfile.ZIP_STORED),
    "deflated": lambda path: make_zip(path, dataset(), zipfile.ZIP_DEFLATED),
    "zip64 sizes": _zip64_sizes,
    "a zip64 end record": floods.zip64,
    "data descriptors": _streamed,
    "extra fields of Unix": _extra,
    "comments": _commented,
    "folders listed": with_names("train/", "train/i/", "val/", "val/ii/"),
    "empty folders": with_names("train/i/empty/", "val/ii/also/empty/"),
    "images in folders of a class": with_names("train/i/monday/a.png", "train/i/monday/deep/er/b.png"),
    "one name in two classes": with_names("train/i/same.png", "train/ii/same.png", "val/i/same.png"),
    "the same picture under two names": with_files(lambda: {"train/i/x.png": picture(5), "train/ii/y.png": picture(5)}),
    "every format": with_files(
        lambda: {f"train/i/a{n}.{suffix}": picture(n, FORMATS[n]) for n, suffix in enumerate(SUFFIXES)}),
    "upper-case suffixes": with_names("train/i/a.PNG", "train/i/b.JpEg"),
    "a suffix that is another format's": with_file(lambda: picture(3, "JPEG")),
    "names of all the world": with_names("train/i/数字.png", "train/i/число.png", "train/i/🙂.png", "train/i/ä ö.png"),
    "names in Unicode without its flag": _unflagged,
    "names that need quoting": with_names("train/i/a b'c\"d$e`f;g&h.png", "train/i/-rf.png", "train/i/%2e%2e%2f.png"),
    "names that are formulas": with_names('train/i/=1+1.png', 'train/i/=HYPERLINK("a").png', "train/i/@a.png"),
    "names of devices of Windows": with_names("train/i/CON.png", "train/i/aux.png"),
    "many dots": with_names("train/i/a...b..c.png", "train/i/....png"),
    "a hidden image": with_names("train/i/.a.png"),
    "a name of 200 letters": with_names("train/i/" + "a" * 200 + ".png"),
    "twenty folders": with_names("train/i/" + "a/" * 20 + "b.png"),
    "what macOS leaves": with_files(
        lambda: {".DS_Store": b"\0", "__MACOSX/train/i/._0.png": b"\0\5", "train/i/._0.png": b"\0"}),
    "what Windows leaves": with_files(
        lambda: {"Thumbs.db": b"x", "train/i/Thumbs.db": b"x", "train/desktop.ini": b"x"}),
    "dot folders in its names": renamed(lambda name: f"./{name}"),
    "double slashes": renamed(lambda name: name.replace("/", "//", 1)),
    "Unix modes": forged(attributes=0o100644 << 16),
    "an executable mode": forged(attributes=0o100777 << 16),
    "a mode of nothing": forged(attributes=0o100000 << 16),
    "a set-user mode": forged(attributes=0o104755 << 16),
    "DOS attributes": forged(attributes=0x27),
    "another system's number": forged(system=19 << 8 | 20),
    "UTF-8 flags": forged(flags=0x800),
    "a date that does not exist": forged(date=0, time=0xFFFF),
    "a compression level in the flags": forged(flags=0x6),
    **{f"a picture in mode {mode}": with_file(functools.partial(_mode, mode)) for mode in MODES},
    "a CMYK JPEG": with_file(lambda: encoded(drawn(4, "CMYK"), "JPEG"), "train/i/a.jpg"),
    "a progressive JPEG": with_file(lambda: encoded(drawn(4), "JPEG", progressive=True), "train/i/a.jpg"),
    "a 16-bit TIFF": with_file(lambda: encoded(Image.frombytes("I;16", (16, 16), bytes(512)), "TIFF"), "train/i/a.tif"),
    "a TIFF of floats": with_file(lambda: encoded(Image.new("F", (16, 16), 9.5), "TIFF"), "train/i/a.tif"),
    "an interlaced PNG of one bit": with_file(lambda: encoded(Image.new("1", (9, 9), 1)), "train/i/b.png"),
    "a JPEG turned by its EXIF": with_file(lambda: _turned("JPEG"), "train/i/a.jpg"),
    "a TIFF turned by its EXIF": with_file(lambda: _turned("TIFF"), "train/i/a.tif"),
    "an animated GIF": with_file(lambda: _animation("GIF"), "train/i/a.gif"),
    "an animated PNG": with_file(lambda: _animation("PNG")),
    "an animated WebP": with_file(lambda: _animation("WEBP"), "train/i/a.webp"),
    "a TIFF of several pages": with_file(lambda: _animation("TIFF"), "train/i/a.tif"),
    "a picture of one pixel": with_file(lambda: encoded(Image.new("L", (1, 1)))),
    "a picture of one line": with_file(lambda: encoded(Image.new("L", (5_000, 1)))),
    "a PNG of small chunks": with_file(lambda: png(*[chunk(b"tEXt", b"k\0v")] * 500, pixels())),
    "a PNG with a colour profile": with_file(lambda: png(chunk(b"iCCP", b"n\0\0\x78\x9c\x03\0\0\0\0\1"), pixels())),
    "a photograph with a film behind it": with_file(lambda: jpeg_with_film(b"\xff\xda" * 500), "train/i/a.jpg"),
    "a JPEG of many passes": with_file(lambda: jpeg_of_passes(20, before=b"\xff\xfe\0\4\xff\xd9"), "train/i/a.jpg"),
    "a BigTIFF": with_file(lambda: tiff(start=b"II+\0"), "train/i/a.tif"),
    "a picture with a zip behind it": with_file(lambda: picture(3) + inner_zip()),
    "a picture with a script behind it": with_file(lambda: picture(3, "GIF") + b"<script>alert(1)</script>"),
    "an order that is not sorted": lambda path: make_zip(path, dataset(tuple(reversed(GOOD)))),
}  # fmt: skip
