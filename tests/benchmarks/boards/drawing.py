"""Drawn entries: people of different skill, images of different difficulty, each entry right where both allow it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

_AT_A_TIME = 2000


@dataclass(frozen=True)
class Drawn:
    """One entry: the number of its owner, its bits packed, its accuracy, and its energy in kWh."""

    owner: int
    correct: bytes
    accuracy: float
    standardised: float
    measured: float


def drawn_entries(owners: int, entries: int, images: int, seed: int = 1) -> Iterator[Drawn]:
    """The entries of all people in turn."""
    random = np.random.default_rng(seed)
    skill = random.normal(0.8, 0.5, owners)
    difficulty = random.normal(0, 1.5, images).astype(np.float32)
    for begin in range(0, entries, _AT_A_TIME):
        owner = np.arange(begin, min(entries, begin + _AT_A_TIME)) % owners
        luck = skill[owner] + random.normal(0, 0.25, len(owner))
        chance = 1 / (1 + np.exp(difficulty - luck[:, None].astype(np.float32)))
        right = random.random(chance.shape, dtype=np.float32) < chance
        energy = random.lognormal(-7, 0.6, len(owner))
        rows = zip(
            owner.tolist(), np.packbits(right, axis=1), right.mean(axis=1).tolist(), energy.tolist(), strict=True
        )
        for number, bits, accuracy, kwh in rows:
            yield Drawn(number, bits.tobytes(), accuracy, kwh, kwh * 1.1)
