"""Pictures that stand in a dataset more than once: pixel for pixel, or nearly."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from fixpoint.datasets.likeness import NEAR, Directions, Rows, blocks
from fixpoint.datasets.manifest import Image
from fixpoint.datasets.precheck.groups import Groups, linked, same

Pairs = tuple[Rows, Rows, npt.NDArray[np.float32]]
"""Rows, their partners, and how alike they are."""


def exact_copies(images: Sequence[Image]) -> dict[str, Groups]:
    """By kind: under two labels, in both splits, within one split and class."""
    groups = same(image.pixels_sha256 for image in images)
    within = same((image.pixels_sha256, image.split, image.label) for image in images)
    return {
        "contradiction": [group for group in groups if len({images[row].label for row in group}) > 1],
        "leakage": [group for group in groups if len({images[row].split for row in group}) > 1],
        "duplicates": within,
    }


def near_copies(images: Sequence[Image], vectors: Directions) -> dict[str, Groups]:
    """The same of pictures that are alike and not equal; of two kinds the graver."""
    pixels, labels, splits = (
        _numbers([getattr(image, name) for image in images]) for name in ("pixels_sha256", "label", "split")
    )
    links: dict[str, list[tuple[int, int]]] = {"near-contradiction": [], "near-leakage": [], "near-duplicates": []}
    for rows, others, how in _near(vectors, pixels):
        relabelled = labels[rows] != labels[others]
        moved = ~relabelled & (splits[rows] != splits[others])
        for kind, chosen in zip(links, (relabelled, moved, ~relabelled & ~moved), strict=True):
            links[kind] += _best(rows[chosen], others[chosen], how[chosen])
    return {kind: linked(pairs) for kind, pairs in links.items()}


def _near(vectors: Directions, pixels: Rows) -> Iterator[Pairs]:
    for first, correlations in blocks(vectors, vectors):
        rows, others = np.nonzero(correlations >= NEAR)
        how = correlations[rows, others]
        rows += first
        differ = pixels[rows] != pixels[others]
        yield rows[differ], others[differ], how[differ]


def _best(rows: Rows, others: Rows, how: npt.NDArray[np.float32]) -> list[tuple[int, int]]:
    """Of every row its best partner alone: the links of ten thousand versions of one picture stay ten thousand."""
    order = np.lexsort((others, -how, rows))
    kept, at = np.unique(rows[order], return_index=True)
    return list(zip(kept.tolist(), others[order][at].tolist(), strict=True))


def _numbers(words: list[str]) -> Rows:
    return np.unique(np.array(words), return_inverse=True)[1].astype(np.int64)
