"""Pictures that are odd by themselves: blank, small, long and narrow, or unlike all others."""

from collections.abc import Sequence

import numpy as np

from fixpoint.datasets.likeness import Directions, Greys, Rows, blocks
from fixpoint.datasets.manifest import Image
from fixpoint.datasets.precheck.groups import Groups

_BLANK = 2.0
"""Steps of 255: the standard deviation of the 16 × 16 grey pixels below which nothing is to be seen."""

_NARROW = 3.0
_NEIGHBOURS = 5
_FENCE = 1.5
"""Tukey's: so many distances between the quartiles above the third."""

_FEWEST = 50
"""Images below which nothing can be told to be unusual."""


def oddities(images: Sequence[Image], greys: Greys, vectors: Directions, *, input_size: int) -> dict[str, Groups]:
    """By kind, each picture a group of its own; `input_size` is a side of what the model sees."""
    blank = np.flatnonzero(greys.std(axis=1) < _BLANK)
    sides = np.array([(image.width, image.height) for image in images])
    shorter, longer = sides.min(axis=1), sides.max(axis=1)
    unlike = np.setdiff1d(_unlike(vectors), blank)
    found = {
        "blank": blank,
        "unlike": unlike,
        "tiny": np.flatnonzero(shorter < input_size),
        "aspect": np.flatnonzero(longer > _NARROW * shorter),
    }
    return {kind: [[row] for row in rows.tolist()] for kind, rows in found.items()}


def _unlike(vectors: Directions) -> Rows:
    if len(vectors) < _FEWEST:
        return np.empty(0, np.int64)
    distances = np.concatenate([_distances(first, correlations) for first, correlations in blocks(vectors, vectors)])
    lower, upper = np.percentile(distances, (25, 75))
    return np.flatnonzero(distances > upper + _FENCE * (upper - lower))


def _distances(first: int, correlations: Directions) -> Directions:
    """The mean distance (1 - correlation) of each row to its nearest others."""
    own = np.arange(len(correlations))
    correlations[own, first + own] = -1.0
    nearest = np.partition(correlations, -_NEIGHBOURS, axis=1)[:, -_NEIGHBOURS:]
    distances: Directions = 1 - nearest.mean(axis=1, dtype=np.float32)
    return distances
