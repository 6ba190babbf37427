"""One picture in every kind of file that TensorFlow reads, and in some that it reads otherwise than one would think."""

from __future__ import annotations

import struct
import zlib
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.fixed_model.pictures import encoded, noise, png_of_words

HEIGHT, WIDTH = 61, 83
PALETTE = [(10, 20, 30), (200, 0, 0), (0, 200, 0), (0, 0, 200)]


def drawn(channels: int) -> NDArray[np.uint8]:
    """Smooth waves with two hard-edged patches [61, 83, C]: what a JPEG file keeps well, and what it does not."""
    down, across = np.mgrid[:HEIGHT, :WIDTH]
    waves = [127 + 90 * np.sin(across / 7 + k) + 35 * np.cos(down / (5 + k)) for k in range(channels)]
    picture = np.stack(waves, -1).clip(0, 255)
    picture[10:20, 15:40] = (250, 20, 30, 200)[:channels]
    picture[30:50, 50:60] = (10, 200, 240, 50)[:channels]
    return picture.astype(np.uint8)


RGB, RGBA = Image.fromarray(drawn(3)), Image.fromarray(drawn(4))
GREY, ALPHA = Image.fromarray(drawn(1)[..., 0]), Image.fromarray(drawn(2)[..., 1])
FEW = RGB.quantize(64)


@cache
def equal() -> dict[str, bytes]:
    """Files that both decode to the very same pixels."""
    words = np.random.default_rng(0).integers(0, 65536, (9, 11, 4), dtype=np.uint16)
    kinds = {"grey": (0, 1), "RGB": (2, 3), "LA": (4, 2), "RGBA": (6, 4)}
    return {
        "PNG grey": encoded(GREY),
        "PNG RGB": encoded(RGB),
        "PNG RGBA": encoded(RGBA),
        "PNG LA": encoded(Image.merge("LA", [GREY, ALPHA])),
        "PNG palette": encoded(FEW),
        "PNG palette of 16": encoded(RGB.quantize(16), bits=4),
        "PNG palette, one place transparent": encoded(FEW, transparency=3),
        "PNG palette, each place with its alpha": encoded(FEW, transparency=bytes(range(0, 256, 4))),
        "PNG grey, one value transparent": encoded(GREY, transparency=100),
        "PNG RGB, one colour transparent": encoded(RGB, transparency=(250, 20, 30)),
        "PNG 1 bit": encoded(GREY.convert("1")),
        **{f"PNG 16 bit {kind}": png_of_words(words[..., :n], colour) for kind, (colour, n) in kinds.items()},
        "PNG with gamma": with_chunk(encoded(RGB), b"gAMA", struct.pack(">I", 30_000)),
        "BMP RGB": encoded(RGB, "BMP"),
        "BMP RGBA": encoded(RGBA, "BMP"),
        "BMP grey": encoded(GREY, "BMP"),
        "GIF": encoded(FEW, "GIF"),
        "GIF grey": encoded(GREY, "GIF"),
        "GIF interlaced": encoded(FEW, "GIF", interlace=1),
        "GIF of two frames": encoded(RGB, "GIF", save_all=True, append_images=[RGB.rotate(180)]),
    }


@cache
def jpegs() -> dict[str, bytes]:
    """JPEG files, which both decode with the same library and another transform."""
    turned = Image.Exif()
    turned[0x0112] = 6
    inks = encoded(Image.fromarray(drawn(4), "CMYK"), "JPEG")
    static = Image.fromarray(noise(HEIGHT, WIDTH))
    return {
        "4:2:0, quality 75": encoded(RGB, "JPEG"),
        "4:2:2, quality 75": encoded(RGB, "JPEG", subsampling=1),
        "4:4:4, quality 75": encoded(RGB, "JPEG", subsampling=0),
        "4:2:0, quality 95": encoded(RGB, "JPEG", quality=95),
        "4:2:0, quality 100": encoded(RGB, "JPEG", quality=100),
        "4:4:4, quality 100": encoded(RGB, "JPEG", quality=100, subsampling=0),
        "noise, quality 75": encoded(static, "JPEG"),
        "grey": encoded(GREY, "JPEG"),
        "progressive": encoded(RGB, "JPEG", progressive=True),
        "progressive grey": encoded(GREY, "JPEG", progressive=True),
        "RGB unconverted": encoded(RGB, "JPEG", keep_rgb=True),
        "to be turned by EXIF": encoded(RGB, "JPEG", exif=turned),
        "CMYK by Adobe": inks,
        "CMYK not by Adobe": without_adobe(inks),
    }


@cache
def refused_by_both() -> dict[str, bytes]:
    """Files that end too early."""
    jpeg, static = encoded(RGB, "JPEG"), encoded(Image.fromarray(noise(HEIGHT, WIDTH)))
    return {"JPEG cut": jpeg[:-200], "JPEG without its end": jpeg[:-2], "PNG cut": static[:-3000]}


@cache
def unread_by_tensorflow() -> dict[str, bytes]:
    """Files that TensorFlow refuses and that our own rule covers."""
    rle = b"\x08\x05\0\0" * 8 + b"\0\1"
    return {
        "TIFF": encoded(RGB, "TIFF"),
        "WebP with alpha": encoded(RGBA, "WEBP", lossless=True, exact=True),
        "BMP 1 bit": encoded(GREY.convert("1"), "BMP"),
        "BMP 4 bit": bmp(4, 8, 4, bytes(range(16))),
        "BMP 16 bit": bmp(16, 4, 4, bytes(range(32))),
        "BMP run-length encoded": bmp(8, 8, 8, rle, compression=1),
    }


def with_chunk(png: bytes, kind: bytes, data: bytes, damage: bytes | None = None) -> bytes:
    """A PNG file with one chunk more after its header; `damage` replaces the chunk's checksum."""
    end = struct.pack(">I", zlib.crc32(kind + data)) if damage is None else damage
    return png[:33] + struct.pack(">I", len(data)) + kind + data + end + png[33:]


def with_damaged_pixels(png: bytes) -> bytes:
    """A PNG file of which nothing but the checksum of its last chunk of pixels is wrong."""
    checksum = png.rindex(b"IEND") - 8
    return png[:checksum] + bytes([png[checksum] ^ 1]) + png[checksum + 1 :]


def without_adobe(jpeg: bytes) -> bytes:
    """A JPEG file without Adobe's marker: its inks are then ink, not light."""
    at = jpeg.index(b"\xff\xee")
    return jpeg[:at] + jpeg[at + 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0] :]


def bmp(bits: int, width: int, height: int, body: bytes, *, compression: int = 0) -> bytes:
    """A BMP file by hand, up to 8 bits with a palette that runs backwards."""
    palette = b"".join(bytes([255 - k, 255 - k, 255 - k, 0]) for k in range(1 << bits)) if bits <= 8 else b""
    start = 54 + len(palette)
    sizes = (len(body), 0, 0, len(palette) // 4, 0)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, *sizes)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body


def gif(screen: tuple[int, int], offset: tuple[int, int], indices: NDArray[np.uint8], hole: int | None = None) -> bytes:
    """A GIF file by hand: a frame [H, W] of PALETTE at an offset on a screen; `hole` is the transparent place."""
    colours = bytes(np.array(PALETTE, np.uint8).reshape(-1))
    extension = b"" if hole is None else b"\x21\xf9\x04" + struct.pack("<BHBB", 1, 0, hole, 0)
    height, width = indices.shape
    pairs = indices.reshape(-1, 2).tolist()  # a clear code before each pair keeps LZW's codes at three bits
    codes = np.array([code for pair in pairs for code in (4, *pair)] + [5], np.uint8)
    packed = np.packbits(np.unpackbits(codes[:, None], axis=1, bitorder="little")[:, :3].reshape(-1), bitorder="little")
    head = b"GIF89a" + struct.pack("<HHBBB", *screen, 0xF1, 0, 0) + colours + extension
    frame = b"," + struct.pack("<HHHHB", *offset, width, height, 0) + b"\x02" + bytes([len(packed)])
    return head + frame + packed.tobytes() + b"\0;"
