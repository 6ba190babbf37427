"""What a person is told of a score while the task runs: rounded, and with the ladder only what is a clear step up.

The ladder is the parameter-free one of A. Blum and M. Hardt, "The Ladder: A Reliable Leaderboard for Machine Learning
Competitions", ICML 2015 (arXiv:1502.04585), over the mean of several seeds; what it tells is rounded after it.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from fixpoint.submissions.scoring import Score


@dataclass(frozen=True)
class Rung:
    """Where a person stands on the ladder: the score that was told last as an entry's own, and how it came about.

    `right` [N] counts for each public image the seeds, of so many, that named it right.
    """

    told: float
    right: npt.NDArray[np.int64]
    seeds: int


@dataclass(frozen=True)
class Told:
    """What is told of an entry; `is_own` where that is its own score, and not the best one before it."""

    accuracy: float
    is_own: bool


def told_of(judged: Score, *, decimals: int, best: Rung | None = None) -> Told:
    """What is told of a score; with `best`, the ladder's state, its own only if that is a significant step up."""
    if best is None or _is_step_up(judged.public, best):
        return Told(rounded(judged.exact, decimals), is_own=True)
    return Told(best.told, is_own=False)


def rounded(exact: Fraction, decimals: int) -> float:
    """To so many decimals, halves to the even digit: of the exact quotient, since a float may lie beside a half."""
    return float(round(exact, decimals))


def right_of(correct: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Of the public images [S, N], for a Rung."""
    right: npt.NDArray[np.int64] = correct.sum(axis=0, dtype=np.int64)
    return right


def _is_step_up(correct: npt.NDArray[np.bool_], best: Rung) -> bool:
    """Whether the mean of the paired differences is above 0 by more than its standard error, s / √n.

    In whole numbers, so that a tie is one: with s² = (Σd² − (Σd)²/n) / (n − 1), Σd/n > s/√n comes to (Σd)² > Σd².
    """
    steps = right_of(correct) * best.seeds - best.right * len(correct)
    total = int(steps.sum())
    return total > 0 and total**2 > int((steps**2).sum())
