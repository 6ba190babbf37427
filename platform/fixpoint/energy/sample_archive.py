"""Archives of a known size for calibration: grey scans of any side length, written without an image library."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

SPECKS_PER_PIXEL = 0.005
"""Dark pixels, so that a scan packs about as well as a real one."""
VAL_SHARE = 5
"""One val image for every so many train images."""


def write_splits(target: Path, *, train: int, side: int, classes: Sequence[str], seed: int) -> tuple[int, int]:
    """A dataset of `train` images and a fifth as many in val, dealt out over the classes; returns both numbers."""
    val = max(len(classes), train // VAL_SHARE)
    names = [f"{split}/{classes[index % len(classes)]}/{index}.png" for split, count in (("train", train), ("val", val))
             for index in range(count)]  # fmt: skip
    _write(target, names, side, seed)
    return train, val


def write_flat(target: Path, *, images: int, side: int, seed: int) -> int:
    """A hidden set under neutral numbers."""
    _write(target, [f"{index:06d}" for index in range(1, images + 1)], side, seed)
    return images


def scan(side: int, rng: random.Random) -> bytes:
    """A grey PNG of `side` by `side` pixels: white paper with specks."""
    pixels = bytearray(b"\xff") * (side * side)
    for _ in range(round(SPECKS_PER_PIXEL * len(pixels))):
        pixels[rng.randrange(len(pixels))] = rng.randrange(200)
    rows = b"".join(b"\0" + pixels[row : row + side] for row in range(0, len(pixels), side))
    header = struct.pack(">2L5B", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _write(target: Path, names: Sequence[str], side: int, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - pictures, not secrets
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            archive.writestr(name, scan(side, rng))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
