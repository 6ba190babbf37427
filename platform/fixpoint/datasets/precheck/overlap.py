"""Pictures that stand in another collection too: the label book, or the hidden test set."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fixpoint.datasets.likeness import NEAR, Directions, blocks
from fixpoint.datasets.manifest import Image
from fixpoint.datasets.precheck.groups import Groups


@dataclass(frozen=True)
class Overlap:
    """By row of the dataset the row of the other collection: equal in bytes or pixels, and nearly so."""

    exact: dict[int, int]
    near: dict[int, int]


def overlap(
    images: Sequence[Image], vectors: Directions, others: Sequence[Image], other_vectors: Directions
) -> Overlap:
    """Every picture of a dataset that the others hold as well, each with its best partner there."""
    known = {key: row for row, other in enumerate(others) for key in (other.sha256, other.pixels)}
    exact = {
        row: known[key] for row, image in enumerate(images) for key in (image.pixels, image.sha256) if key in known
    }
    near: dict[int, int] = {}
    for first, correlations in blocks(vectors, other_vectors) if len(others) else ():
        best = correlations.argmax(axis=1)
        for at in np.flatnonzero(correlations.max(axis=1) >= NEAR).tolist():
            if first + at not in exact:
                near[first + at] = int(best[at])
    return Overlap(exact, near)


def against_book(
    images: Sequence[Image], vectors: Directions, book: Sequence[Image], book_vectors: Directions
) -> dict[str, Groups]:
    """By kind what the label book holds too."""
    found = overlap(images, vectors, book, book_vectors)
    return {
        "in-book": [[row] for row, other in found.exact.items() if images[row].label == book[other].label],
        "against-book": [[row] for row, other in found.exact.items() if images[row].label != book[other].label],
        "near-book": [[row] for row in found.near],
    }
