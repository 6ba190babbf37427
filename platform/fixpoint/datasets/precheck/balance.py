"""How evenly images are spread over the classes, in two figures (docs/precheck.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log


@dataclass(frozen=True)
class Balance:
    """`ratio`: the largest class by the smallest. `evenness`: the entropy by its largest value, 1 for equal classes."""

    split: str
    ratio: float
    evenness: float


def balance_of(split: str, counts: Sequence[int]) -> Balance | None:
    """Of a split's images by class; None where a class is empty or there is only one."""
    if len(counts) < 2 or not min(counts):
        return None
    total = sum(counts)
    entropy = -sum(count / total * log(count / total) for count in counts)
    return Balance(split, max(counts) / min(counts), entropy / log(len(counts)))
