"""What a person is told of a score while the task runs: rounded, and with the ladder only what is a clear step up.

The ladder is the parameter-free one of A. Blum and M. Hardt, "The Ladder: A Reliable Leaderboard for Machine Learning
Competitions", ICML 2015 (arXiv:1502.04585), with what docs/oracle.md says of several seeds and of rounding.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import numpy as np
import numpy.typing as npt

from fixpoint.submissions.scoring import Score


@dataclass(frozen=True)
class Rung:
    """The best score that a person was told, and how its entry came by it.

    `shares` [N] says of each public image on how large a share of the seeds it was named right.
    """

    told: float
    shares: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """What is told of an entry; `is_own` where that is its own score, and not the best one before it."""

    accuracy: float
    is_own: bool


def told_of(judged: Score, *, decimals: int, best: Rung | None = None) -> Told:
    """What is told of a score; with `best`, the ladder's state, its own only if that is a significant step up."""
    own = rounded(judged.exact, decimals)
    if best is None or (own > best.told and _is_significant(judged, best)):
        return Told(own, is_own=True)
    return Told(best.told, is_own=False)


def rounded(exact: Fraction, decimals: int) -> float:
    """To so many decimals, halves to the even digit: of the exact quotient, since a float may lie beside a half."""
    return float(round(exact, decimals))


def shares_of(correct: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Of the public images [S, N], for a Rung."""
    shares: npt.NDArray[np.float64] = correct.mean(axis=0, dtype=np.float64)
    return shares


def _is_significant(judged: Score, best: Rung) -> bool:
    """Whether it is better than was told by more than one standard error of the paired difference of losses."""
    steps = shares_of(judged.public) - best.shares
    error = float(steps.std(ddof=1)) / sqrt(len(steps)) if len(steps) > 1 else 0.0
    return float(judged.exact) > best.told + error
