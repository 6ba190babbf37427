"""What an image looks like in small: a thumbnail that we encoded, and 16 × 16 grey pixels by which it is compared."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fixed_model.images import Pixels

THUMBNAIL = 96
"""Pixels of a thumbnail's longer side at most: a larger image is reduced by a whole number, a smaller one left so."""

GREY = 16
"""Pixels a side of what is compared; every image is squashed to this square, as it is for the model."""

QUALITY = 80


@dataclass(frozen=True)
class Look:
    """`jpeg` is the thumbnail, grey or RGB as the image; `grey` is uint8 [16, 16]."""

    jpeg: bytes
    grey: NDArray[np.uint8]


def look_of(pixels: Pixels) -> Look:
    """Both from decoded pixels; no byte of the file is in them."""
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    factor = -(-max(picture.size) // THUMBNAIL)
    small = picture.reduce(factor) if factor > 1 else picture
    file = io.BytesIO()
    small.save(file, "JPEG", quality=QUALITY)
    grey = (small if small.mode == "L" else small.convert("L")).resize((GREY, GREY), Image.Resampling.BOX)
    return Look(file.getvalue(), np.frombuffer(grey.tobytes(), np.uint8).reshape(GREY, GREY))


def greys(looks: list[Look]) -> dict[str, NDArray[Any]]:
    """The tensors of looks.safetensors, a row an image."""
    return {"grey": np.array([look.grey for look in looks], np.uint8).reshape(-1, GREY, GREY)}


def thumbnails(looks: list[Look]) -> dict[str, NDArray[Any]]:
    """The tensors of thumbnails.safetensors: all JPEG files in one, and where each of them ends."""
    ends = np.cumsum([len(look.jpeg) for look in looks], dtype=np.int64)
    return {"ends": ends, "jpeg": np.frombuffer(b"".join(look.jpeg for look in looks), np.uint8)}
