"""Whether two runs of one recipe on one pack are the same: bit for bit, up to the luck of the seed, or not at all."""

from __future__ import annotations

import math
from typing import Any

IDENTICAL, WITHIN, DIFFERENT = "identical", "within seed spread", "different"
USUAL_SPREAD = 0.02  # of val accuracy over seeds, where a run has too few to tell: docs/reproducibility.md, rounded up
SIGMAS = 3.0


def compare(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, str]:
    """The verdict on two outcomes, and a sentence why.

    Within seed spread: mean val accuracies of S seeds each differ by no more than 3 sigma * sqrt(2 / S), where sigma is
    the larger of both runs' sample standard deviations, or USUAL_SPREAD for a single seed.
    """
    digests = [[one["weights_digest"] for one in outcome["seeds"]] for outcome in (before, after)]
    if digests[0] == digests[1]:
        return IDENTICAL, f"the weights of {len(digests[0])} seed(s) are equal bit for bit"
    spreads = [outcome["val_accuracy_spread"] for outcome in (before, after)]
    known = [spread for spread in spreads if spread is not None]
    sigma = max(known) if known else USUAL_SPREAD
    allowed = SIGMAS * sigma * math.sqrt(2 / len(digests[0]))
    difference = abs(before["best_val_accuracy"] - after["best_val_accuracy"])
    verdict = WITHIN if difference <= allowed else DIFFERENT
    return (
        verdict,
        f"other bits; mean val accuracies differ by {difference:.4f}, seeds alone explain up to {allowed:.4f}",
    )
