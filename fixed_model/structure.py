"""How many parts an image file is made of, counted before a decoder walks them.

A tiny picture in a million parts takes minutes and gigabytes: decoders walk parts one by one in Python. Here each is
a step of a loop that ends at its limit.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

PNG, GIF, BMP, JPEG = b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a"), b"BM", b"\xff\xd8\xff"
TIFF = {b"II*\0": "<", b"MM\0*": ">", b"MM*\0": ">", b"II\0*": "<", b"II+\0": "<", b"MM\0+": ">"}
"""All that Pillow opens, the malformed ones too. Only a third byte of 43 makes a BigTIFF to it, so MM never is one."""

CHUNKS, BYTES_A_CHUNK = 1_000, 1_024
"""A PNG may have a thousand chunks and one more for each KiB: programs write pieces of 8 KiB and more."""
PROFILES = 1
SEGMENTS = 500
"""Of a JPEG before its pixels, and once more between them: metadata of 20 MiB needs 320, ten passes need forty."""
FILL_BYTES = 5_000
SCANS = 100
"""Of a progressive JPEG; programs write about ten."""
BLOCKS, BYTES_A_BLOCK = 1_000, 32
"""A GIF may have a thousand blocks and one more for each 32 bytes: programs fill blocks of 255."""
RUN_LENGTH = 2_000_000
"""Bytes, and pixels, of a BMP that is run-length encoded: it is unpacked byte by byte."""
TAG_VALUES = 200_000
"""Of all the tags of a TIFF together: strips of one line, tiles of 16 by 16."""
OPAQUE, WALKED = frozenset({1, 2, 7}), frozenset({258, 273, 279, 320, 324, 325, 338, 339})
"""Bytes and texts are taken whole, but not of these tags: places and lengths, bits, samples, the palette."""

SCAN, END, PADDING = 0xDA, 0xD9, 0xFF
BARE = frozenset({*range(0xC0), 0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)})
"""Markers of a JPEG without a length, as its two readers have it: Pillow up to the pixels, libjpeg behind them."""
AMONG_PIXELS = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""A marker among pixels: a byte of 255 that is a pixel's has a zero behind it, and restarts belong to the pixels."""


def why_too_intricate(data: bytes) -> str:
    """What there is too much of, or "" where a decoder may walk the file. Says nothing of whether it is sound."""
    for start, judge in JUDGES:
        if data.startswith(start):
            return judge(data)
    return ""


def png(data: bytes) -> str:
    """Chunks, and colour profiles, each of which is unpacked."""
    at, chunks, profiles, most = len(PNG), 0, 0, CHUNKS + len(data) // BYTES_A_CHUNK
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">L4s", data, at)
        at += 12 + length
        chunks += 1
        profiles += kind == b"iCCP"
        if chunks > most:
            return f"it is made of more than {most:,} chunks"
        if profiles > PROFILES:
            return "it holds more than one colour profile"
    return ""


def jpeg(data: bytes) -> str:
    """Segments and what fills the room between them, up to the pixels; and passes over the pixels."""
    at, segments, fill = 2, 0, 0
    while at + 4 <= len(data) and segments <= SEGMENTS and fill <= FILL_BYTES:
        marker = data[at + 1]
        if data[at] != 0xFF or marker == PADDING or marker in BARE:
            at, fill = at + 1, fill + 1
        elif marker == SCAN:
            break
        else:
            at, segments = at + 2 + struct.unpack_from(">H", data, at + 2)[0], segments + 1
    if segments > SEGMENTS:
        return f"it has more than {SEGMENTS:,} segments before its pixels"
    if fill > FILL_BYTES:
        return f"more than {FILL_BYTES:,} bytes between its segments belong to none"
    return jpeg_passes(data, at)


def jpeg_passes(data: bytes, at: int) -> str:
    """From the first pass to the picture's end: behind it phones put films, in which any bytes may stand."""
    scans, segments = 0, 0
    while (found := AMONG_PIXELS.search(data, at)) and (marker := found[0][1]) != END:
        at, segments, scans = found.end(), segments + 1, scans + (marker == SCAN)
        if marker not in BARE:
            at += int.from_bytes(data[at : at + 2], "big")
        if scans > SCANS:
            return f"it draws its pixels in more than {SCANS:,} passes"
        if segments > SEGMENTS:
            return f"it has more than {SEGMENTS:,} segments between its pixels"
    return ""


def gif(data: bytes) -> str:
    """Blocks up to the second picture: the decoder looks that far to see if there is one."""
    at, blocks, pictures, most = after_palette(data, 10, 13), 0, 0, BLOCKS + len(data) // BYTES_A_BLOCK
    while at < len(data) and data[at] != ord(";") and pictures < 2:
        kind = data[at]
        blocks += 1
        if kind == ord(","):
            pictures += 1
            at = after_palette(data, at + 9, at + 10) + 1
        elif kind == ord("!"):
            at += 2
        else:
            at += 1
        if kind in b",!":
            at, blocks = after_blocks(data, at, blocks, most)
        if blocks > most:
            return f"it is made of more than {most:,} blocks"
    return ""


def after_palette(data: bytes, flags: int, at: int) -> int:
    """The place behind a palette, if the flags say that there is one."""
    if flags < len(data) and data[flags] & 0x80:
        return at + (3 << ((data[flags] & 7) + 1))
    return at


def after_blocks(data: bytes, at: int, blocks: int, most: int) -> tuple[int, int]:
    """The place behind a chain of blocks, and their count so far."""
    while at < len(data) and data[at] and blocks <= most:
        at += 1 + data[at]
        blocks += 1
    return at + 1, blocks


def bmp(data: bytes) -> str:
    """Only where it is run-length encoded."""
    if len(data) < 34 or struct.unpack_from("<L", data, 30)[0] not in (1, 2):
        return ""
    width, height = struct.unpack_from("<ll", data, 18)
    if max(len(data), abs(width * height)) > RUN_LENGTH:
        return f"a run-length encoded BMP may have at most {RUN_LENGTH:,} bytes and pixels"
    return ""


def tiff(data: bytes) -> str:
    """Values of the first picture's tags: places of strips and tiles are made into a list."""
    order, is_big = TIFF[data[:4]], data[2] == ord("+")
    place, head, tag = (8, "Q", "HHQ8s") if is_big else (4, "H", "HHL4s")
    try:
        (at,) = struct.unpack_from(order + ("Q" if is_big else "L"), data, place)
        (count,) = struct.unpack_from(order + head, data, at)
    except (struct.error, OverflowError):
        return ""  # nothing is where it says: the decoder will find that, too
    first = at + struct.calcsize(order + head)
    there = data[first : first + min(count, 0xFFFF) * struct.calcsize(order + tag)]
    whole = there[: len(there) - len(there) % struct.calcsize(order + tag)]  # a decoder takes what is there
    tags = struct.iter_unpack(order + tag, whole)
    values = sum(many for number, kind, many, _ in tags if kind not in OPAQUE or number in WALKED)
    if count > 0xFFFF or values > TAG_VALUES:
        return f"its tags hold more than {TAG_VALUES:,} values"
    return ""


JUDGES: tuple[tuple[bytes | tuple[bytes, ...], Callable[[bytes], str]], ...] = (
    (PNG, png), (JPEG, jpeg), (GIF, gif), (BMP, bmp), (tuple(TIFF), tiff),
)  # fmt: skip
