"""What changed from one dataset to another: added, removed, relabelled, moved, edited, saved anew."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from fixpoint.datasets.likeness import NEAR, Directions, Greys, directions
from fixpoint.datasets.manifest import Image

Pair = tuple[int | None, int | None]
"""Rows before and after; None where there is none."""

CHANGES = ("added", "removed", "relabelled", "moved", "edited", "reencoded")

_TRIED = 20
"""Files of one name that are looked at for an edited picture: a name that thousands share tells nothing."""


@dataclass(frozen=True)
class Comparison:
    """By change, the pairs of rows; an image may be relabelled, moved and edited at once. `same` many are as before."""

    pairs: dict[str, list[Pair]]
    same: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed at all."""
        return not any(self.pairs.values())


def comparison(
    before: Sequence[Image], after: Sequence[Image], before_greys: Greys | None, after_greys: Greys | None
) -> Comparison:
    """Image by image: by bytes, by pixels, then by the file's name where it is nearly the same picture.

    Without the small grey pictures of both no image is told as edited.
    """
    match = _Match(before, after)
    same = len(match.pair(lambda image: (image.sha256, image.split, image.label)))
    kept = match.pair(lambda image: (image.pixels, image.split, image.label))
    kept += match.pair(lambda image: image.sha256)
    kept += match.pair(lambda image: image.pixels)
    edited: list[tuple[int, int]] = []
    if before_greys is not None and after_greys is not None:
        choose = partial(_near, directions(before_greys), directions(after_greys))
        edited = match.pair(_place, choose) + match.pair(_name, choose)
    pairs = kept + edited
    return Comparison(
        same=same,
        pairs={
            "added": [(None, new) for new in sorted(match.after)],
            "removed": [(old, None) for old in sorted(match.before)],
            "relabelled": [(old, new) for old, new in pairs if before[old].label != after[new].label],
            "moved": [(old, new) for old, new in pairs if before[old].split != after[new].split],
            "edited": list(edited),
            "reencoded": [(old, new) for old, new in kept if before[old].sha256 != after[new].sha256],
        },
    )


def _place(image: Image) -> Hashable:
    return image.split, image.label, image.name


def _name(image: Image) -> Hashable:
    return image.name


def _near(before: Directions, after: Directions, olds: list[int], new: int) -> int | None:
    fitting = np.flatnonzero(before[olds] @ after[new] >= NEAR)
    return olds[fitting[0]] if len(fitting) else None


def _first(olds: list[int], _new: int) -> int | None:
    return olds[0]


class _Match:
    """The rows on both sides that have no partner yet."""

    def __init__(self, before: Sequence[Image], after: Sequence[Image]) -> None:
        self._images = before, after
        self.before, self.after = set(range(len(before))), set(range(len(after)))

    def pair(
        self, key: Callable[[Image], Hashable], choose: Callable[[list[int], int], int | None] = _first
    ) -> list[tuple[int, int]]:
        """Partners of an equal key, in the order of their rows; they are taken out."""
        before, after = self._images
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for row in sorted(self.before):
            waiting[key(before[row])].append(row)
        pairs = []
        for new in sorted(self.after):
            rows = waiting.get(key(after[new]))
            if rows and (old := choose(rows[:_TRIED], new)) is not None:
                rows.remove(old)
                pairs.append((old, new))
        self.before -= {old for old, _ in pairs}
        self.after -= {new for _, new in pairs}
        return pairs
