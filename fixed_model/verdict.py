"""Whether two runs of one recipe on one pack are the same: bit for bit, up to the luck of the seed, or not at all."""

from __future__ import annotations

import math
from typing import Any

IDENTICAL, WITHIN, DIFFERENT = "identical", "within seed spread", "different"
USUAL_SPREAD = 0.02  # of val accuracy over seeds, for a run of one: 0.011 over five on the 2021 data, with room
SIGMAS = 3.0
MOST_CLASSES = 10_000
CLOSE = 1e-9  # a mean may be added up in another order


def compare(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, str]:
    """The verdict on what a run states and on its repetition, and a sentence why. No statement widens what is allowed.

    Within seed spread: mean val accuracies of S seeds each differ by no more than 3 sigma * sqrt(2 / S), where sigma is
    the repetition's sample standard deviation, at least one val image; USUAL_SPREAD for a single seed.
    """
    pairs = list(zip(before["seeds"], after["seeds"], strict=True))
    if all(one["weights_digest"] == two["weights_digest"] for one, two in pairs):
        for one, two in pairs:
            for name in ("best_val_accuracy", "best_epoch"):
                if one[name] != two[name]:
                    stated = f"seed {one['seed']} states {name} {one[name]}, not {two[name]}"
                    return DIFFERENT, f"the weights are equal, but {stated}"
        return IDENTICAL, f"the weights of {len(pairs)} seed(s) are equal bit for bit"
    spread = after["val_accuracy_spread"]
    sigma = USUAL_SPREAD if spread is None else max(spread, 1 / after["val_images"])
    allowed = SIGMAS * sigma * math.sqrt(2 / len(pairs))
    difference = abs(before["best_val_accuracy"] - after["best_val_accuracy"])
    verdict = WITHIN if difference <= allowed else DIFFERENT
    why = f"other bits; mean val accuracies differ by {difference:.4f}, seeds alone explain up to {allowed:.4f}"
    return verdict, why


def flaw(outcome: Any) -> str:
    """Why compare() cannot take an outcome that was read from a file, or an empty string."""
    if not isinstance(outcome, dict) or outcome.get("outcome") != "done":
        return "its outcome.json tells of none that was done"
    seeds: Any = outcome.get("seeds")
    mean: Any = outcome.get("best_val_accuracy")
    checks = {
        **{name: isinstance(outcome.get(name), str) for name in ("recipe", "recipe_digest", "device_class")},
        "threads": is_count(outcome.get("threads")),
        "classes": is_count(outcome.get("classes")) and 0 < outcome["classes"] <= MOST_CLASSES,
        "weights_digest": isinstance(outcome.get("weights_digest"), str),
        "best_val_accuracy": is_share(mean),
        "seeds": isinstance(seeds, list) and bool(seeds) and all(is_seed(one) for one in seeds),
    }
    wrong = [name for name, right in checks.items() if not right]
    if wrong:
        return f"its {wrong[0]} is missing or makes no sense"
    own = sum(one["best_val_accuracy"] for one in seeds) / len(seeds)
    return "" if abs(own - mean) < CLOSE else "its best_val_accuracy is not the mean of its seeds'"


def is_count(value: Any) -> bool:
    """Whether it is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_share(value: Any) -> bool:
    """Whether it is a number from 0 to 1."""
    return isinstance(value, (int, float)) and 0 <= value <= 1


def is_seed(value: Any) -> bool:
    """Whether it tells a seed, its best epoch and the digest of its weights."""
    if not isinstance(value, dict) or not is_share(value.get("best_val_accuracy")):
        return False
    counts = is_count(value.get("seed")) and is_count(value.get("best_epoch"))
    return counts and isinstance(value.get("weights_digest"), str)
