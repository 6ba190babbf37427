"""What an image looks like in small: a thumbnail that we encoded, and 16 × 16 grey pixels by which it is compared."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fixed_model.images import Pixels
from fixed_model.strips import jpegs
from fixed_model.tensors import BYTES, Tensor

THUMBNAIL = 96
"""Pixels of a thumbnail's longer side at most: a larger image is reduced by a whole number, a smaller one left so."""

GREY = 16
"""Pixels a side of what is compared; every image is squashed to this square, as it is for the model."""

QUALITY = 80


class Look(NamedTuple):
    """`small` is the picture of the thumbnail, grey [H, W] or RGB [H, W, 3] as the image; `grey` are 16 × 16 bytes."""

    small: NDArray[np.uint8]
    grey: bytes


def look_of(pixels: Pixels) -> Look:
    """Both from decoded pixels; no byte of the file is in them."""
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    factor = -(-max(picture.size) // THUMBNAIL)
    small = picture.reduce(factor) if factor > 1 else picture
    grey = (small if small.mode == "L" else small.convert("L")).resize((GREY, GREY), Image.Resampling.BOX)
    return Look(np.asarray(small), grey.tobytes())


def thumbnails_of(smalls: Sequence[NDArray[np.uint8]]) -> list[bytes]:
    """A JPEG of each. Those of grey pictures are made together; what a file is depends on its picture alone."""
    made = iter(jpegs([small for small in smalls if small.ndim == 2], QUALITY))
    return [next(made) if small.ndim == 2 else coloured(small) for small in smalls]


def coloured(small: NDArray[np.uint8]) -> bytes:
    """A JPEG of a picture in colours."""
    file = io.BytesIO()
    Image.fromarray(small).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def greys(rows: Sequence[bytes]) -> dict[str, Tensor]:
    """The tensors of looks.safetensors, a row an image."""
    return {"grey": Tensor("U8", (len(rows), GREY, GREY), [b"".join(rows)])}


def thumbnails(files: Sequence[bytes]) -> dict[str, Tensor]:
    """The tensors of thumbnails.safetensors: all JPEG files in one, and where each of them ends."""
    ends = list(accumulate(map(len, files)))
    marks = b"".join(end.to_bytes(BYTES["I64"], "little") for end in ends)
    return {
        "ends": Tensor("I64", (len(ends),), [marks]),
        "jpeg": Tensor("U8", (sum(map(len, files)),), [b"".join(files)]),
    }
