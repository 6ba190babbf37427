"""Bytes changed at random, at places and to values where decoders err."""

import struct
import zlib
from random import Random

VALUES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
WIDE = (*VALUES, 2**63 - 1, 2**63, 2**64 - 1)
MARKS = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"IHDR", b"IDAT", b"acTL", b"fcTL",
         b"\xff\xc0", b"\xff\xc2", b"\xff\xc4", b"\xff\xda", b"\xff\xe1", b"!\xf9", b"!\xff", b",", b"BM", b"II*\0",
         b"MM\0*", b"RIFF", b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"Exif", b"iCCP", b"MPF\0")  # fmt: skip
"""Where structures begin: changes are made behind one of these as often as anywhere."""
MOST_BYTES = 200_000


def mutated(data: bytes, other: bytes, rng: Random) -> bytes:
    """One to five changes; `other` lends pieces."""
    changing = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5))):
        rng.choice(CHANGES)(changing, other, rng)
    return bytes(changing[:MOST_BYTES])


def mended_png(data: bytes) -> bytes:
    """The checksums of a PNG's chunks made right again, as far as there are any: what lies behind is reached."""
    whole, at = bytearray(data), 8
    while at + 12 <= len(whole):
        (length,) = struct.unpack_from(">L", whole, at)
        if at + 12 + length > len(whole):
            break
        struct.pack_into(">L", whole, at + 8 + length, zlib.crc32(whole[at + 4 : at + 8 + length]))
        at += 12 + length
    return bytes(whole)


def mended_zip(data: bytes) -> bytes:
    """The end record of a zip made to fit what stands before it: what the directory says is reached."""
    end, start = data.rfind(b"PK\x05\x06"), data.find(b"PK\x01\x02")
    if start < 0 or end < start or end + 22 > len(data):
        return data
    whole, count = bytearray(data[: end + 22]), min(data.count(b"PK\x01\x02", start, end), 0xFFFF)
    struct.pack_into("<4H2LH", whole, end + 4, 0, 0, count, count, end - start, start, 0)
    return bytes(whole)


def _place(data: bytearray, rng: Random) -> int:
    mark = rng.choice(MARKS)
    found = data.find(mark, rng.randrange(len(data) + 1)) if rng.random() < 0.6 else -1
    return found + rng.randrange(50) if found >= 0 else rng.randrange(len(data) + 1)


def _flip(data: bytearray, other: bytes, rng: Random) -> None:
    at = _place(data, rng)
    if at < len(data):
        data[at] ^= 1 << rng.randrange(8)


def _byte(data: bytearray, other: bytes, rng: Random) -> None:
    at = _place(data, rng)
    if at < len(data):
        data[at] = rng.randrange(256)


def _number(data: bytearray, other: bytes, rng: Random) -> None:
    layout = rng.choice(("<H", ">H", "<L", ">L", "<Q", ">Q"))
    at, size = _place(data, rng), struct.calcsize(layout)
    if at + size <= len(data):
        value = rng.choice(WIDE) if rng.random() < 0.7 else rng.randrange(2**16)
        struct.pack_into(layout, data, at, value % 2 ** (8 * size))


def _cut(data: bytearray, other: bytes, rng: Random) -> None:
    at = _place(data, rng)
    del data[at : at + rng.choice((1, 2, 4, 16, 100, 10_000))]


def _repeat(data: bytearray, other: bytes, rng: Random) -> None:
    at = _place(data, rng)
    data[at:at] = data[at : at + rng.choice((1, 4, 12, 46, 300))] * rng.choice((1, 1, 2, 50))


def _insert(data: bytearray, other: bytes, rng: Random) -> None:
    at = _place(data, rng)
    data[at:at] = rng.randbytes(rng.choice((1, 2, 8, 64)))


def _borrow(data: bytearray, other: bytes, rng: Random) -> None:
    at, there = _place(data, rng), rng.randrange(len(other) + 1)
    data[at : at + rng.choice((0, 8, 64))] = other[there : there + rng.choice((8, 64, 512))]


CHANGES = (_flip, _byte, _byte, _number, _number, _number, _cut, _repeat, _insert, _borrow)
