"""Small honest pictures of every format, and the pieces from which hostile ones are put together."""

import functools
import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

SIDE = 16
PNG_START = b"\x89PNG\r\n\x1a\n"
MOST = 20_000_000
"""Bytes: what one image may take is a little more."""


def drawn(seed: int, mode: str = "L", width: int = SIDE, height: int = SIDE) -> Image.Image:
    """Noise in a mode; another picture for every seed."""
    shape = (height, width, len(Image.new(mode, (1, 1)).getbands()))
    noise = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return Image.fromarray(noise.squeeze(2) if shape[2] == 1 else noise, mode if mode in ("CMYK", "YCbCr") else None)


def encoded(image: Image.Image, file_format: str = "PNG", **options: Any) -> bytes:
    """The file's bytes."""
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


@functools.cache
def picture(seed: int, file_format: str = "PNG") -> bytes:
    """A small picture in a format, grey."""
    return encoded(drawn(seed), file_format)


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """A chunk of a PNG with its checksum."""
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def png(*middle: bytes, width: int = SIDE, height: int = SIDE, bits: int = 8, kind: int = 0, end: bool = True) -> bytes:
    """A PNG of these chunks between its header and its end."""
    header = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, bits, kind, 0, 0, 0))
    return PNG_START + header + b"".join(middle) + (chunk(b"IEND") if end else b"")


def pixels(rows: int = SIDE, row_bytes: int = SIDE) -> bytes:
    """The one chunk of pixels that a small PNG has."""
    return chunk(b"IDAT", zlib.compress((b"\0" + bytes(row_bytes)) * rows))


def png_of_many(one: bytes, before: bool = True) -> bytes:
    """A tiny PNG with as many of one chunk as fit."""
    many = one * (MOST // len(one))
    return png(many, pixels()) if before else png(pixels(), many)


def jpeg_of_many(one: bytes) -> bytes:
    """A tiny JPEG with as many of one segment as fit."""
    small = picture(1, "JPEG")
    return small[:2] + one * (MOST // len(one)) + small[2:]


def jpeg_sized(width: int, height: int) -> bytes:
    """A JPEG that says it has another size than it has."""
    at = picture(1, "JPEG").index(b"\xff\xc0") + 5
    small = picture(1, "JPEG")
    return small[:at] + struct.pack(">HH", height, width) + small[at + 4 :]


def jpeg_of_passes(count: int, before: bytes = b"", cut: bytes = b"") -> bytes:
    """A progressive JPEG of nine megapixels whose last pass comes again and again.

    Each with `before` before it; with `cut`, each ends with that after its first byte, where a restart is due.
    """
    whole = encoded(Image.new("L", (3000, 3000)), "JPEG", progressive=True, restart_marker_blocks=1000 if cut else 0)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + (before + (last[:11] + cut if cut else last)) * count + whole[-2:]


def jpeg_with_film(film: bytes) -> bytes:
    """A photograph as phones write it that keep the seconds around it: a film behind its end."""
    return encoded(drawn(1), "JPEG", progressive=True) + b"\0\0\0\x18ftypmp42" + bytes(12) + film


def gif_of_many(one: bytes, before: bool = True) -> bytes:
    """A tiny GIF with as many of one block as fit, before or after its picture."""
    small, many = picture(1, "GIF"), one * (MOST // len(one))
    at = small.index(b",", 13 + (3 << ((small[10] & 7) + 1)))
    return small[:at] + many + small[at:] if before else small[:-1] + many + b";"


def bmp(body: bytes, width: int = SIDE, height: int = SIDE, compression: int = 0) -> bytes:
    """A BMP with a palette of 256 greys over any body."""
    start = 54 + 1024
    head = struct.pack("<2sLHHL", b"BM", start + len(body), 0, 0, start)
    head += struct.pack("<LllHHLLllLL", 40, width, height, 1, 8, compression, len(body), 0, 0, 256, 0)
    return head + b"".join(bytes((n, n, n, 0)) for n in range(256)) + body


def tiff(*tags: tuple[int, int, int, int], following: int = 0, body: bytes = b"", start: bytes = b"II*\0") -> bytes:
    """A grey TIFF of 16 × 16 with more tags (number, kind, count, value) behind those that it needs; `body` follows."""
    known = {
        256: (4, 1, SIDE), 257: (4, 1, SIDE), 258: (3, 1, 8), 259: (3, 1, 1), 262: (3, 1, 1), 273: (4, 1, 8),
        277: (3, 1, 1), 278: (4, 1, SIDE), 279: (4, 1, SIDE * SIDE),
    }  # fmt: skip
    known |= {number: (kind, count, value) for number, kind, count, value in tags}
    order, is_big = "<" if start.startswith(b"I") else ">", start[2] == ord("+")
    head, many, line, place = ("4s4xQ", "Q", "HHQQ", "Q") if is_big else ("4sL", "H", "HHLL", "L")
    lines = b"".join(
        struct.pack(order + line, number, kind, count, value << 16 if (kind, count, order) == (3, 1, ">") else value)
        for number, (kind, count, value) in sorted(known.items())
    )
    return (
        struct.pack(order + head, start, struct.calcsize(order + head) + SIDE * SIDE) + bytes(SIDE * SIDE)
        + struct.pack(order + many, len(known)) + lines + struct.pack(order + place, following) + body
    )  # fmt: skip


def tiff_of_strips(count: int, kind: int = 4, start: bytes = b"II*\0") -> bytes:
    """A TIFF of 16 × 16 that names `count` strips, in numbers of a byte (kind 1), two (3) or four (4)."""
    return _tiff_of_places((273, 279), count, kind, start, (278, 4, 1, 1))


def tiff_of_tiles(count: int, kind: int = 4, start: bytes = b"II*\0") -> bytes:
    """The same in tiles of one pixel; its strips are tags without a value, which count for nothing."""
    return _tiff_of_places(
        (324, 325), count, kind, start, (273, 4, 0, 0), (279, 4, 0, 0), (322, 3, 1, 1), (323, 3, 1, 1)
    )


def _tiff_of_places(
    numbers: tuple[int, int], count: int, kind: int, start: bytes, *tags: tuple[int, int, int, int]
) -> bytes:
    body = struct.pack(("<" if start.startswith(b"I") else ">") + {1: "B", 3: "H", 4: "L"}[kind], 8) * count
    at = len(tiff(*tags, *((number, kind, count, 0) for number in numbers), start=start))
    return tiff(*tags, *((number, kind, count, at) for number in numbers), start=start, body=body)


def tiff_unfinished(whole: bytes) -> bytes:
    """The TIFF with its tags at its end, where there is no room for as many as it says."""
    (at,) = struct.unpack_from("<L", whole, 4)
    (count,) = struct.unpack_from("<H", whole, at)
    tags = whole[at + 2 : at + 2 + 12 * count]
    return whole[:4] + struct.pack("<L", len(whole)) + whole[8:] + struct.pack("<H", 0xFFFF) + tags
