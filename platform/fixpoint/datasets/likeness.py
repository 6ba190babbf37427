"""How alike two images are: the correlation of their 16 × 16 grey pixels (docs/precheck.md says why not a hash)."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load

from fixpoint.blobs.store import BlobMissingError, blob_read

NEAR = 0.95
"""From here on two images are told as nearly the same: measured in docs/precheck.md."""

_SIDE = 16
_MOST_BYTES = 256 * 2**20
_BLOCK = 256
"""Rows that are compared with all others at a time: bounds the memory, 10 MB for 10,000 images."""

Greys = npt.NDArray[np.uint8]
Directions = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


class LooksError(ValueError):
    """The stored file is not one 16 × 16 picture for each image, or it is lost; says why."""


def read_greys(sha256: str, images: int) -> Greys:
    """The pictures [N, 256] of a dataset of so many images. Raises LooksError."""
    try:
        greys = load(blob_read(sha256, at_most=_MOST_BYTES)).get("grey")
    except (SafetensorError, BlobMissingError, ValueError) as error:
        raise LooksError(f"The looks {sha256[:12]} cannot be read: {error}") from error
    if greys is None or greys.dtype != np.uint8 or greys.shape != (images, _SIDE, _SIDE):
        raise LooksError(f"The looks {sha256[:12]} are not of {images} images.")
    return greys.reshape(images, -1)


def directions(greys: Greys) -> Directions:
    """Unit vectors [N, 256] whose products are correlations; all zeros for an image of one grey, which is like none."""
    centred = greys.astype(np.float32)
    centred -= centred.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    units: Directions = np.divide(centred, lengths, out=np.zeros_like(centred), where=lengths > 0)
    return units


def blocks(ours: Directions, others: Directions) -> Iterator[tuple[int, Directions]]:
    """The first row and the correlations [n, M] of a few of our rows with all others, block after block."""
    for first in range(0, len(ours), _BLOCK):
        yield first, ours[first : first + _BLOCK] @ others.T
