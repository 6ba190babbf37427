"""Exact paired tests of two entries on the same hidden images: McNemar's, and over several seeds by flipping signs.

Both ask of the images on which two entries differ: if it were a coin's toss whom each favours, how often would the
sum of the differences be as large as this one, to either side? With one seed that is McNemar's test (1947) in its exact
form, a binomial with one half. With several an image's difference is the number of seeds that were right, and the exact
distribution over all flips of signs is a convolution of scaled binomials, one for each size of difference.
"""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

ALPHA = 0.05
"""Two-sided."""
SHEVTSOVA = 0.56
"""I. G. Shevtsova 2010: the normal distribution is nowhere further off than this times sum E|X|^3 / (sum E X^2)^1.5."""

_ONE_IN = 20  # ALPHA, in whole numbers
_STEPS = 4096

Counts = npt.NDArray[np.int64]
Verdicts = npt.NDArray[np.int8]
_Z = NormalDist()


def mcnemar(one_only: int, other_only: int) -> float:
    """The p-value from the numbers of images that only one of them got right."""
    return sign_flip(np.array([one_only + other_only]), one_only - other_only)


def sign_flip(sizes: Counts, total: int) -> float:
    """The p-value of a sum of differences of which `sizes[k - 1]` have the size k."""
    reach = int(sizes @ np.arange(1, len(sizes) + 1))
    if abs(total) > reach:
        raise ValueError(f"differences that sum up to {reach} at most cannot give {total}")
    chances = np.ones(1)
    for size, many in enumerate(sizes.tolist(), start=1):
        if many:
            spaced = np.zeros(2 * size * many + 1)
            spaced[:: 2 * size] = _halves(many)
            chances = np.convolve(chances, spaced)
    # Only every second sum can be, so `total` stands at an even distance from both ends.
    tail = float(chances[: reach - abs(total) + 1].sum())
    return min(1.0, 2 * tail)


@lru_cache(maxsize=512)
def _halves(many: int) -> npt.NDArray[np.float64]:
    """The binomial distribution with one half, from whole numbers: no chance is off by more than its last bit."""
    ways, found = 1, np.empty(many + 1)
    for right in range(many + 1):
        found[right] = ways / (1 << many)
        ways = ways * (many - right) // (right + 1)
    return found


@lru_cache(maxsize=8)
def critical(most: int) -> Counts:
    """For n = 0 … most images that only one of two got right the largest smaller count that still tells them apart.

    -1: none does. In whole numbers: 2 T / 2^n <= 1/20, where T sums the binomial coefficients up to that count.
    """
    found = np.full(most + 1, -1, dtype=np.int64)
    count, choose, tail = -1, 0, 0  # C(n, count), and the sum of C(n, i) up to it
    for n in range(1, most + 1):
        tail = 2 * tail - choose
        choose = choose * n // (n - count)
        following = choose * (n - count) // (count + 1) if count >= 0 else 1
        if 2 * _ONE_IN * (tail + following) <= 1 << n:  # with one image more it rises by one at most
            count, choose, tail = count + 1, following, tail + following
        found[n] = count
    found.flags.writeable = False
    return found


def verdicts(sizes: Counts, totals: Counts) -> Verdicts:
    """For pairs at once what bounds that hold for every n say: 1 distinct, -1 alike, 0 not clear.

    `sizes` [P, S], `totals` [P] as in `sign_flip`. Distinct by Hoeffding (1963): p <= 2 exp(-D² / 2V). Alike where the
    normal distribution, taken off by as much as Berry, Esseen and Shevtsova allow, still gives more than ALPHA.
    """
    steps = np.arange(1, sizes.shape[1] + 1)
    square, cube, distance = sizes @ steps**2, sizes @ steps**3, np.abs(totals)
    some = np.maximum(square, 1)
    distinct = 2 * np.exp(-(distance**2) / (2 * some)) <= ALPHA
    reach = _NORMAL_REACH[np.minimum((SHEVTSOVA * cube / some**1.5 * _STEPS).astype(np.int64) + 1, _STEPS)]
    alike = (distance == 0) | (distance <= reach * np.sqrt(some))
    return np.where(alike, -1, np.where(distinct, 1, 0)).astype(np.int8)


def _reach(error: float) -> float:
    """How many standard deviations a sum may be off and yet have p > ALPHA, if the normal is off by this at most."""
    tail = ALPHA / 2 + error
    return _Z.inv_cdf(1 - tail) if tail < 0.5 else -1.0


_NORMAL_REACH = np.array([_reach(step / _STEPS) for step in range(_STEPS + 1)])
