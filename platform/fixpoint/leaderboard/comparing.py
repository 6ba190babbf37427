"""One entry against many on the same images, by bits where there is one seed and by counts where there are several."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from fixpoint.leaderboard.paired import ALPHA, Verdicts, critical, sign_flip, verdicts

Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]


class Comparing(Protocol):
    """Entries by their place in one array."""

    def first_distinct(self, one: int, begin: int, end: int) -> int | None:
        """The first of the entries begin … end - 1 that the test tells from entry `one`."""


def comparing(bits: Bytes, among: Flags) -> Comparing:
    """`bits` [E, S, ceil(N / 8)] of entries; `among` [N] says which images count."""
    return _OneSeed(bits[:, 0], among) if bits.shape[1] == 1 else _Seeds(bits, among)


class _OneSeed:
    def __init__(self, bits: Bytes, among: Flags) -> None:
        width = -(-bits.shape[1] // 8) * 8
        room = np.zeros((len(bits), width), dtype=np.uint8)
        room[:, : bits.shape[1]] = bits & np.packbits(among)
        self._words = room.view(np.uint64)
        self._critical = critical(int(among.sum()))

    def first_distinct(self, one: int, begin: int, end: int) -> int | None:
        this, others = self._words[one], self._words[begin:end]
        one_only = np.bitwise_count(this & ~others).sum(axis=1, dtype=np.int64)
        other_only = np.bitwise_count(others & ~this).sum(axis=1, dtype=np.int64)
        distinct = np.minimum(one_only, other_only) <= self._critical[one_only + other_only]
        return begin + int(distinct.argmax()) if distinct.any() else None


class _Seeds:
    def __init__(self, bits: Bytes, among: Flags) -> None:
        self._seeds = bits.shape[1]
        right = np.zeros((len(bits), int(among.sum())), dtype=np.int8)
        for seed in range(self._seeds):
            right += np.unpackbits(bits[:, seed], axis=1, count=len(among))[:, among].astype(np.int8)
        self._right = right

    def first_distinct(self, one: int, begin: int, end: int) -> int | None:
        differences = self._right[begin:end] - self._right[one]
        totals = differences.sum(axis=1, dtype=np.int64)
        apart = np.abs(differences)
        sizes = np.stack([(apart == size).sum(axis=1) for size in range(1, self._seeds + 1)], axis=1)
        said: Verdicts = verdicts(sizes, totals)
        for place in np.flatnonzero(said >= 0):
            if said[place] == 1 or sign_flip(sizes[place], int(totals[place])) <= ALPHA:
                return begin + int(place)
        return None
