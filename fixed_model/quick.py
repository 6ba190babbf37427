"""What images.py defines, sooner and bit for bit the same: the plainest PNG files, the digest of pixels.

Pillow unpacks a PNG line by line and adds byte to byte. Where no line leans on its neighbours in both directions the
whole picture is unpacked at once and added up in strides; any other file is left to it. images.py alone says what is
right, and only it is under a recipe's digest: tests hold what is here equal to it.
"""

from __future__ import annotations

import struct

import numpy as np
from blake3 import blake3
from numpy.typing import NDArray
from zlib_ng import zlib_ng

from fixed_model.images import Decoded, Pixels, decode

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = SIGNATURE + b"\0\0\0\rIHDR"
HEADER_BYTES = 33
CHUNK = struct.Struct(">L4s")
PLAIN = {(8, 0): ("L", 1), (8, 2): ("RGB", 3)}
"""Bits and colour type of what is read here: Pillow's mode, bytes a pixel."""

PIXELS = 2**20
LINES = 4096
"""Larger pictures are left to Pillow, which needs less memory for them, and taller ones: a line takes long here."""

SUB, UP = 1, 2
KINDS = bytes((0, SUB, UP))
"""Filters of a line beside 0, as it is: less the pixel to its left, less the line above. Others lean on both."""


def decode_soon(data: bytes, pixel_limit: int) -> Decoded:
    """As images.decode, its errors too."""
    return decode_plain(data, pixel_limit) or decode(data, pixel_limit)


def decode_plain(data: bytes, pixel_limit: int) -> Decoded | None:
    """As images.decode, or None where that must be asked: an unusual file, a damaged one, a large one."""
    if not data.startswith(HEADER) or len(data) < HEADER_BYTES:
        return None
    width, height, bits, colour, *methods = struct.unpack_from(">LLBBBBB", data, len(HEADER))
    is_small = height <= LINES and 0 < width * height <= min(pixel_limit, PIXELS)
    if (bits, colour) not in PLAIN or any(methods) or not is_small:
        return None
    mode, channels = PLAIN[bits, colour]
    packed = packed_lines(data)
    lines = b"" if packed is None else unpack(packed, height, width * channels)
    if not lines:
        return None
    pixels = unfiltered(lines, height, channels).reshape(height, width, channels)
    if channels > 1 and (pixels[..., :1] == pixels[..., 1:]).all():
        pixels = np.ascontiguousarray(pixels[..., :1])
    return Decoded(pixels, width, height, mode, "PNG", extra_frames=False)


def packed_lines(data: bytes) -> bytes | None:
    """What the IDAT chunks hold, if there are no others between header and end and every checksum is right."""
    at, parts, view, kind = len(SIGNATURE), [], memoryview(data), b""
    while at + 12 <= len(data):
        length, kind = CHUNK.unpack_from(data, at)
        end = at + 8 + length
        if end + 4 > len(data) or zlib_ng.crc32(view[at + 4 : end]) != int.from_bytes(data[end : end + 4], "big"):
            return None
        if kind == b"IDAT":
            parts.append(view[at + 8 : end])
        elif kind != (b"IHDR" if at == len(SIGNATURE) else b"IEND"):
            return None
        at = end + 4
        if kind == b"IEND":
            break
    return b"".join(parts) if kind == b"IEND" and at == len(data) else None


def unpack(packed: bytes, height: int, width: int) -> bytes:
    """Lines of a filter's byte and `width` bytes; b"" if they are not exactly so many or need another filter."""
    stream, size = zlib_ng.decompressobj(), height * (1 + width)
    try:
        lines = stream.decompress(packed, size + 1)
    except zlib_ng.error:  # type: ignore[misc]  # its stub names an instance
        return b""
    is_whole = len(lines) == size and stream.eof and not stream.unused_data
    return lines if is_whole and not lines[:: 1 + width].strip(KINDS) else b""


def unfiltered(lines: bytes, height: int, channels: int) -> Pixels:
    """The bytes of the lines, their filters undone; sums are modulo 256, as bytes are."""
    kinds = lines[:: len(lines) // height]
    rows = np.frombuffer(lines, np.uint8).reshape(height, -1)[:, 1:].copy()
    if kinds.count(SUB) == height:
        return summed(rows, channels)
    filters = np.frombuffer(kinds, np.uint8)
    across = filters == SUB
    rows[across] = summed(rows[across], channels)
    for down in np.flatnonzero(filters == UP).tolist():
        if down:
            rows[down] += rows[down - 1]
    return rows


def summed(rows: NDArray[np.uint8], stride: int) -> NDArray[np.uint8]:
    """Every byte and all those left of it at multiples of the stride, by doubling: a sum of 2, of 4, of 8…

    The bytes are added as one long line, which is much faster; a line's first ones, which got bytes of the line above
    that way, are put back.
    """
    spare = np.empty_like(rows)
    line, sums = rows.reshape(-1), spare.reshape(-1)
    while stride < rows.shape[1]:
        np.add(line[stride:], line[:-stride], sums[stride:])
        spare[:, :stride] = rows[:, :stride]
        rows, spare, line, sums, stride = spare, rows, sums, line, 2 * stride
    return rows


def digest_of(pixels: Pixels) -> str:
    """By what equal pictures are known: the BLAKE3 of the shape and pixels of which Decoded.digest is the sha256."""
    height, width, channels = pixels.shape
    return blake3(b"%dx%dx%d:" % (height, width, channels)).update(pixels.reshape(-1).data).hexdigest()
