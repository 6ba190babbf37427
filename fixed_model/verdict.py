"""Whether two runs of one recipe on one pack are the same: bit for bit, up to the luck of the seed, or not at all."""

from __future__ import annotations

import math
from typing import Any

IDENTICAL, WITHIN, DIFFERENT = "identical", "within seed spread", "different"
USUAL_SPREAD = 0.02  # of val accuracy over seeds, where a run has too few to tell: docs/reproducibility.md, rounded up
SIGMAS = 3.0
MOST_CLASSES = 10_000


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


def flaw(outcome: Any) -> str:
    """Why compare() cannot take an outcome that was read from a file, or an empty string."""
    if not isinstance(outcome, dict) or outcome.get("outcome") != "done":
        return "its outcome.json tells of none that was done"
    seeds, spread = outcome.get("seeds"), outcome.get("val_accuracy_spread", "missing")
    checks = {
        **{name: isinstance(outcome.get(name), str) for name in ("recipe", "recipe_digest", "device_class")},
        "threads": is_count(outcome.get("threads")),
        "classes": is_count(outcome.get("classes")) and 0 < outcome["classes"] <= MOST_CLASSES,
        "best_val_accuracy": is_share(outcome.get("best_val_accuracy")),
        "val_accuracy_spread": spread is None or is_share(spread),
        "seeds": isinstance(seeds, list) and all(is_seed(one) for one in seeds),
    }
    wrong = [name for name, right in checks.items() if not right]
    return f"its {wrong[0]} is missing or makes no sense" if wrong else ""


def is_count(value: Any) -> bool:
    """Whether it is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_share(value: Any) -> bool:
    """Whether it is a number from 0 to 1."""
    return isinstance(value, (int, float)) and 0 <= value <= 1


def is_seed(value: Any) -> bool:
    """Whether it tells a seed and the digest of its weights."""
    return isinstance(value, dict) and is_count(value.get("seed")) and isinstance(value.get("weights_digest"), str)
