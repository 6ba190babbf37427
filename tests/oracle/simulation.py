"""Many attacks on as many hidden sets, drawn from a seed: what each gains over the truth."""

from dataclasses import dataclass

import numpy as np

from tests.oracle.asking import Oracle, Telling
from tests.oracle.attacks import Attack

IMAGES, ENTRIES = 1210, 65
"""Public images, half of the real hidden set of 2021, and entries, the last one the fruit of the others."""
TRUTH = 0.5
"""Accuracy on any other image of whoever guesses between two labels, however the guesses were chosen."""


@dataclass(frozen=True)
class Gain:
    """What attacks gained on average, in accuracy: as told at last, as it is on the public images, on private ones."""

    told: float
    public: float
    private: float


def gain(attack: Attack, telling: Telling, *, trials: int, seed: int) -> Gain:
    """The same hidden sets and guesses for every telling."""
    found = np.array([_attacked(attack, telling, np.random.default_rng([seed, trial])) for trial in range(trials)])
    return Gain(*(float(each) - TRUTH for each in found.mean(axis=0)))


def _attacked(attack: Attack, telling: Telling, draw: np.random.Generator) -> tuple[float, float, float]:
    public, private = draw.random((2, IMAGES)) < 0.5
    oracle = Oracle(public, telling)
    chosen = attack(oracle, ENTRIES, draw)
    assert oracle.asked == ENTRIES
    told = oracle.tell(chosen)  # the same entry again: what its owner is told at last
    return told, float((chosen == public).mean()), float((chosen == private).mean())
