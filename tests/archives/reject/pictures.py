"""The table's part about what stands inside a picture, or in its place."""

import functools
import struct
import zlib

from PIL import Image

from tests.archives import pictures
from tests.archives.makers import Maker, with_file
from tests.archives.pictures import (
    MOST,
    bmp,
    chunk,
    encoded,
    gif_of_many,
    jpeg_of_many,
    jpeg_of_passes,
    jpeg_sized,
    picture,
    pixels,
    png,
    png_of_many,
    tiff,
    tiff_of_strips,
    tiff_of_tiles,
    tiff_unfinished,
)  # fmt: skip

MEBIBYTE = 2**20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HUGE = 2**31 - 1


def _text(kind: bytes, size: int) -> bytes:
    return chunk(kind, b"key\0" + (b"\1\0\0\0" if kind == b"iTXt" else b"\0") + zlib.compress(bytes(size)))


def _profile(size: int) -> bytes:
    return chunk(b"iCCP", b"name\0\0" + zlib.compress(bytes(size)))


def _cut(file_format: str, share: float) -> Maker:
    def make() -> bytes:
        whole = encoded(pictures.drawn(5, width=64, height=64), file_format)
        return whole[: int(len(whole) * share)]

    return with_file(make)


PICTURES: dict[str, tuple[str, Maker]] = {
    "no bytes": ("damaged-entry", with_file(b"")),
    "one byte": ("not-an-image", with_file(b"\x89")),
    "text": ("not-an-image", with_file(b"just text")),
    "zeros as a picture": ("not-an-image", with_file(bytes(1000))),
    "an SVG named .png": ("not-an-image", with_file(SVG)),
    "an SVG with a bomb of entities": ("not-an-image", with_file(b'<!DOCTYPE l [<!ENTITY a "aaaa">]>' + SVG)),
    "a page named .png": ("not-an-image", with_file(b"<html><script>alert(1)</script>")),
    "a shell script named .png": ("not-an-image", with_file(b"#!/bin/sh\nrm -rf /\n")),
    "a Python script named .jpg": ("not-an-image", with_file(b"import os\nos.abort()\n", "train/i/a.jpg")),
    "a program named .png": ("not-an-image", with_file(b"\x7fELF\2\1\1" + bytes(200))),
    "a Windows program named .bmp": ("not-an-image", with_file(b"MZ" + bytes(200), "train/i/a.bmp")),
    "a PDF named .png": ("not-an-image", with_file(b"%PDF-1.7\n%%EOF")),
    "PostScript named .png": ("not-an-image", with_file(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")),
    "a pickle named .png": ("not-an-image", with_file(b"\x80\x04cos\nsystem\n")),
    "a format that is not read: PPM": ("not-an-image", with_file(lambda: picture(3, "PPM"))),
    "a format that is not read: ICO": ("not-an-image", with_file(lambda: picture(3, "ICO"))),
    "a format that is not read: TGA": ("not-an-image", with_file(lambda: picture(3, "TGA"))),
    "a format that is not read: JPEG 2000": ("not-an-image", with_file(lambda: picture(3, "JPEG2000"))),
    "a PNG cut in its header": ("unreadable-image", with_file(picture(1)[:20])),
    "a PNG cut in half": ("unreadable-image", _cut("PNG", 0.5)),
    "a PNG cut before its last bytes": ("unreadable-image", with_file(picture(1)[:-8])),
    "a PNG without an end": ("unreadable-image", with_file(png(pixels(), end=False))),
    "a PNG without pixels": ("unreadable-image", with_file(png())),
    "a PNG whose pixels do not unpack": ("unreadable-image", with_file(png(chunk(b"IDAT", b"\x78\x9cnoise" * 9)))),
    "a PNG of no width": ("not-an-image", with_file(png(pixels(), width=0))),
    "a PNG of three bits": ("not-an-image", with_file(png(pixels(), bits=3))),
    "a PNG of 2³¹ by 2³¹": ("image-too-many-pixels", with_file(png(pixels(), width=HUGE, height=HUGE))),
    "a PNG of a line of 2³¹": ("image-too-many-pixels", with_file(png(pixels(), width=HUGE, height=1))),
    "a PNG of 100 megapixels of zeros": ("image-too-many-pixels", with_file(
        lambda: encoded(Image.new("1", (10_000, 10_000)), "PNG"))),
    "a PNG of empty text chunks": ("unreadable-image", with_file(lambda: png_of_many(chunk(b"tEXt")))),
    "a PNG of chunks of its own": ("unreadable-image", with_file(lambda: png_of_many(chunk(b"prIv")))),
    "a PNG of chunks behind the pixels": ("unreadable-image", with_file(lambda: png_of_many(chunk(b"prIv"), False))),
    "a PNG of empty pixel chunks": ("unreadable-image", with_file(lambda: png_of_many(chunk(b"IDAT")))),
    "a PNG with a text bomb": ("unreadable-image", with_file(lambda: png(_text(b"zTXt", 512 * MEBIBYTE), pixels()))),
    "a PNG with an international text bomb": ("unreadable-image", with_file(
        lambda: png(_text(b"iTXt", 512 * MEBIBYTE), pixels()))),
    "a PNG with a hundred texts of a MiB": ("unreadable-image", with_file(
        lambda: png(*[_text(b"zTXt", MEBIBYTE - 99)] * 100, pixels()))),
    "a PNG of colour profiles": ("unreadable-image", with_file(lambda: png_of_many(_profile(MEBIBYTE)))),
    "an APNG of 2³¹ frames without any": ("not-an-image", with_file(
        png(chunk(b"acTL", struct.pack(">LL", 2**31, 0)), chunk(b"fdAT", bytes(9))))),
    "a JPEG cut in its header": ("unreadable-image", with_file(picture(1, "JPEG")[:100])),
    "a JPEG cut in half": ("unreadable-image", _cut("JPEG", 0.5)),
    "a JPEG that is only a start": ("not-an-image", with_file(b"\xff\xd8\xff")),
    "a JPEG of 65,500 by 65,500": ("image-too-many-pixels", with_file(jpeg_sized(65_500, 65_500))),
    "a JPEG of empty segments": ("unreadable-image", with_file(lambda: jpeg_of_many(b"\xff\xef\0\2"))),
    "a JPEG of empty comments": ("unreadable-image", with_file(lambda: jpeg_of_many(b"\xff\xfe\0\2"))),
    "a JPEG of EXIF that grows": ("unreadable-image", with_file(lambda: jpeg_of_many(b"\xff\xe1\0\x0aExif\0\0ab"))),
    "a JPEG of filling": ("unreadable-image", with_file(lambda: jpeg_of_many(b"\xff"))),
    "a JPEG of noise between segments": ("not-an-image", with_file(lambda: jpeg_of_many(b"\1"))),
    "a JPEG of colour profiles": ("unreadable-image", with_file(
        lambda: jpeg_of_many(b"\xff\xe2\0\x10ICC_PROFILE\0\1\1"))),
    "a JPEG of segments in false ones": ("unreadable-image", with_file(
        lambda: jpeg_of_many(b"\xff\xf0\xff\xff" + b"\xff\xef\0\2" * 16_383))),
    "a JPEG of a thousand passes": ("unreadable-image", with_file(lambda: jpeg_of_passes(1_000))),
    "a JPEG of passes behind a comment of an end": ("unreadable-image", with_file(
        lambda: jpeg_of_passes(1_000, before=b"\xff\xfe\0\4\xff\xd9"))),
    "a JPEG of passes in false segments": ("unreadable-image", with_file(
        lambda: jpeg_of_passes(1_000, cut=b"\xff\2\xff\xff"))),
    "a JPEG of marks among its pixels": ("unreadable-image", with_file(
        lambda: picture(1, "JPEG")[:-2] + b"\xff\1" * (MOST // 2) + b"\xff\xd9")),
    "a GIF cut in half": ("unreadable-image", _cut("GIF", 0.5)),
    "a GIF of 65,535 by 65,535": ("image-too-many-pixels", with_file(
        picture(1, "GIF")[:6] + b"\xff" * 4 + picture(1, "GIF")[10:])),
    "a GIF of comments": ("unreadable-image", with_file(lambda: gif_of_many(b"!\xfe\1a\0"))),
    "a GIF of empty extensions": ("unreadable-image", with_file(lambda: gif_of_many(b"!\1\0"))),
    "a GIF of extensions behind the picture": ("unreadable-image", with_file(lambda: gif_of_many(b"!\1\0", False))),
    "a GIF of noise behind the picture": ("unreadable-image", with_file(lambda: gif_of_many(b"\1", False))),
    "a BMP cut in half": ("unreadable-image", _cut("BMP", 0.5)),
    "a BMP of 2³¹ by 2³¹": ("image-too-many-pixels", with_file(bmp(bytes(9), HUGE, HUGE))),
    "a BMP of runs of one": ("unreadable-image", with_file(lambda: bmp(b"\1\2" * (MOST // 2), 7000, 7000, 1))),
    "a BMP of jumps to nowhere": ("unreadable-image", with_file(lambda: bmp(b"\0\2\0\0" * (MOST // 4), 7000, 7000, 1))),
    "a BMP of ends of lines": ("unreadable-image", with_file(lambda: bmp(b"\1\1\0\0" * 7000, 7000, 7000, 1))),
    "a TIFF cut in half": ("unreadable-image", _cut("TIFF", 0.5)),
    "a TIFF of 2³¹ by 2³¹": ("image-too-many-pixels", with_file(tiff((256, 4, 1, HUGE), (257, 4, 1, HUGE)))),
    "a TIFF of two million strips": ("unreadable-image", with_file(lambda: tiff_of_strips(2_000_000))),
    "a TIFF of strips in bytes": ("unreadable-image", with_file(lambda: tiff_of_strips(MOST // 2, 1))),
    "a TIFF of tiles in bytes": ("unreadable-image", with_file(lambda: tiff_of_tiles(MOST // 2, 1))),
    "a TIFF of tiles, and fewer tags than it says": ("unreadable-image", with_file(
        lambda: tiff_unfinished(tiff_of_tiles(300_000)))),
    **{f"a TIFF of tiles that begins with {start!r}": ("unreadable-image", with_file(
        functools.partial(tiff_of_tiles, 300_000, 3, start))) for start in (b"MM*\0", b"II\0*", b"MM\0+", b"II+\0")},
    "a TIFF of a long palette": ("unreadable-image", with_file(
        lambda: tiff((262, 3, 1, 3), (320, 1, MOST, 390), body=bytes(MOST)))),
    "a BigTIFF whose tags are at 2⁶⁴": ("unreadable-image", with_file(b"II+\0\x08\0\0\0" + b"\xff" * 8 + bytes(99))),
    "a TIFF of a tile of 2³¹": ("unreadable-image", with_file(
        tiff((259, 3, 1, 8), (322, 4, 1, HUGE), (323, 4, 1, HUGE), (324, 4, 1, 8), (325, 4, 1, 256)))),
    "a TIFF whose pixels are a JPEG of 65,500": ("unreadable-image", with_file(lambda: tiff(
        (259, 3, 1, 7), (273, 4, 1, 386), (279, 4, 1, 900), body=jpeg_sized(65_500, 65_500)))),
    "a TIFF whose pixels do not unpack": ("unreadable-image", with_file(tiff((259, 3, 1, 8)))),
    "a TIFF of a compression to come": ("not-an-image", with_file(tiff((259, 3, 1, 40_000)))),
    "a WebP cut in half": ("unreadable-image", _cut("WEBP", 0.5)),
    "a WebP of 268 megapixels": ("image-too-many-pixels", with_file(
        lambda: encoded(Image.new("L", (16_383, 16_383)), "WEBP", lossless=True, quality=0, method=0))),
    "a picture of 21 MiB": ("image-too-many-bytes", with_file(
        lambda: png(chunk(b"prIv", zlib.compress(bytes(9)) + bytes(21 * MEBIBYTE)), pixels()), method=0)),
}  # fmt: skip
