"""JPEG files of many small grey pictures out of few: an encoder is made for a strip of them, and that is cut.

Making an encoder costs more than a small picture does (where a virtual machine traps CPUID, several times as much). In
a strip each row of blocks stands alone, by a restart marker; so the rows of one picture, behind a header with its own
sides, are a file of their own. Pictures in a strip are as many blocks wide, and what fills their last blocks is what
an encoder would fill them with: their pixels are those that each would have got from an encoder of its own.
"""

from __future__ import annotations

import io
import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, cycle, islice

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]  # [H, W]

BLOCK = 8
"""Pixels a side of what JPEG encodes at a time."""

TALLEST = 65_000
"""Pixels of a strip; JPEG ends at 65,535."""

RESTARTS = tuple(bytes([0xFF, 0xD0 + number]) for number in range(8))
"""They come in turn. None is ever part of a pixel: a byte of 255 among those has a zero behind it."""

FRAME, SCAN, END = b"\xff\xc0", b"\xff\xda", b"\xff\xd9"
SIDES = struct.Struct(">HH")
SIDES_AT = 5
"""Of a frame's header: height and width behind marker, length and bits."""


def jpegs(pictures: Sequence[Grey], quality: int) -> list[bytes]:
    """A file of each picture, in their order; no picture's file depends on the others."""
    alike: defaultdict[int, list[int]] = defaultdict(list)
    for at, picture in enumerate(pictures):
        alike[blocks(picture.shape[1])].append(at)
    files: dict[int, bytes] = {}
    for chosen in alike.values():
        most = max(1, TALLEST // max(whole(pictures[at].shape[0]) for at in chosen))
        for first in range(0, len(chosen), most):
            part = chosen[first : first + most]
            files.update(zip(part, cut([pictures[at] for at in part], quality), strict=True))
    return [files[at] for at in range(len(pictures))]


def cut(pictures: Sequence[Grey], quality: int) -> list[bytes]:
    """The files of pictures that are as many blocks wide."""
    file = io.BytesIO()
    Image.fromarray(strip(pictures)).save(file, "JPEG", quality=quality, restart_marker_rows=1)
    jpeg = file.getvalue()
    scan = jpeg.index(SCAN)
    pixels = scan + 2 + int.from_bytes(jpeg[scan + 2 : scan + 4], "big")
    sides = jpeg.index(FRAME) + SIDES_AT
    before, behind = jpeg[:sides], jpeg[sides + SIDES.size : pixels]
    rows = rows_of(jpeg, pixels)
    files = []
    for picture in pictures:
        height, width = picture.shape
        drawn = chain.from_iterable(zip(islice(rows, blocks(height)), cycle(RESTARTS), strict=False))
        files.append(before + SIDES.pack(height, width) + behind + b"".join(drawn)[:-2] + END)
    return files


def rows_of(jpeg: bytes, start: int) -> Iterator[bytes]:
    """Each row of blocks, without the markers between them."""
    for marker in cycle(RESTARTS):
        end = jpeg.find(marker, start)
        if end < 0:
            yield jpeg[start : -len(END)]
            return
        yield jpeg[start:end]
        start = end + len(marker)


def strip(pictures: Sequence[Grey]) -> Grey:
    """The pictures below each other, their last columns and rows repeated up to whole blocks."""
    tall = np.empty((sum(whole(len(picture)) for picture in pictures), whole(pictures[0].shape[1])), np.uint8)
    top = 0
    for picture in pictures:
        height, width = picture.shape
        below = top + whole(height)
        tall[top : top + height, :width] = picture
        tall[top : top + height, width:] = picture[:, -1:]
        tall[top + height : below] = tall[top + height - 1]
        top = below
    return tall


def blocks(length: int) -> int:
    """How many cover so many pixels."""
    return -(-length // BLOCK)


def whole(length: int) -> int:
    """So many pixels, filled up to whole blocks."""
    return BLOCK * blocks(length)
