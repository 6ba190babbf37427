"""Images brought to the recipe's size together, each bit for bit as by images.resize, which says what is right.

What it takes of an image is picked at once and is small; the arithmetic waits until there are several, since a step of
it costs more for its beginning than for its numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fixed_model.images import Pixels, taps

Shares = NDArray[np.float32]

TOGETHER = 16
"""Images in one step: as many as a core's cache holds."""


class Picked(NamedTuple):
    """The pixels [2 * size, 2 * size, C] that a resized image is made of, those before and behind each position, and
    the shares of the latter.
    """

    pixels: Pixels
    down: Shares
    across: Shares


def pick(pixels: Pixels, size: int) -> Picked:
    """Of one image; nothing of it is needed any more."""
    rows, down = known_taps(pixels.shape[0], size)
    columns, across = known_taps(pixels.shape[1], size)
    return Picked(pixels.take(rows, axis=0).take(columns, axis=1), down, across)


def resize_all(picked: Sequence[Picked]) -> list[NDArray[np.float32]]:
    """Each as [C, size, size], in their order."""
    images: dict[int, NDArray[np.float32]] = {}
    for channels in {one.pixels.shape[2] for one in picked}:
        alike = [at for at, one in enumerate(picked) if one.pixels.shape[2] == channels]
        for first in range(0, len(alike), TOGETHER):
            chosen = alike[first : first + TOGETHER]
            images.update(zip(chosen, resize_some([picked[at] for at in chosen]), strict=True))
    return [images[at] for at in range(len(picked))]


def resize_some(picked: Sequence[Picked]) -> NDArray[np.float32]:
    """Images [N, C, size, size] of one number of channels."""
    pixels = np.array([one.pixels for one in picked]).astype(np.float32)
    across = np.array([one.across for one in picked])[:, None, :, None]
    down = np.array([one.down for one in picked])[:, :, None, None]
    size = down.shape[1]
    start, end = pixels[:, :, :size], pixels[:, :, size:]
    between = start + (end - start) * across
    above, below = between[:, :size], between[:, size:]
    return np.ascontiguousarray((above + (below - above) * down).transpose(0, 3, 1, 2))


@lru_cache(maxsize=4096)
def known_taps(length: int, size: int) -> tuple[NDArray[np.int64], Shares]:
    """Those of images.taps, all positions in one array, kept: archives have few different sides."""
    before, behind, shares = taps(length, size)
    return np.concatenate((before, behind)), shares
