"""Pictures that stand in a dataset more than once: pixel for pixel, or nearly."""

from collections.abc import Iterator, Sequence

import numpy as np

from fixpoint.datasets.likeness import NEAR, Directions, Rows, blocks
from fixpoint.datasets.manifest import Image
from fixpoint.datasets.precheck.groups import Groups, linked, same

_NONE = np.float32(-2)
"""Below every correlation."""


def exact_copies(images: Sequence[Image]) -> dict[str, Groups]:
    """By kind: under two labels, in both splits, within one split and class."""
    groups = same(image.pixels for image in images)
    within = same((image.pixels, image.split, image.label) for image in images)
    return {
        "contradiction": [group for group in groups if len({images[row].label for row in group}) > 1],
        "leakage": [group for group in groups if len({images[row].split for row in group}) > 1],
        "duplicates": within,
    }


def near_copies(images: Sequence[Image], vectors: Directions) -> dict[str, Groups]:
    """The same of pictures that are alike and not equal; of two kinds the graver."""
    pixels, labels, splits = (
        _numbers([getattr(image, name) for image in images]) for name in ("pixels", "label", "split")
    )
    links: dict[str, list[tuple[int, int]]] = {"near-contradiction": [], "near-leakage": [], "near-duplicates": []}
    for rows, correlations in _near(vectors, pixels):
        relabelled = labels[rows, None] != labels
        moved = ~relabelled & (splits[rows, None] != splits)
        for kind, chosen in zip(links, (relabelled, moved, ~relabelled & ~moved), strict=True):
            links[kind] += _best(rows, np.where(chosen, correlations, _NONE))
    return {kind: linked(pairs) for kind, pairs in links.items()}


def _near(vectors: Directions, pixels: Rows) -> Iterator[tuple[Rows, Directions]]:
    """Rows that have a partner, and their correlations with all; _NONE for what is not near, or is equal."""
    for first, correlations in blocks(vectors, vectors):
        own = pixels[first : first + len(correlations), None]
        correlations[(correlations < NEAR) | (own == pixels)] = _NONE
        chosen = np.flatnonzero(correlations.max(axis=1) > _NONE)
        yield first + chosen, correlations[chosen]


def _best(rows: Rows, correlations: Directions) -> list[tuple[int, int]]:
    """Of every row its best partner alone: the links of ten thousand versions of one picture stay ten thousand."""
    partners = correlations.argmax(axis=1)
    has_one = correlations[np.arange(len(rows)), partners] > _NONE
    return list(zip(rows[has_one].tolist(), partners[has_one].tolist(), strict=True))


def _numbers(words: list[str]) -> Rows:
    return np.unique(np.array(words), return_inverse=True)[1].astype(np.int64)
